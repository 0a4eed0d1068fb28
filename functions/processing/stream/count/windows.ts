import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { dynamodb, plainDynamodb } from "../../aws/dynamodb";
import { requireTime } from "../../batch";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { Failure } from "../../failure";
import { metricNames } from "../../observe/metrics";
import { backoff } from "../../retry";
import { DigestSet } from "./digestSet";
import { type Entry, fromItem, type NumberedEntry, sortKeyOf, toItem } from "./entry";
import { dayPartitionOf } from "./keys";
import { usuallyWhole } from "./knownIds";
import { CountedWindow } from "./window";

const table = () => env("EVENT_AGGREGATIONS_TABLE");

/** The entries of a log from a number on, in their order. */
export async function* entriesFrom(partition: string, from: number, run: Run): AsyncGenerator<NumberedEntry[]> {
  let start: Record<string, unknown> | undefined;
  do {
    requireTime(run);
    const page = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          TableName: table(),
          KeyConditionExpression: "partition_key = :partition AND sort_key >= :from",
          ExpressionAttributeValues: { ":partition": partition, ":from": sortKeyOf(from) },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    yield (page.Items ?? []).map(fromItem);
    start = page.LastEvaluatedKey;
  } while (start);
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Whether two entries say the same: where it was not the first try, it was our own write whose answer was lost. */
const isSame = (a: Entry, b: Entry): boolean =>
  sameBytes(a.ids, b.ids) &&
  a.folded.size === b.folded.size &&
  [...a.folded].every(([hour, count]) => b.folded.get(hour) === count);

/** The entry that has the number already, where that is why ours was refused. */
const winner = (error: unknown): NumberedEntry | undefined => {
  if (!(error instanceof Failure && error.conditionFailed)) return undefined;
  const { Item } = error.cause as { Item?: Record<string, AttributeValue> };
  return Item && fromItem(unmarshall(Item));
};

interface Taken {
  by: NumberedEntry;
  /** How often it was tried: only what was tried before can be there without our knowing. */
  tries: number;
  error: unknown;
}

/** Of many writers at the same moment, one wins each time. */
const mostAttempts = 40;
/** From then on it is waited a little, so that not all try at once again. */
const patientAttempts = 4;
const pause = { attempts: mostAttempts, baseMs: 10, capMs: 200 };

export interface Appended {
  number: number;
}

/**
 * The windows that a process knows, the most recently used of them within a budget of memory. That a window is known here
 * only saves reading it: what is counted is decided by the condition under which an entry is written.
 */
export class Windows {
  private readonly known = new Map<string, CountedWindow>();
  /** The users of a day are mostly the same in each of its windows, and for each measure. */
  private readonly usersOfDays = new Map<string, { digests: DigestSet; windows: number }>();

  constructor(
    private readonly mostBytes: number,
    private readonly mostWholeIds = usuallyWhole,
    private readonly mostUsers = Number.POSITIVE_INFINITY,
  ) {}

  /** Adds to a log what `decide` makes of what is there, anew whenever another writer came first. */
  async append(
    partition: string,
    decide: (window: CountedWindow) => Entry | undefined | Promise<Entry | undefined>,
    expiresAt: number | undefined,
    run: Run,
  ): Promise<Appended | undefined> {
    const window = await this.window(partition, run);
    for (let attempt = 1; ; attempt++) {
      const entry = await decide(window);
      if (!entry) return undefined;
      const numbered = window.number(entry);
      const taken = await this.write(partition, numbered, expiresAt, run);
      window.take(taken?.by ?? numbered);
      if (!taken || (taken.tries > 1 && isSame(taken.by, numbered))) return { number: numbered.number };
      run.meter.add(metricNames.streamConflicts);
      window.contended = true;
      if (attempt === mostAttempts) throw taken.error;
      await this.yield(window, attempt, run);
    }
  }

  /** The next number is tried at once, with what its holder had written; whoever loses again and again lets others go first. */
  private async yield(window: CountedWindow, attempt: number, run: Run): Promise<void> {
    if (attempt <= patientAttempts) return;
    await run.sleep(backoff(attempt - patientAttempts, pause, run.random));
    await this.catchUp(window, run);
  }

  /** Everything that is in a window at this moment. */
  async current(partition: string, run: Run): Promise<CountedWindow> {
    const window = this.knownAs(partition);
    await this.catchUp(window, run);
    this.tidy(window);
    return window;
  }

  private async window(partition: string, run: Run): Promise<CountedWindow> {
    const known = this.known.get(partition);
    if (!known) return this.current(partition, run);
    this.knownAs(partition);
    if (known.contended) {
      const before = known.next;
      await this.catchUp(known, run);
      known.contended = known.next > before;
    }
    return known;
  }

  private knownAs(partition: string): CountedWindow {
    const window = this.known.get(partition) ?? this.made(partition);
    this.known.delete(partition);
    this.known.set(partition, window);
    return window;
  }

  private made(partition: string): CountedWindow {
    const day = dayPartitionOf(partition);
    const users = this.usersOfDays.get(day) ?? { digests: new DigestSet(), windows: 0 };
    users.windows++;
    this.usersOfDays.set(day, users);
    return new CountedWindow(partition, this.mostWholeIds, this.mostUsers, users.digests);
  }

  /** Takes in what others wrote since. */
  private async catchUp(window: CountedWindow, run: Run): Promise<void> {
    for await (const entries of entriesFrom(window.partition, window.next, run))
      for (const entry of entries) window.take(entry);
  }

  /** Answers with who has the number already. */
  private async write(
    partition: string,
    entry: NumberedEntry,
    expiresAt: number | undefined,
    run: Run,
  ): Promise<Taken | undefined> {
    let tries = 0;
    const put = () => {
      tries++;
      return plainDynamodb().send(
        new PutItemCommand({
          TableName: table(),
          Item: toItem(partition, entry, expiresAt),
          ConditionExpression: "attribute_not_exists(partition_key)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
    };
    try {
      await run.call("PutItem", "dynamodb", put);
      return undefined;
    } catch (error) {
      const by = winner(error);
      if (!by) throw error;
      return { by, tries, error };
    }
  }

  /** Forgets the windows that were used longest ago. */
  private tidy(used: CountedWindow): void {
    let sum = 0;
    for (const { bytes } of this.known.values()) sum += bytes;
    for (const { digests } of this.usersOfDays.values()) sum += digests.bytes;
    for (const window of this.known.values()) {
      if (sum <= this.mostBytes) return;
      if (window !== used) sum -= this.forget(window);
    }
  }

  /** How many bytes that sets free. */
  private forget({ partition, bytes }: CountedWindow): number {
    this.known.delete(partition);
    const day = dayPartitionOf(partition);
    const users = this.usersOfDays.get(day);
    if (!users || --users.windows > 0) return bytes;
    this.usersOfDays.delete(day);
    return bytes + users.digests.bytes;
  }
}

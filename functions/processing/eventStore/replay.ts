import { classify } from "../aws/classify";
import { Failure } from "../failure";
import { limits } from "../limits";
import { batches } from "../outbox/publish";
import type { PendingRow } from "../outbox/record";
import { type RetryPolicy, retry } from "../retry";
import type { Runtime } from "../runtime";
import type { Destination } from "./destination";
import { envelopeBytes } from "./envelope";
import { eachEvent } from "./page";
import { type EventStore, withDetail } from "./read";
import { leftOut, marked } from "./replayable";
import type { Selection } from "./selection";
import type { StoredEvent } from "./storedEvent";

export interface Plan {
  /** Events that would be sent. */
  events: number;
  byType: Record<string, number>;
  /** Events of the selection that would not, by the reason why. */
  leftOut: Record<string, number>;
  first?: string;
  last?: string;
  /** There are more than was asked for; the rest was not counted. */
  more: boolean;
}

const why = (event: StoredEvent, destination: Destination): string | undefined =>
  leftOut(event) ?? (destination.wants(event) ? undefined : `not for ${destination.name}`);

const count = (counts: Record<string, number>, what: string): void => {
  counts[what] = (counts[what] ?? 0) + 1;
};

/** What a replay of this selection would send: nothing is sent yet. */
export const planReplay = async (
  store: EventStore,
  selection: Selection,
  destination: Destination,
  most: number,
): Promise<Plan> => {
  const plan: Plan = { events: 0, byType: {}, leftOut: {}, more: false };
  for await (const event of eachEvent(store, selection)) {
    const reason = why(event, destination);
    if (reason !== undefined) {
      count(plan.leftOut, reason);
      continue;
    }
    if (plan.events === most) return { ...plan, more: true };
    plan.events++;
    count(plan.byType, event.event_type);
    plan.first ??= event.occurred_at;
    plan.last = event.occurred_at;
  }
  return plan;
};

/** A replay has no invocation's end to fear, and rather takes its time than leaves a gap. */
const patient: RetryPolicy = { attempts: 6, baseMs: 500, capMs: 10_000 };
/** Codes of refusals that another try may not meet. */
const passing = /Throttl|Internal|Unavailable|Timeout|LimitExceeded/i;

export interface Replayed {
  sent: number;
  refused: { eventId: string; code: string }[];
}

/** Sends a batch, and again what was refused for a moment only. Answers what was refused for good. */
const deliver = async (
  batch: readonly PendingRow[],
  replayId: string,
  { send }: Destination,
  { random, sleep }: Runtime,
): Promise<Replayed["refused"]> => {
  const refused: Replayed["refused"] = [];
  let left = batch;
  let codes: (string | undefined)[] = [];
  const sendLeft = async () => {
    const before = left;
    codes = await send(before, replayId);
    left = before.filter((_, at) => codes[at] !== undefined && passing.test(codes[at]));
    refused.push(
      ...before.flatMap(({ event_id }, at) => {
        const code = codes[at];
        return code === undefined || passing.test(code) ? [] : [{ eventId: event_id, code }];
      }),
    );
    if (left.length > 0)
      throw new Failure("throttled", `${left.length} events were refused for now`, { origin: "aws" });
  };
  try {
    await retry(sendLeft, (error) => classify(error, "aws"), { random, sleep, remainingMs: () => Infinity }, patient);
  } catch (error) {
    if (!(error instanceof Failure && error.category === "throttled")) throw error;
    refused.push(...left.map(({ event_id }) => ({ eventId: event_id, code: "Throttled" })));
  }
  return refused;
};

/** What only shows once a detail that was put aside is there: it must leave room for the marks of the replay. */
const unfit = (event: StoredEvent): string | undefined => {
  if (leftOut(event) !== undefined) return "NoJsonObject";
  return Buffer.byteLength(event.detail ?? "") > limits.putEventsBytes - envelopeBytes ? "TooLarge" : undefined;
};

export interface ReplayOrder {
  replayId: string;
  selection: Selection;
  destination: Destination;
  /** No event after so many: those that came to the selection since it was counted. */
  most: number;
  perSecond: number;
  onProgress?: (sent: number) => void;
}

/** Sends a selection again, oldest first, no faster than asked. After an error it may be begun anew: consumers know the ids. */
export const replay = async (
  store: EventStore,
  { replayId, selection, destination, most, perSecond, onProgress }: ReplayOrder,
  runtime: Runtime,
): Promise<Replayed> => {
  const result: Replayed = { sent: 0, refused: [] };
  const startedAt = runtime.now();
  let taken = 0;
  const flush = async (waiting: readonly PendingRow[]): Promise<void> => {
    for (const batch of batches(waiting, limits.putEventsBytes - envelopeBytes)) {
      const due = startedAt + (taken / perSecond) * 1_000;
      if (due > runtime.now()) await runtime.sleep(due - runtime.now());
      const refused = await deliver(batch, replayId, destination, runtime);
      taken += batch.length;
      result.sent += batch.length - refused.length;
      result.refused.push(...refused);
      onProgress?.(taken);
    }
  };
  const batchSize = Math.max(1, Math.min(10, Math.floor(perSecond)));
  let waiting: PendingRow[] = [];
  let chosen = 0;
  for await (const event of eachEvent(store, selection)) {
    if (why(event, destination) !== undefined) continue;
    const whole = await withDetail(store, event);
    const code = unfit(whole);
    if (code === undefined) waiting.push(marked(whole, replayId));
    else result.refused.push({ eventId: event.event_id, code });
    chosen++;
    if (waiting.length === batchSize) {
      await flush(waiting);
      waiting = [];
    }
    if (chosen === most) break;
  }
  await flush(waiting);
  return result;
};

import { askedKey } from "../analytics/keys";
import { askingEvents } from "../analytics/plan";
import { dynamodb } from "../aws/dynamodb";
import { readMany } from "../aws/readMany";
import { categorizedAfter } from "../categorization/heard";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { indexes } from "../eventStore/keys";
import { readIndex } from "../eventStore/read";
import type { StoredEvent } from "../eventStore/storedEvent";
import { hears } from "../events/definition";
import { ownerOf } from "../ledger/keys";
import { toldEvents } from "../notices/kind";
import { compareCategories } from "./categories";
import { compareFigures } from "./figures";
import type { Compared, Finding, Reading } from "./finding";
import { compareMessage } from "./message";
import { type Kept, readRehearsal } from "./rehearsal";

/** What there is to say of an event that both paths were given. `unsure`: what their owner did meanwhile may explain it. */
export interface Judgement {
  verdict: "same" | "different" | "unsure";
  findings: readonly Finding[];
}

const comparedOf = (event: StoredEvent): Compared => ({
  eventId: event.event_id,
  eventType: event.event_type,
  owner: ownerOf(event.user_id ?? ""),
  correlationId: event.correlation_id,
  occurredAt: Date.parse(event.occurred_at),
  publishedAt: Date.parse(String(event["published_at"])),
});

/** Of these changes, those of which a path had heard when it read its books. */
const heardBy = async ({ kept, readAt }: Reading, ids: readonly string[], run: Run): Promise<Set<string>> => {
  const byKey = new Map(ids.map((id) => [askedKey(kept, id).analytics_key, id]));
  const keys = [...byKey.values()].map((id) => askedKey(kept, id));
  const rows = await readMany(env("ANALYTICS_STATUS_TABLE"), keys, ["analytics_key", "asked_at"], run);
  return new Set(
    rows.flatMap(({ analytics_key, asked_at }) =>
      String(asked_at) <= readAt ? [byKey.get(String(analytics_key)) ?? ""] : [],
    ),
  );
};

/** An event's id begins with its type, so that the index tells what kinds of change there were. */
const isExplained = async (userId: string, eventId: string, { explained }: Finding, run: Run): Promise<boolean> => {
  if (!explained) return false;
  const { from, to, by, unlessHeard } = explained;
  const rows = await run.call("Query", "dynamodb", () =>
    readIndex(
      { client: dynamodb(), table: env("EVENT_STORE_TABLE") },
      {
        index: indexes.user,
        attribute: "user_id",
        partition: userId,
        between: [new Date(from).toISOString(), new Date(to).toISOString()],
        newestFirst: true,
        most: 1_000,
      },
    ),
  );
  const changes = rows
    .map(({ event_id }) => event_id)
    .filter((id) => id !== eventId && by.some((kind) => id.startsWith(kind)));
  if (!unlessHeard) return changes.length > 0;
  for (const reading of unlessHeard) {
    const heard = await heardBy(reading, changes, run);
    if (changes.some((id) => !heard.has(id))) return true;
  }
  return false;
};

const findingsOf = async (compared: Compared, kept: Kept, run: Run): Promise<Finding[] | "unsure"> => {
  const { eventType } = compared;
  const categories = hears(categorizedAfter, eventType) ? await compareCategories(compared, kept, run) : [];
  if (categories === "unsure") return "unsure";
  return [
    ...categories,
    ...(hears(askingEvents, eventType) ? await compareFigures(compared, run) : []),
    ...(hears(toldEvents, eventType) ? await compareMessage(compared, kept, run) : []),
  ];
};

/** Holds what an event did against what it would have done by the direct path. */
export const judge = async (event: StoredEvent, run: Run): Promise<Judgement> => {
  const compared = comparedOf(event);
  const kept = await readRehearsal(compared.eventId, run);
  if (!kept) {
    const told = "the event was not rehearsed";
    return { verdict: "different", findings: [{ consumer: "direct-triggers", difference: "missing_direct", told }] };
  }
  const findings = await findingsOf(compared, kept, run);
  if (findings === "unsure") return { verdict: "unsure", findings: [] };
  if (findings.length === 0) return { verdict: "same", findings };
  const left: Finding[] = [];
  for (const finding of findings) {
    if (!(await isExplained(event.user_id ?? "", compared.eventId, finding, run))) left.push(finding);
  }
  return left.length > 0 ? { verdict: "different", findings: left } : { verdict: "unsure", findings };
};

import { askingEvents } from "../analytics/plan";
import { dynamodb } from "../aws/dynamodb";
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
import type { Compared, Finding } from "./finding";
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

/** An event's id begins with its type, so that the index tells what kinds of change there were. */
const isExplained = async (userId: string, eventId: string, { explained }: Finding, run: Run): Promise<boolean> => {
  if (!explained) return false;
  const rows = await run.call("Query", "dynamodb", () =>
    readIndex(
      { client: dynamodb(), table: env("EVENT_STORE_TABLE") },
      {
        index: indexes.user,
        attribute: "user_id",
        partition: userId,
        between: [new Date(explained.from).toISOString(), new Date(explained.to).toISOString()],
        most: 1_000,
      },
    ),
  );
  return rows.some(({ event_id }) => event_id !== eventId && explained.by.some((kind) => event_id.startsWith(kind)));
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

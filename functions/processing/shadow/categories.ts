import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { indexes } from "../eventStore/keys";
import { type EventStore, readEvents, readIndex } from "../eventStore/read";
import { transactionCategorized } from "../events/transactionCategorized";
import { readTransactions } from "../ledger/read";
import type { Compared, Finding } from "./finding";
import { type Categories, digestOf, type Kept, sizeOf } from "./rehearsal";

const consumer = "categorization";

/** What puts a transaction into another category than before, or into none. */
const changesRules = ["category.rule_"];
/** So long after it was published an event is handled at the latest, unless something is wrong. */
const handledWithinMs = 60_000;
/** Of a story with more events than this it cannot be found out in one run what each has done. */
const mostEvents = 20_000;

/** What the event has put where, as the event store has it. Undefined where that is too much to be read. */
const doneBy = async ({ eventId, correlationId }: Compared, store: EventStore): Promise<Categories | undefined> => {
  const rows = await readIndex(store, {
    index: indexes.correlation,
    attribute: "correlation_id",
    partition: correlationId,
    most: mostEvents,
  });
  if (rows.length === mostEvents) return undefined;
  const ids = rows.flatMap(({ event_id }) =>
    event_id.startsWith(`${transactionCategorized.type}-`) ? [event_id] : [],
  );
  const done: Record<string, string[]> = {};
  for (const { causation_id, detail } of (await readEvents(store, ids)).values()) {
    if (causation_id !== eventId || detail === undefined) continue;
    const { ruleId, transactionId } = (JSON.parse(detail) as { data: Record<string, string> }).data;
    if (ruleId === undefined || transactionId === undefined) continue;
    const ids = done[ruleId];
    if (ids) ids.push(transactionId);
    else done[ruleId] = [transactionId];
  }
  return done;
};

interface Placed {
  transactionId: string;
  ruleId: string;
}

const placed = (categories: Categories): Placed[] =>
  Object.entries(categories).flatMap(([ruleId, ids]) => ids.map((transactionId) => ({ transactionId, ruleId })));

/** What the one has and the other has not. */
const without = (ours: Categories, theirs: Categories): Placed[] => {
  const known = new Set(placed(theirs).map(({ transactionId, ruleId }) => `${transactionId} ${ruleId}`));
  return placed(ours).filter(({ transactionId, ruleId }) => !known.has(`${transactionId} ${ruleId}`));
};

/**
 * Transactions that are not where they should be. What their owner has put into a category since, or has deleted, tells
 * nothing any more; and what was foreseen may have been done by the same rule for another event, which came first.
 */
const misplaced = async (done: Categories, expected: Categories, owner: string, run: Run): Promise<string[]> => {
  const [missing, more] = [without(expected, done), without(done, expected)];
  const ids = [...missing, ...more].map(({ transactionId }) => transactionId);
  const now = new Map((await readTransactions(owner, ids, run)).map((one) => [one.transactionId, one.assignment]));
  const telling = ({ transactionId }: Placed) => now.has(transactionId) && now.get(transactionId)?.type !== "manual";
  const undone = missing.filter(({ transactionId, ruleId }) => now.get(transactionId)?.ruleId !== ruleId);
  return [...new Set([...undone, ...more].filter(telling).map(({ transactionId }) => transactionId))].sort();
};

/** What was put into which category, by which rule. `unsure` where it cannot be found out. */
export const compareCategories = async (
  compared: Compared,
  { categories: expected }: Kept,
  run: Run,
): Promise<Finding[] | "unsure"> => {
  if (!expected) return [{ consumer, difference: "missing_direct", told: "no categories were looked for" }];
  const done = await doneBy(compared, { client: dynamodb(), table: env("EVENT_STORE_TABLE") });
  if (!done) return "unsure";
  if (digestOf(done) === expected.digest) return [];
  const told = `${sizeOf(done)} transactions were put into categories, and ${expected.transactions}`;
  const { occurredAt: from, publishedAt } = compared;
  const explained = { from, to: publishedAt + handledWithinMs, by: changesRules };
  if (!expected.ids) return [{ consumer, difference: "different", told, explained }];
  const others = await misplaced(done, expected.ids, compared.owner, run);
  if (others.length === 0) return [];
  const difference = sizeOf(done) === 0 ? "missing_events" : "different";
  return [{ consumer, difference, told: `${told}: not alike ${others.slice(0, 10).join(", ")}`, explained }];
};

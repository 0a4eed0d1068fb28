import { GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import { requireTime } from "../batch";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { type Books, readBooks } from "./books";
import { type CashFlow, cashFlow } from "./cashFlow";
import { type CategoryTrends, categoryTrends } from "./categoryTrends";
import { type FinancialHealth, financialHealth } from "./financialHealth";
import { resultKey, shelfLife } from "./keys";
import { type AnalyticsType, analyticsTypes } from "./plan";
import { readStatuses, type Status, statusItem } from "./status";
import type { Counted } from "./sum";

const computations = {
  cash_flow: cashFlow,
  category_trends: categoryTrends,
  financial_health: financialHealth,
} as const satisfies Record<AnalyticsType, (transactions: readonly Counted[]) => unknown>;

/** One person's analytics of one type, as they are stored. */
export interface Result {
  owner: string;
  analytics_key: string;
  type: AnalyticsType;
  /** Grows when the figures were computed anew from other books. */
  version: number;
  /** What it was computed from. */
  rests_on: { transactions: number; digest: string; read_at: string; requested: number; asked_by: string };
  computed_at: string;
  result: CashFlow | CategoryTrends | FinancialHealth;
}

export const readResult = async (owner: string, type: AnalyticsType, run: Run): Promise<Result | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: env("ANALYTICS_STATUS_TABLE"),
        Key: resultKey(owner, type),
        ConsistentRead: true,
      }),
    ),
  );
  return Item as Result | undefined;
};

const resultOf = (status: Status, before: Result | undefined, books: Books, now: number): Result => ({
  ...resultKey(status.owner, status.type),
  type: status.type,
  version: (before?.version ?? 0) + (before?.rests_on.digest === books.digest ? 0 : 1),
  rests_on: {
    transactions: books.transactions.length,
    digest: books.digest,
    read_at: books.readAt,
    requested: status.requested,
    asked_by: status.asked_by,
  },
  computed_at: new Date(now).toISOString(),
  result: computations[status.type](books.transactions),
  ...shelfLife(status.owner, now),
});

/** The result, and that it has seen all that was asked for until its status was read: refused once more was asked for. */
const store = async (status: Status, books: Books, run: Run): Promise<void> => {
  const before = await readResult(status.owner, status.type, run);
  const result = resultOf(status, before, books, run.now());
  const after: Status = {
    ...status,
    status: "computed",
    computed: status.requested,
    version: status.version + 1,
    computed_at: result.computed_at,
  };
  const ClientRequestToken = run.newId();
  await run.call("TransactWriteItems", "dynamodb", () =>
    dynamodb().send(
      new TransactWriteCommand({
        ClientRequestToken,
        TransactItems: [{ Put: { TableName: env("ANALYTICS_STATUS_TABLE"), Item: result } }, statusItem(status, after)],
      }),
    ),
  );
};

const byUrgency = (a: Status, b: Status): number =>
  a.priority - b.priority || analyticsTypes.indexOf(a.type) - analyticsTypes.indexOf(b.type);

/**
 * Computes what waits of a person's analytics, the most urgent first. The status is read before the books, so that what is
 * stored has seen at least what it says. `kept` is the partition of the figures. Returns how many types were computed.
 */
export const compute = (owner: string, run: Run, kept = owner): Promise<number> =>
  overtaken(run, async () => {
    const waiting = (await readStatuses(kept, analyticsTypes, run)).filter(({ status }) => status === "pending");
    if (waiting.length === 0) return 0;
    requireTime(run);
    const books = await readBooks(owner, run);
    for (const status of waiting.sort(byUrgency)) await store(status, books, run);
    return waiting.length;
  });

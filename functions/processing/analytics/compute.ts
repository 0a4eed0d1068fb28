import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { TransactItem } from "../aws/transact";
import { writeTogether } from "../aws/writeTogether";
import { requireTime } from "../batch";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { type CashFlow, cashFlow } from "./cashFlow";
import { type CategoryTrends, categoryTrends } from "./categoryTrends";
import { type FinancialHealth, financialHealth } from "./financialHealth";
import { keptItems, readCurrent } from "./kept";
import { actual, resultKey, type Shelf, shelfLife } from "./keys";
import { digestOfMonths, type Month } from "./months";
import { type AnalyticsType, analyticsTypes } from "./plan";
import { type Known, readKnown, type Standing, type Status, standingItems } from "./status";

const computations = {
  cash_flow: cashFlow,
  category_trends: categoryTrends,
  financial_health: financialHealth,
} as const satisfies Record<AnalyticsType, (months: readonly Month[]) => unknown>;

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

interface Read {
  months: readonly Month[];
  digest: string;
  /** The moment before they were read. */
  readAt: string;
}

const resultOf = (
  kept: string,
  type: AnalyticsType,
  status: Status,
  { months, digest, readAt }: Read,
  now: number,
): Result => ({
  ...resultKey(kept, type),
  type,
  version: (status.result?.version ?? 0) + (status.result?.digest === digest ? 0 : 1),
  rests_on: {
    transactions: months.reduce((sum, { transactions }) => sum + transactions, 0),
    digest,
    read_at: readAt,
    requested: status.requested,
    asked_by: status.asked_by,
  },
  computed_at: new Date(now).toISOString(),
  result: computations[type](months),
  ...shelfLife(kept, now),
});

const statusAfter = (status: Status, { version, rests_on, computed_at }: Result): Status => ({
  ...status,
  status: "computed",
  computed: status.requested,
  computed_at,
  result: { version, digest: rests_on.digest },
});

/** Figures of what waited, of which nothing is written yet. */
export interface Figured {
  computed: number;
  items: TransactItem[];
  /** How long they are, about. */
  bytes: number;
  after: Standing;
}

/** Computes what waits where things stand so; undefined where nothing does. */
export const figure = async (
  owner: string,
  run: Run,
  shelf: Shelf,
  before: Standing | undefined,
): Promise<Figured | undefined> => {
  const kept = shelf(owner);
  const waiting = analyticsTypes.flatMap((type) => {
    const status = before?.types[type];
    return status?.status === "pending" ? [{ type, status }] : [];
  });
  if (!before || waiting.length === 0) return undefined;
  requireTime(run);
  const readAt = new Date(run.now()).toISOString();
  const current = await readCurrent(owner, kept, before, run);
  const now = run.now();
  const read = { months: current.months, digest: digestOfMonths(current.months), readAt };
  const { standing, items, bytes } = keptItems(kept, before, current, now);
  const results = waiting.map(({ type, status }) => ({
    type,
    status,
    result: resultOf(kept, type, status, read, now),
  }));
  const computed = results.map(({ type, status, result }) => [type, statusAfter(status, result)] as const);
  return {
    computed: waiting.length,
    items: [
      ...items,
      ...results.map(({ result }) => ({ Put: { TableName: env("ANALYTICS_STATUS_TABLE"), Item: result } })),
    ],
    bytes,
    after: { ...standing, types: { ...standing.types, ...Object.fromEntries(computed) } },
  };
};

/**
 * Computes what waits of a person's analytics. How they stand is read before the books, so that what is stored has seen at
 * least what it says; somebody who has just read it says so. What is stored is refused once more was asked for. Returns how
 * many types were computed.
 */
export const compute = (
  owner: string,
  run: Run,
  shelf: Shelf = actual,
  known?: Pick<Known, "standing">,
): Promise<number> => {
  let justRead = known;
  return overtaken(run, async () => {
    const { standing } = justRead ?? (await readKnown(shelf(owner), [], run));
    justRead = undefined;
    const figured = await figure(owner, run, shelf, standing);
    if (!figured) return 0;
    await writeTogether([...standingItems(standing, figured.after), ...figured.items], run, figured.bytes);
    return figured.computed;
  });
};

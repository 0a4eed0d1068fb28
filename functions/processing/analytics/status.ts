import { readTogether } from "../aws/readTogether";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import type { TransactItem } from "../outbox/record";
import { askedKey, booksKey, statusKey } from "./keys";
import { type AnalyticsType, analyticsTypes } from "./plan";

/** How one person's analytics of one type stand. */
export interface Status {
  owner: string;
  analytics_key: string;
  type: AnalyticsType;
  status: "pending" | "computed";
  /** Of what waits, the most urgent; 1 before 3. */
  priority: number;
  /** How often it was asked for, and how many of these askings the stored result has seen. */
  requested: number;
  computed: number;
  /** Grows with every write. */
  version: number;
  asked_by: string;
  asked_at: string;
  computed_at?: string;
  /** Of the stored result. */
  result?: { version: number; digest: string };
}

/** What is kept of somebody's books, by which a month that did not change need not be read again. */
export interface Books {
  owner: string;
  analytics_key: string;
  /** Grows with every write: whoever stores figures says which askings they have seen. */
  version: number;
  /** Months whose sums are no longer those of the transactions, in order. */
  stale: string[] | "all";
  /** Years of which there are sums. */
  years: string[];
  /** When all transactions were read last. */
  whole_at?: string;
}

/** All that is kept about a person's analytics, but for the figures. */
export interface Standing {
  /** Of the events that were asked about, those that have asked before. */
  asked: ReadonlySet<string>;
  statuses: ReadonlyMap<AnalyticsType, Status>;
  books: Books | undefined;
}

export const readStanding = async (owner: string, eventIds: readonly string[], run: Run): Promise<Standing> => {
  const marks = new Map(eventIds.map((id) => [askedKey(owner, id).analytics_key, id]));
  const types = new Map(analyticsTypes.map((type) => [statusKey(owner, type).analytics_key, type]));
  const books = booksKey(owner);
  const keys = [...marks.keys(), ...types.keys()].map((analytics_key) => ({ owner, analytics_key }));
  const rows = await readTogether(env("ANALYTICS_STATUS_TABLE"), [...keys, books], undefined, run);
  const byKey = new Map(rows.map((row) => [String(row["analytics_key"]), row]));
  return {
    asked: new Set([...marks].flatMap(([key, id]) => (byKey.has(key) ? [id] : []))),
    statuses: new Map(
      [...types].flatMap(([key, type]) => {
        const row = byKey.get(key);
        return row ? [[type, row as unknown as Status]] : [];
      }),
    ),
    books: byKey.get(books.analytics_key) as Books | undefined,
  };
};

/** Goes only where nobody wrote since it was read. */
const booksItem = (before: Books | undefined, after: Books): TransactItem => ({
  Put: {
    TableName: env("ANALYTICS_STATUS_TABLE"),
    Item: after,
    ...(before
      ? { ConditionExpression: "version = :seen", ExpressionAttributeValues: { ":seen": before.version } }
      : { ConditionExpression: "attribute_not_exists(analytics_key)" }),
  },
});

/**
 * What is to be written where things stood one way and are to stand another, unless they stand otherwise by then. Nobody
 * writes a status without the books: their condition holds for all.
 */
export const standingItems = (before: Standing, after: Standing): TransactItem[] => {
  const statuses = [...after.statuses.values()].filter((status) => status !== before.statuses.get(status.type));
  if (after.books === before.books) {
    if (statuses.length > 0) throw new Failure("permanent", "a status was changed without its books");
    return [];
  }
  return [
    ...statuses.map((Item) => ({ Put: { TableName: env("ANALYTICS_STATUS_TABLE"), Item } })),
    ...(after.books ? [booksItem(before.books, after.books)] : []),
  ];
};

import { readTogether } from "../aws/readTogether";
import type { TransactItem } from "../aws/transact";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { askedKey, standingKey } from "./keys";
import type { AnalyticsType } from "./plan";

/** How one person's analytics of one type stand. */
export interface Status {
  status: "pending" | "computed";
  /** Of what waits, the most urgent; 1 before 3. */
  priority: number;
  /** How often it was asked for, and how many of these askings the stored result has seen. */
  requested: number;
  computed: number;
  asked_by: string;
  asked_at: string;
  computed_at?: string;
  /** Of the stored result. */
  result?: { version: number; digest: string };
}

/**
 * How all of a person's analytics stand, in one row: so that an event reads and writes one, and one condition holds for
 * everything. With it, by what a month that did not change need not be read again.
 */
export interface Standing {
  owner: string;
  analytics_key: string;
  /** Grows with every write: whoever stores figures says which askings they have seen. */
  version: number;
  types: Partial<Record<AnalyticsType, Status>>;
  /** Months whose sums are no longer those of the transactions, in order. */
  stale: string[] | "all";
  /** Years of which there are sums. */
  years: string[];
  /** When all transactions were read last. */
  whole_at?: string;
}

/** As it is stored: maps within maps cost those who send and store them several times what text does. */
interface Row extends Omit<Standing, "types"> {
  types: string;
}

const rowOf = (standing: Standing): Row => ({ ...standing, types: JSON.stringify(standing.types) });
const read = (row: Row): Standing => ({ ...row, types: JSON.parse(row.types) as Standing["types"] });

/** All that is kept about a person's analytics, but for the figures. */
export interface Known {
  /** Of the events that were asked about, those that have asked before. */
  asked: ReadonlySet<string>;
  /** Undefined where nothing was ever asked for. */
  standing: Standing | undefined;
}

export const readKnown = async (owner: string, eventIds: readonly string[], run: Run): Promise<Known> => {
  const marks = new Map(eventIds.map((id) => [askedKey(owner, id).analytics_key, id]));
  const standing = standingKey(owner);
  const keys = [...marks.keys()].map((analytics_key) => ({ owner, analytics_key }));
  const rows = await readTogether(env("ANALYTICS_STATUS_TABLE"), [...keys, standing], undefined, run);
  const byKey = new Map(rows.map((row) => [String(row["analytics_key"]), row]));
  const row = byKey.get(standing.analytics_key);
  return {
    asked: new Set([...marks].flatMap(([key, id]) => (byKey.has(key) ? [id] : []))),
    standing: row && read(row as unknown as Row),
  };
};

/** What is to be written where things stood one way and are to stand another, unless they stand otherwise by then. */
export const standingItems = (before: Standing | undefined, after: Standing | undefined): TransactItem[] =>
  after === undefined || after === before
    ? []
    : [
        {
          Put: {
            TableName: env("ANALYTICS_STATUS_TABLE"),
            Item: rowOf(after),
            ...(before
              ? { ConditionExpression: "version = :seen", ExpressionAttributeValues: { ":seen": before.version } }
              : { ConditionExpression: "attribute_not_exists(analytics_key)" }),
          },
        },
      ];

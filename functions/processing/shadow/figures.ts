import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Result, readResult } from "../analytics/compute";
import { actual, askedKey, rehearsed } from "../analytics/keys";
import type { AnalyticsType } from "../analytics/plan";
import { dynamodb } from "../aws/dynamodb";
import { canonical } from "../canonical";
import type { Run } from "../consume/run";
import { env } from "../environment";
import type { Compared, Explained, Finding } from "./finding";

const consumer = "analytics";

/** By these what the figures are computed from becomes other: what one path had heard of and the other not explains a difference. */
const changesBooks = [
  "transaction.updated",
  "transactions.created",
  "transactions.deleted",
  "account.deleted",
  "file.processed",
  "file.deleted",
  "category.rules_applied",
];
/**
 * So long after a change a path may not have heard of it, since its message may have to be delivered again: until then it
 * takes the months that the change touched as they were.
 */
const heardWithinMs = 15 * 60_000;

interface Asked {
  event_type: string;
  priority: number;
  types: AnalyticsType[];
  correlation_id: string;
}

const readAsked = async (kept: string, eventId: string, run: Run): Promise<Asked | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: env("ANALYTICS_STATUS_TABLE"),
        Key: askedKey(kept, eventId),
        ConsistentRead: true,
      }),
    ),
  );
  return Item as Asked | undefined;
};

const asking = ({ event_type, priority, types, correlation_id }: Asked): string =>
  JSON.stringify([event_type, priority, types, correlation_id]);

/** Bytes, not meaning: both come from the same code over the same books, or something is wrong. */
const figures = ({ result }: Result): string => canonical(result);

const unheard = (results: readonly Result[]): Explained => {
  const readings = results.map(({ owner: kept, rests_on }) => ({ kept, readAt: rests_on.read_at }));
  const moments = readings.map(({ readAt }) => Date.parse(readAt));
  return {
    from: Math.min(...moments) - heardWithinMs,
    to: Math.max(...moments),
    by: changesBooks,
    unlessHeard: readings,
  };
};

const compareType = async (owner: string, type: AnalyticsType, run: Run): Promise<Finding[]> => {
  const [ours, theirs] = await Promise.all([
    readResult(actual(owner), type, run),
    readResult(rehearsed(owner), type, run),
  ]);
  if (!ours) return [{ consumer, difference: "missing_events", told: `${type} was not computed` }];
  if (!theirs) return [{ consumer, difference: "missing_direct", told: `${type} was not computed` }];
  if (figures(ours) === figures(theirs)) return [];
  const same = ours.rests_on.digest === theirs.rests_on.digest;
  return [
    {
      consumer,
      difference: "different",
      told: `${type} has other figures, from ${same ? "the same transactions" : "other transactions"}`,
      // Over the very same books nothing explains it.
      ...(!same && { explained: unheard([ours, theirs]) }),
    },
  ];
};

/** What was asked for, and the figures that came of it. */
export const compareFigures = async ({ owner, eventId }: Compared, run: Run): Promise<Finding[]> => {
  const [ours, theirs] = await Promise.all([
    readAsked(actual(owner), eventId, run),
    readAsked(rehearsed(owner), eventId, run),
  ]);
  if (!ours) return [{ consumer, difference: "missing_events", told: "the event asked for nothing" }];
  if (!theirs) return [{ consumer, difference: "missing_direct", told: "the event asked for nothing" }];
  if (asking(ours) !== asking(theirs)) {
    return [{ consumer, difference: "different", told: `${asking(ours)} was asked for, and ${asking(theirs)}` }];
  }
  return (await Promise.all(ours.types.map((type) => compareType(owner, type, run)))).flat();
};

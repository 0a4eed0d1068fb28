import { type TransactItem, transact } from "../aws/transact";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { analysisComplete } from "../events/analysisComplete";
import { createEvent } from "../events/create";
import { derivedId } from "../events/derivedId";
import { metricNames } from "../observe/metrics";
import { publish } from "../outbox/publish";
import { pendingEvent, pendingRow } from "../outbox/record";
import { searchQueue } from "../work/names";
import { enqueuingAnew } from "../work/queue";
import {
  completedRow,
  failedRow,
  type HistoryRow,
  type LatestRow,
  latestRow,
  newHistory,
  newLatest,
  readHistory,
  readLatest,
} from "./history";
import { analysisIdOf, type Item } from "./item";
import { type Result, readResult } from "./results";
import { type Kind, kindOf, type Standing } from "./standing";

export interface Stored {
  analysisId: string;
  assetId: string;
  status: "completed" | "failed";
  investmentRating: string;
  /** The rating before this one, where it was another. */
  changedFrom: string;
  kind: Kind;
  reason: string;
}

const told = (item: Item, status: Stored["status"], investmentRating: string | undefined, reason: string, run: Run) => {
  const analysisId = analysisIdOf(item);
  return createEvent(
    analysisComplete,
    { analysisId, assetId: item.assetId, status, reason, ...(investmentRating && { investmentRating }) },
    {
      eventId: derivedId(analysisComplete.type, analysisId),
      timestamp: run.now(),
      correlationId: item.correlationId,
      ...(item.causationId && { causationId: item.causationId }),
    },
  );
};

type Event = ReturnType<typeof told>;

const write = (items: TransactItem[], event: Event, run: Run): Promise<void> =>
  transact([...items, pendingEvent(analysisComplete, event)], run);

/** What is in the history, whoever wrote it: an analysis ends once, however its steps are repeated. */
const summary = (assetId: string, row: HistoryRow): Stored => ({
  analysisId: row.analysis_id,
  assetId,
  status: row.status,
  investmentRating: row.investment_rating ?? "",
  changedFrom: row.previous_rating ?? "",
  kind: row.standing ?? kindOf(row.status, row.previous_rating),
  reason: row.reason,
});

const standingOf = (row: HistoryRow, before: LatestRow | undefined): Standing => {
  if (!before) return "first";
  if (before.latest_key >= row.analysis_key) return "outdated";
  return before.investment_rating === row.investment_rating ? "confirmed" : "changed";
};

const indexed = (item: Item, run: Run): TransactItem => {
  const { assetId, correlationId } = item;
  const eventId = analysisIdOf(item);
  const job = { queue: searchQueue, assetId, task: "analysis", priority: "medium", eventId, correlationId } as const;
  return enqueuingAnew(job, run.now());
};

/** The rating becomes part of the history, and the newest one if it is; whoever waits for it is told. Once. */
export const storeCompleted = async (item: Item, resultKey: string, run: Run): Promise<Stored> => {
  const result: Result = await readResult(resultKey, run);
  const { investment_rating: investmentRating, reason } = result.rating;
  const event = told(item, "completed", investmentRating, reason, run);
  const { row, written } = await overtaken(run, async () => {
    const [there, before] = await Promise.all([readHistory(item, run), readLatest(item.assetId, run)]);
    if (there) return { row: there, written: false };
    const rated = completedRow(item, result, resultKey);
    const standing = standingOf(rated, before);
    const row: HistoryRow = {
      ...rated,
      standing,
      ...(standing === "changed" && before && { previous_rating: before.investment_rating }),
    };
    const becomesLatest =
      standing === "outdated" ? [] : [newLatest(before, latestRow(item, result, resultKey)), indexed(item, run)];
    await write([newHistory(row), ...becomesLatest], event, run);
    return { row, written: true };
  });
  // What an earlier try has recorded, and not published, is the sweeper's.
  if (written) {
    run.meter.add(metricNames.analysesCompleted);
    await publish([pendingRow(analysisComplete, event)], run);
  }
  return summary(item.assetId, row);
};

/** That a company could not be rated is part of its history too. */
export const storeFailed = async (item: Item, reason: string, run: Run): Promise<Stored> => {
  const event = told(item, "failed", undefined, reason, run);
  const { row, written } = await overtaken(run, async () => {
    const there = await readHistory(item, run);
    if (there) return { row: there, written: false };
    const row = failedRow(item, reason);
    await write([newHistory(row)], event, run);
    return { row, written: true };
  });
  if (written) {
    run.meter.add(metricNames.analysesFailed);
    await publish([pendingRow(analysisComplete, event)], run);
  }
  return summary(item.assetId, row);
};

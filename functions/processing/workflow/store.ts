import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { analysisComplete } from "../events/analysisComplete";
import { createEvent } from "../events/create";
import { derivedId } from "../events/derivedId";
import { metricNames } from "../observe/metrics";
import { publish } from "../outbox/publish";
import { pendingEvent, pendingRow, type TransactItem } from "../outbox/record";
import { searchQueue } from "../work/names";
import { enqueuingAnew } from "../work/queue";
import { completedRow, failedRow, latestRow, newHistory, newLatest, readHistory, readLatest } from "./history";
import { analysisIdOf, type Item } from "./item";
import { type Result, readResult } from "./results";

export interface Stored {
  analysisId: string;
  assetId: string;
  status: "completed" | "failed";
  investmentRating: string;
  /** The rating before this one, where it was another. */
  changedFrom: string;
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

const write = async (items: TransactItem[], event: Event, run: Run): Promise<void> => {
  const ClientRequestToken = run.newId();
  const TransactItems = [...items, pendingEvent(analysisComplete, event)];
  await run.call("TransactWriteItems", "dynamodb", () =>
    dynamodb().send(new TransactWriteCommand({ ClientRequestToken, TransactItems })),
  );
};

const summary = (item: Item, rest: Omit<Stored, "analysisId" | "assetId">): Stored => ({
  analysisId: analysisIdOf(item),
  assetId: item.assetId,
  ...rest,
});

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
  const { changedFrom, written } = await overtaken(run, async () => {
    const [there, before] = await Promise.all([readHistory(item, run), readLatest(item.assetId, run)]);
    if (there) return { changedFrom: there.previous_rating ?? "", written: false };
    const row = completedRow(item, result, resultKey);
    const isNewest = !before || before.latest_key < row.analysis_key;
    const previous =
      isNewest && before && before.investment_rating !== investmentRating ? before.investment_rating : "";
    await write(
      [
        newHistory({ ...row, ...(previous && { previous_rating: previous }) }),
        ...(isNewest ? [newLatest(before, latestRow(item, result, resultKey)), indexed(item, run)] : []),
      ],
      event,
      run,
    );
    return { changedFrom: previous, written: true };
  });
  // What an earlier try has recorded, and not published, is the sweeper's.
  if (written) {
    run.meter.add(metricNames.analysesCompleted);
    await publish([pendingRow(analysisComplete, event)], run);
  }
  return summary(item, { status: "completed", investmentRating, changedFrom, reason });
};

/** That a company could not be rated is part of its history too. */
export const storeFailed = async (item: Item, reason: string, run: Run): Promise<Stored> => {
  const event = told(item, "failed", undefined, reason, run);
  const written = await overtaken(run, async () => {
    if (await readHistory(item, run)) return false;
    await write([newHistory(failedRow(item, reason))], event, run);
    return true;
  });
  if (written) {
    run.meter.add(metricNames.analysesFailed);
    await publish([pendingRow(analysisComplete, event)], run);
  }
  return summary(item, { status: "failed", investmentRating: "", changedFrom: "", reason });
};

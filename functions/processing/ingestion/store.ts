import type { TransactItem } from "../aws/transact";
import { putCached } from "../cache/cache";
import type { Run } from "../consume/run";
import { expectedSoFar, reportedDays } from "../earnings/reported";
import { createEvent } from "../events/create";
import type { EventDefinition, PlatformEvent } from "../events/definition";
import { derivedId } from "../events/derivedId";
import { earningsProcessed } from "../events/earningsProcessed";
import { pollinationComplete } from "../events/pollinationComplete";
import { type Changes, changesOf } from "../fundamentals/changes";
import { cacheable, cachedForSeconds, cacheKey } from "../fundamentals/current";
import type { DataType } from "../fundamentals/dataTypes";
import { normalise } from "../fundamentals/normalise";
import type { Normalised } from "../fundamentals/report";
import { newHead, readHead, writeReports } from "../fundamentals/store";
import { metricNames } from "../observe/metrics";
import { type PendingRow, pendingEvent, pendingRow } from "../outbox/record";
import { type Answer, parsedAnswer } from "../providers/answer";
import type { AssetState } from "../state/assetState";
import { searchQueue } from "../work/names";
import { enqueuingAnew, type TakenJob } from "../work/queue";
import { finish } from "./finish";

interface Told {
  items: TransactItem[];
  rows: PendingRow[];
}

const tell = <D extends EventDefinition>(told: Told, definition: D, event: PlatformEvent<D>): void => {
  told.items.push(pendingEvent(definition, event));
  told.rows.push(pendingRow(definition, event));
};

/** The events that follow once this type is stored. */
const following = async (
  job: TakenJob,
  assetId: string,
  answer: Normalised,
  after: AssetState | undefined,
  run: Run,
): Promise<Told> => {
  const told: Told = { items: [], rows: [] };
  const about = (what: string, ...from: (string | number)[]) => ({
    eventId: derivedId(what, job.event_id, ...from),
    timestamp: run.now(),
    correlationId: job.correlation_id,
    causationId: job.event_id,
  });
  if (job.task === "earnings") {
    for (const earningsDate of reportedDays(await expectedSoFar(assetId, run), answer)) {
      const context = about(earningsProcessed.type, earningsDate);
      tell(told, earningsProcessed, createEvent(earningsProcessed, { assetId, earningsDate }, context));
    }
  }
  if (after?.status === "complete") {
    const { requested: dataTypes, priority, version } = after;
    const context = about(pollinationComplete.type, version);
    tell(told, pollinationComplete, createEvent(pollinationComplete, { assetId, dataTypes, priority }, context));
  }
  return told;
};

export interface Fetched {
  answer: Answer;
  /** Where the answer is kept word for word. */
  rawKey: string;
  /** The company's state when the answer came. */
  state: AssetState | undefined;
}

export interface Stored {
  said: string;
  /** Events that are to be published now. */
  rows: readonly PendingRow[];
}

const normalisedCounted = (type: DataType, answer: Answer, assetId: string, { meter }: Run): Normalised => {
  try {
    const normalised = normalise(type, parsedAnswer(answer), assetId);
    meter.add(metricNames.validationSuccess);
    return normalised;
  } catch (error) {
    meter.add(metricNames.validationErrors);
    throw error;
  }
};

/** Keeps an answer report by report, moves the state with it, and records what is to be told of it. */
export const store = async (job: TakenJob, { answer, rawKey, state }: Fetched, run: Run): Promise<Stored> => {
  const type = job.task as DataType;
  const assetId = job.asset_id.slice("ASSET#".length);
  const normalised = normalisedCounted(type, answer, assetId, run);
  const source = { assetId, receivedAt: answer.receivedAt, rawKey };
  let last: { changes: Changes | undefined; told: Told } = { changes: undefined, told: { items: [], rows: [] } };
  /** Asked anew with each try: reports may have been made anew meanwhile. */
  const also = async (after: AssetState | undefined): Promise<TransactItem[]> => {
    const head = await readHead(type, assetId, run);
    const changes = changesOf(head, normalised, source);
    if (changes) await writeReports(type, changes.rows, run);
    const told = await following(job, assetId, normalised, after, run);
    last = { changes, told };
    const indexing = { queue: searchQueue, assetId, task: "assets", priority: job.priority } as const;
    const cause = { eventId: job.event_id, correlationId: job.correlation_id };
    return [
      ...(changes ? [newHead(type, changes.head, head)] : []),
      // What is searched for of a company comes from its overview alone.
      ...(type === "company_overview" && changes && changes.rows.length + changes.dropped > 0
        ? [enqueuingAnew({ ...indexing, ...cause }, run.now())]
        : []),
      ...told.items,
    ];
  };
  if (!(await finish(job, { to: "complete", known: state, also }, run)))
    return { said: "overtaken: another took the job meanwhile", rows: [] };
  const { changes, told } = last;
  const { added = 0, restated = 0, unchanged = 0 } = changes ?? {};
  const refused = normalised.refused.length;
  run.log.info("stored", { assetId, type, added, restated, unchanged, refused: normalised.refused, rawKey });
  const cached = changes && cacheable(changes.head, normalised.reports);
  if (cached) await putCached(cacheKey(assetId, type), cached, cachedForSeconds, run);
  return {
    said: `stored: ${added} new, ${restated} restated, ${unchanged} as before, ${refused} refused`,
    rows: told.rows,
  };
};

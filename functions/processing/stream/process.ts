import { setImmediate } from "node:timers/promises";
import { classify } from "../aws/classify";
import { inBatches, requireTime } from "../batch";
import { sendToDeadLetters } from "../consume/deadLetter";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { causeOf, type Failure } from "../failure";
import { limits } from "../limits";
import { metricNames } from "../observe/metrics";
import { chunksOf } from "./archive/chunk";
import { storeChunk } from "./archive/store";
import { countHour, type HourOfEvents } from "./count/count";
import { enrich, unassigned } from "./enrich/enrich";
import { dayMs } from "./event";
import { countables, firstOfEach, type Gathered, gather, type Handled } from "./gather";
import type { Memory } from "./memory";
import type { Arrived } from "./read/arrived";
import { writeLetter } from "./read/letter";
import { type Received, type Refused, receive } from "./receive";
import { countStageFailure, type Stage } from "./stages";

/** Calls under way at a time, for each way in which an event is kept. */
const atATime = 16;

/** What is refused goes by tens. */
const refusedAtATime = 4 * limits.sqsEntries;

/** Under which dead letters of the stream are found. */
export const consumer = "experimentStream";

/** For how long it is known which events were counted. */
const keptMs = (): number => Number(env("EXPERIMENT_RETENTION_DAYS")) * dayMs;

/** Collects what has to come again. */
class Outcome {
  readonly failed = new Set<string>();

  constructor(private readonly run: Run) {}

  fail(stage: Stage, failure: Failure, records: readonly Arrived[], events: number): void {
    for (const { id } of records) this.failed.add(id);
    countStageFailure(stage, failure, events, this.run.meter);
    this.run.log.error("a stage failed, its records will be delivered again", {
      stage,
      events,
      error: failure,
    });
  }
}

const recordsOf = (events: readonly { record: Arrived }[]): Arrived[] => events.map(({ record }) => record);

/** None where the tables could not be read. */
const enrichAll = async (
  received: readonly Received[],
  { known }: Memory,
  outcome: Outcome,
  run: Run,
): Promise<Handled[]> => {
  if (received.length === 0) return [];
  try {
    const enriched = await enrich(
      received.map(({ event }) => event),
      known,
      run,
    );
    const handled: Handled[] = [];
    for (const [at, { record }] of received.entries()) {
      const one = enriched[at];
      if (one) handled.push({ ...one, record, arrivedAt: record.arrivedAt });
    }
    return handled;
  } catch (error) {
    outcome.fail("enrich", classify(error, "dynamodb"), recordsOf(received), received.length);
    return [];
  }
};

/** Which of its events are counted under which variant; undefined where that could not be found out. */
const readyToCount = async (group: Gathered, enriching: Promise<Handled[]>): Promise<HourOfEvents | undefined> => {
  if (group.complete) return { ...group, events: countables(group, ({ event }) => event.variant ?? unassigned) };
  const enriched = await enriching;
  if (enriched.length === 0) return undefined;
  return { ...group, events: countables(group, ({ at }) => enriched[at]?.variant ?? unassigned) };
};

const countAll = async (
  received: readonly Received[],
  enriching: Promise<Handled[]>,
  { windows }: Memory,
  outcome: Outcome,
  run: Run,
): Promise<number> => {
  let counted = 0;
  await inBatches(gather(received, Number(env("EXPERIMENT_SHARDS"))), atATime, async (group) => {
    const { members } = group;
    try {
      const ready = await readyToCount(group, enriching);
      if (!ready) return;
      requireTime(run);
      const added = await countHour(ready, windows, { keptMs: keptMs() }, run);
      counted += added;
      run.meter.add(metricNames.streamDuplicates, members.length - added);
    } catch (error) {
      outcome.fail("aggregate", classify(error, "dynamodb"), recordsOf(members), members.length);
    }
  });
  return counted;
};

const archiveAll = async (handled: readonly Handled[], outcome: Outcome, run: Run): Promise<void> => {
  await inBatches(chunksOf(firstOfEach(handled)), atATime, async (chunk) => {
    try {
      requireTime(run);
      await storeChunk(chunk, run);
    } catch (error) {
      const inChunk = new Set(chunk.events.map(({ event }) => event));
      const records = handled.filter(({ event }) => inChunk.has(event));
      outcome.fail("archive", classify(error, "aws"), recordsOf(records), chunk.events.length);
    }
  });
};

const partsIn = (reasons: readonly { parts: number }[]): number => reasons.reduce((sum, { parts }) => sum + parts, 0);

const refuseAll = async (refused: readonly Refused[], outcome: Outcome, run: Run): Promise<void> => {
  await inBatches(refused, refusedAtATime, async ({ record, part, failure, reasons }) => {
    const { shardId, sequenceNumber, arrivedAt } = record;
    const [{ stage }] = reasons;
    const parts = partsIn(reasons);
    const told = { stage, parts, shardId, sequenceNumber, ...causeOf(failure) };
    try {
      requireTime(run);
      const letter = {
        body: await writeLetter(record, part, run),
        messageId: sequenceNumber,
        sentAt: new Date(arrivedAt).toISOString(),
      };
      await sendToDeadLetters(letter, failure, consumer, run);
      for (const one of reasons) countStageFailure(one.stage, one.failure, one.parts, run.meter);
      run.meter.add(metricNames.deadLettered, parts);
      run.log.error("refused, sent to the dead letter queue", told);
    } catch (error) {
      outcome.fail(stage, classify(error, "aws"), [record], parts);
    }
  });
};

/**
 * Every event of these records ends counted once and archived, or in the dead letter queue with its payload and the reason.
 * The answer is the ids of the records of which that is not certain: they have to come again, and may.
 */
export const processRecords = async (records: readonly Arrived[], memory: Memory, run: Run): Promise<Set<string>> => {
  const outcome = new Outcome(run);
  const startedAt = run.now();
  const { received, refused } = receive(records, startedAt, keptMs());
  const refusedParts = refused.reduce((sum, { reasons }) => sum + partsIn(reasons), 0);
  const events = received.length + refusedParts;
  run.meter.add(metricNames.streamRecords, records.length);
  run.meter.add(metricNames.events, events);
  run.meter.add(metricNames.validationSuccess, received.length);
  run.meter.add(metricNames.validationErrors, refusedParts);
  const refusing = refuseAll(refused, outcome, run);
  const enriching = enrichAll(received, memory, outcome, run);
  // What is asked of the tables is on its way before the counting begins, which takes about as long as the answer.
  await setImmediate();
  const [counted] = await Promise.all([
    countAll(received, enriching, memory, outcome, run),
    enriching.then((enriched) => archiveAll(enriched, outcome, run)),
    refusing,
  ]);
  const { failed } = outcome;
  const succeeded = failed.size > 0 ? received.filter(({ record }) => !failed.has(record.id)).length : received.length;
  run.meter.add(metricNames.success, succeeded);
  run.log.info("handled a batch", {
    records: records.length,
    events,
    counted,
    succeeded,
    refused: refusedParts,
    failedRecords: failed.size,
    durationMs: run.now() - startedAt,
  });
  return failed;
};

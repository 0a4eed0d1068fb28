import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { classify } from "../aws/classify";
import { once } from "../aws/client";
import { requireTime } from "../batch";
import { makeRun, type Run, runAbout } from "../consume/run";
import { env } from "../environment";
import { glimpse } from "../events/glimpse";
import { makeLogger } from "../observe/log";
import { countFailure, makeMeter, metricNames } from "../observe/metrics";
import { processRuntime, type Runtime } from "../runtime";
import { readLetter } from "./letter";
import type { Known } from "./origin";
import type { DeadLetterRow } from "./row";
import { type Stored, store } from "./store";
import { tell } from "./tell";

const known = (): Known => ({
  prefix: env("NAME_PREFIX"),
  schedules: JSON.parse(env("SCHEDULES")) as Known["schedules"],
});

const countStored = ({ end, row }: Stored, run: Run): void => {
  run.meter.add(metricNames.success);
  if (end === "known") return;
  run.meter.add(metricNames.deadLettersStored);
  if (row.category === "undelivered") run.meter.add(metricNames.deadLettersUndelivered);
  if (row.source.includes(":function:")) run.meter.add(metricNames.deadLettersOfRuns);
};

const countFailed = (error: unknown, what: string, run: Run): void => {
  const failure = classify(error, "code");
  countFailure(failure, run.meter);
  run.log.error(what, { error: failure });
};

/** The row in which the letter is safe now; nothing where it is not, and has to come again. */
const take = async (record: SQSRecord, run: Run): Promise<DeadLetterRow | undefined> => {
  const startedAt = run.now();
  run.meter.add(metricNames.events);
  try {
    requireTime(run);
    const stored = await store(readLetter(record, known(), startedAt), run);
    const { letter_id, origin, category, reason, count } = stored.row;
    run.log.info("stored a dead letter", {
      letterId: letter_id,
      end: stored.end,
      origin,
      category,
      reason,
      count,
    });
    countStored(stored, run);
    return stored.row;
  } catch (error) {
    countFailed(error, "the dead letter was not stored, and stays in its queue", run);
    return undefined;
  } finally {
    run.meter.add(metricNames.duration, run.now() - startedAt);
  }
};

/**
 * A Lambda handler for dead letter queues: each letter is acknowledged once it is in the table. That nobody could be told
 * of it is an error of its own, and keeps no letter in its queue.
 */
export const drain = (
  name: string,
  runtime: Runtime = processRuntime,
): ((batch: SQSEvent, context: Context) => Promise<SQSBatchResponse>) => {
  const logger = once(() => makeLogger(name));
  const meter = once(() => makeMeter(name));
  return async ({ Records }, context) => {
    logger().addContext(context);
    const run = makeRun(runtime, logger(), meter(), context);
    const taken = await Promise.all(
      Records.map(async (record) => {
        const about = { messageId: record.messageId, ...glimpse(record.body) };
        return { record, row: await take(record, runAbout(run, about)) };
      }),
    );
    const waiting = taken.flatMap(({ row }) => (row?.status === "waiting" ? [row] : []));
    await tell(waiting, run).catch((error) => countFailed(error, "nobody was told of the dead letters", run));
    meter().flush((error) => logger().warn("metrics were not written", { error }));
    const failed = taken.filter(({ row }) => row === undefined);
    return { batchItemFailures: failed.map(({ record }) => ({ itemIdentifier: record.messageId })) };
  };
};

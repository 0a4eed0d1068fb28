import type { Context, KinesisStreamEvent, SQSEvent, SQSRecord } from "aws-lambda";
import { classify } from "../aws/classify";
import { once } from "../aws/client";
import { deadLetter } from "../consume/deadLetter";
import { makeRun, type Run, runAbout } from "../consume/run";
import { causeOf, treatment } from "../failure";
import { makeLogger } from "../observe/log";
import { countFailure, makeMeter, metricNames } from "../observe/metrics";
import { processRuntime, type Runtime } from "../runtime";
import { type Memory, makeMemory } from "./memory";
import { consumer, processRecords } from "./process";
import type { Arrived } from "./read/arrived";
import { fromKinesis } from "./read/kinesis";
import { fromLetter } from "./read/letter";

export interface Answer {
  batchItemFailures: { itemIdentifier: string }[];
}

/** A stream goes on from the lowest number that is reported, whatever else is. */
const ofStream = async (event: KinesisStreamEvent, memory: Memory, run: Run): Promise<string[]> => {
  const records = event.Records.map(fromKinesis);
  const failed = await processRecords(records, memory, run);
  return records
    .map(({ id }) => id)
    .filter((id) => failed.has(id))
    .slice(0, 1);
};

/** Undefined where the letter was dealt with: it never was one of ours. */
const readLetter = async (message: SQSRecord, run: Run): Promise<Arrived | "refused" | "failed"> => {
  try {
    return await fromLetter(message, run);
  } catch (error) {
    const failure = classify(error, "code");
    run.meter.add(metricNames.events);
    countFailure(failure, run.meter);
    run.log.error("a letter could not be read", causeOf(failure));
    if (treatment[failure.category].end === "redeliver") return "failed";
    await deadLetter(message, failure, consumer, run);
    run.meter.add(metricNames.deadLettered);
    return "refused";
  }
};

/** Dead letters that an operator sends once more come by a queue, each for itself. */
const ofQueue = async ({ Records }: SQSEvent, memory: Memory, run: Run): Promise<string[]> => {
  const failed: string[] = [];
  const arrived: Arrived[] = [];
  for (const message of Records) {
    const read = await readLetter(message, run).catch(() => "failed" as const);
    if (read === "failed") failed.push(message.messageId);
    else if (read !== "refused") arrived.push(read);
  }
  if (arrived.length > 0) failed.push(...(await processRecords(arrived, memory, run)));
  return failed;
};

const isOfStream = (event: KinesisStreamEvent | SQSEvent): event is KinesisStreamEvent =>
  event.Records[0]?.eventSource === "aws:kinesis";

/** A Lambda handler for the experiment stream. */
export const streamHandler = (
  name: string,
  makeProcessMemory: () => Memory = makeMemory,
  runtime: Runtime = processRuntime,
): ((event: KinesisStreamEvent | SQSEvent, context: Context) => Promise<Answer>) => {
  const logger = once(() => makeLogger(name));
  const meter = once(() => makeMeter(name));
  const memory = once(makeProcessMemory);
  return async (event, context) => {
    logger().addContext(context);
    // A batch is many stories, and its calls are about all of them.
    const run = runAbout(makeRun(runtime, logger(), meter(), context), { correlationId: context.awsRequestId });
    const startedAt = runtime.now();
    try {
      const failed = isOfStream(event) ? await ofStream(event, memory(), run) : await ofQueue(event, memory(), run);
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      run.meter.add(metricNames.duration, runtime.now() - startedAt);
      run.meter.flush((error) => run.log.warn("metrics were not written", { error }));
    }
  };
};

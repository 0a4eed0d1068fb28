import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { classify } from "../aws/classify";
import { once } from "../aws/client";
import type { EventDefinition, Metadata, PlatformEvent } from "../events/definition";
import { glimpse } from "../events/glimpse";
import { receive } from "../events/receive";
import { causeOf, Failure, treatment } from "../failure";
import { logAbout, makeLogger } from "../observe/log";
import { countFailure, makeMeter, metricNames } from "../observe/metrics";
import { reserveMs } from "../retry";
import { processRuntime, type Runtime } from "../runtime";
import { deadLetter } from "./deadLetter";
import { type Outcome, wordOf } from "./outcome";
import { makeRun, type Run, runAbout } from "./run";

export interface ConsumerDefinition<D extends EventDefinition> {
  name: string;
  accepts: readonly D[];
  /** Has its effect at most once per event, however often it is called, and says in a word what came of it. */
  handle: (event: PlatformEvent<D>, run: Run) => Promise<Outcome>;
}

/** What the log tells of an event. */
export type Told = Omit<Metadata, "eventVersion">;

/** A consumer that makes its own sense of what arrives. */
export interface ReaderDefinition<Event extends Told> {
  name: string;
  /** Throws a validation Failure where the text of an envelope means nothing to it. */
  read: (body: string) => Event;
  handle: (event: Event, run: Run) => Promise<Outcome>;
}

type BatchHandler = (batch: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** A Lambda handler for a queue that a bus rule feeds: the events of a batch succeed and fail each for itself. */
export const consume = <D extends EventDefinition>(
  { name, accepts, handle }: ConsumerDefinition<D>,
  runtime: Runtime = processRuntime,
): BatchHandler => consumeAsRead({ name, read: (body) => receive(body, accepts), handle }, runtime);

export const consumeAsRead = <Event extends Told>(
  definition: ReaderDefinition<Event>,
  runtime: Runtime = processRuntime,
): BatchHandler => {
  const logger = once(() => makeLogger(definition.name));
  const meter = once(() => makeMeter(definition.name));
  return async (batch, context) => {
    logger().addContext(context);
    const failed = await Promise.all(
      batch.Records.map(async (record) => {
        const log = logAbout(logger(), { messageId: record.messageId });
        const run = makeRun(runtime, log, meter(), context);
        return (await process(definition, record, run)) ? [] : [{ itemIdentifier: record.messageId }];
      }),
    );
    meter().flush((error) => logger().warn("metrics were not written", { error }));
    return { batchItemFailures: failed.flat() };
  };
};

/** True once the message may be acknowledged: its effect, or its dead letter, is in place. */
const process = async <Event extends Told>(
  definition: ReaderDefinition<Event>,
  record: SQSRecord,
  run: Run,
): Promise<boolean> => {
  const startedAt = run.now();
  const { meter } = run;
  meter.add(metricNames.events);
  let told = run;
  try {
    if (run.remainingMs() < reserveMs) throw new Failure("unavailable", "no time left in this invocation");
    const event = readCounted(definition, record, run);
    told = runAbout(run, about(event));
    const outcome = await definition.handle(event, told);
    if (typeof outcome === "string") meter.add(metricNames.success);
    else countFailure(outcome.failure, meter);
    told.log.info("handled", {
      outcome: wordOf(outcome),
      durationMs: run.now() - startedAt,
      lagMs: startedAt - event.timestamp,
    });
    return true;
  } catch (error) {
    // One that could not be read may tell whose story it is, all the same.
    if (told === run) told = runAbout(run, { ...glimpse(record.body) });
    return await fail(definition.name, record, classify(error, "code"), told);
  } finally {
    meter.add(metricNames.duration, run.now() - startedAt);
  }
};

const readCounted = <Event extends Told>({ read }: ReaderDefinition<Event>, record: SQSRecord, run: Run): Event => {
  try {
    const event = read(record.body);
    run.meter.add(metricNames.validationSuccess);
    return event;
  } catch (error) {
    run.meter.add(metricNames.validationErrors);
    throw error;
  }
};

const about = ({ timestamp: _, eventId, eventType, correlationId, ...more }: Told): Record<string, unknown> => {
  const { causationId, userId, replayId } = more;
  return {
    eventId,
    eventType,
    correlationId,
    ...(causationId && { causationId }),
    ...(userId && { userId }),
    ...(replayId && { replayId }),
  };
};

const fail = async (consumer: string, record: SQSRecord, failure: Failure, run: Run): Promise<boolean> => {
  const { meter, log } = run;
  countFailure(failure, meter);
  const told = {
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
    ...causeOf(failure),
    // A stack helps with a fault of ours; with somebody's wrong input it is noise.
    ...(failure.origin !== "input" && { error: failure }),
  };
  if (treatment[failure.category].end === "redeliver") {
    log.error("failed, will be redelivered", told);
    return false;
  }
  try {
    await deadLetter(record, failure, consumer, run);
    meter.add(metricNames.deadLettered);
    log.error("failed, sent to the dead letter queue", told);
    return true;
  } catch (error) {
    // What keeps it here is why it could not be sent.
    log.error("failed, and could not be sent to the dead letter queue: will be redelivered", {
      receiveCount: told.receiveCount,
      failedFor: failure.message,
      error,
    });
    return false;
  }
};

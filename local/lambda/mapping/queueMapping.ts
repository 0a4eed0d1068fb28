import { AwsError } from "../../cloud/awsError";
import type { Cloud } from "../../cloud/cloud";
import type { EventSource, ReceivedMessage } from "../eventSource";
import type { LambdaFunction } from "../function";
import { callsBefore, isLoop, withCall } from "../lineage";
import { traceOf } from "../naming";
import { failedMessages } from "./batchAnswer";
import { type Collector, startCollector } from "./collector";
import { describeMapping, type Mapping } from "./mapping";
import { payloads } from "./payloads";
import type { QueueSettings } from "./queueSettings";
import { type SqsRecord, toRecord } from "./record";

/** Without which AWS takes no mapping of a queue. */
export const queueActions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
const concurrencyByDefault = 10;
const longestBackoff = 60_000;

/** Throws unless the function's role may do all that polling needs. */
const authorisePolling = (cloud: Cloud, { role }: LambdaFunction, sourceArn: string): void => {
  for (const action of queueActions) cloud.authorise(role, { action, resource: sourceArn });
};

const traceHeader = "AWSTraceHeader";

/** A batch goes on with the longest of the chains that its messages are of. */
const traceOfBatch = (cloud: Cloud, records: readonly SqsRecord[], arn: string): string => {
  const traces = records.flatMap(({ attributes }) => attributes[traceHeader] ?? []);
  const [longest] = traces.sort((a, b) => callsBefore(b, arn) - callsBefore(a, arn));
  return withCall(longest ?? traceOf(cloud.clock.now(), cloud.newId()), arn);
};

export const startQueueMapping = (
  cloud: Cloud,
  source: EventSource,
  declared: QueueSettings,
  target: LambdaFunction,
): Mapping => {
  const { uuid, sourceArn, concurrency = concurrencyByDefault, filter, reportsFailures } = declared;
  const about = describeMapping(cloud, uuid);
  const label = `mapping to ${target.settings.name}`;
  const settings = { ...declared };
  const underWay = new Set<Promise<void>>();
  const counts = { batches: 0, messages: 0, filtered: 0 };
  let collector: Collector | undefined;
  let throttles = 0;

  const isLooping = ({ attributes }: SqsRecord): boolean => isLoop(attributes[traceHeader], target.arn);

  const backOff = () => {
    if (collector?.pause(Math.min(longestBackoff, 1_000 * 2 ** throttles), "work")) throttles++;
    about.report("PROBLEM: Function call was throttled");
  };

  const finish = async (records: readonly SqsRecord[], failed: ReadonlySet<string>): Promise<void> => {
    const handles = records.filter(({ messageId }) => !failed.has(messageId)).map(({ receiptHandle }) => receiptHandle);
    if (handles.length > 0) await source.delete(sourceArn, handles);
  };

  /** As AWS: what came of the function's own messages again and again calls it no more, unless it is allowed to. */
  const withoutLoops = async (records: readonly SqsRecord[]): Promise<readonly SqsRecord[]> => {
    if (target.recursiveLoop === "Allow") return records;
    const [loops, others] = [records.filter(isLooping), records.filter((record) => !isLooping(record))];
    if (loops.length === 0) return records;
    target.metrics.count("RecursiveInvocationsDropped");
    about.report("PROBLEM: Recursive loop detected, the messages were given up");
    await source.giveUp(
      sourceArn,
      loops.map(({ receiptHandle }) => receiptHandle),
    );
    return others;
  };

  /** What fails keeps its visibility timeout: the queue brings it again, or gives it up. */
  const invoke = async (records: readonly SqsRecord[], payload: Buffer): Promise<void> => {
    const result = await target.invoke(payload, {
      invoker: about.arn,
      traceId: traceOfBatch(cloud, records, target.arn),
    });
    if (result.kind === "throttled") return backOff();
    throttles = 0;
    counts.batches++;
    counts.messages += records.length;
    about.report(result.kind === "success" ? "OK" : "PROBLEM: Function call failed");
    if (result.kind === "error") return;
    const sent = records.map(({ messageId }) => messageId);
    await finish(records, reportsFailures ? failedMessages(result.payload, sent) : new Set());
  };

  const handle = async (batch: readonly ReceivedMessage[]): Promise<void> => {
    const records = batch.map((message) => toRecord(message, sourceArn));
    const wanted = filter ? records.filter(filter) : records;
    if (wanted.length < records.length) {
      const passed = new Set(wanted.map(({ messageId }) => messageId));
      counts.filtered += records.length - wanted.length;
      await finish(records, passed);
    }
    for (const part of payloads(await withoutLoops(wanted))) await invoke(part.records, part.payload);
  };

  const onTrouble = (error: unknown) => {
    const reason = error instanceof AwsError ? `${error.code}: ${error.message}` : String(error);
    about.report(`PROBLEM: ${reason}`);
  };

  const dispatch = (batch: ReceivedMessage[]) => {
    const work = cloud.activity.during(label, async () => {
      await handle(batch).catch(onTrouble);
      underWay.delete(work);
      collector?.wake();
    });
    underWay.add(work);
  };

  const start = () => {
    collector = startCollector(cloud, source, {
      label,
      sourceArn,
      batchSize: () => settings.batchSize,
      hasRoom: () => underWay.size < concurrency,
      windowMs: settings.windowSeconds * 1_000,
      authorise: () => authorisePolling(cloud, target, sourceArn),
      dispatch,
      onTrouble,
    });
  };

  const stop = () => {
    collector?.stop();
    collector = undefined;
  };

  if (settings.enabled) start();

  return {
    settings,
    target,
    ...about,
    stats: () => ({ inFlight: underWay.size, ...counts }),
    update: ({ enabled = settings.enabled, batchSize = settings.batchSize }) => {
      about.touch();
      settings.batchSize = batchSize;
      if (enabled && !settings.enabled) start();
      if (!enabled) stop();
      settings.enabled = enabled;
    },
    reset: async () => undefined,
    close: async () => {
      stop();
      await Promise.all(underWay);
    },
  };
};

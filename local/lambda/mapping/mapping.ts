import { AwsError } from "../../cloud/awsError";
import { account, type Cloud, region } from "../../cloud/cloud";
import type { EventSource, ReceivedMessage } from "../eventSource";
import type { LambdaFunction } from "../function";
import { failedMessages } from "./batchAnswer";
import { type Collector, startCollector } from "./collector";
import { payloads, type SqsRecord, toRecord } from "./record";
import type { MappingSettings } from "./settings";

export interface MappingStats {
  inFlight: number;
  batches: number;
  messages: number;
  filtered: number;
}

/** A mapping at work: what a queue holds becomes invocations of a function. */
export interface Mapping {
  readonly settings: MappingSettings;
  readonly target: LambdaFunction;
  readonly arn: string;
  /** How its last batch went, in Lambda's words. */
  lastResult: () => string;
  modifiedAt: () => number;
  stats: () => MappingStats;
  update: (changes: { enabled?: boolean | undefined; batchSize?: number | undefined }) => void;
  close: () => Promise<void>;
}

/** Without which AWS takes no mapping of a queue. */
export const pollingActions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
const concurrencyByDefault = 10;
const longestBackoff = 60_000;

/** Throws unless the function's role may do all that polling needs. */
export const authorisePolling = (cloud: Cloud, { role }: LambdaFunction, sourceArn: string): void => {
  for (const action of pollingActions) cloud.authorise(role, { action, resource: sourceArn });
};

export const startMapping = (
  cloud: Cloud,
  source: EventSource,
  declared: MappingSettings,
  target: LambdaFunction,
): Mapping => {
  const { uuid, sourceArn, concurrency = concurrencyByDefault, filter, reportsFailures } = declared;
  const arn = `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}`;
  const label = `mapping to ${target.settings.name}`;
  const settings = { ...declared };
  const underWay = new Set<Promise<void>>();
  const counts = { batches: 0, messages: 0, filtered: 0 };
  let collector: Collector | undefined;
  let throttles = 0;
  let lastResult = "No records processed";
  let modifiedAt = cloud.clock.now();

  const backOff = () => {
    if (collector?.pause(Math.min(longestBackoff, 1_000 * 2 ** throttles), "work")) throttles++;
    lastResult = "PROBLEM: Function call was throttled";
  };

  const finish = async (records: readonly SqsRecord[], failed: ReadonlySet<string>): Promise<void> => {
    const handles = records.filter(({ messageId }) => !failed.has(messageId)).map(({ receiptHandle }) => receiptHandle);
    if (handles.length > 0) await source.delete(sourceArn, handles);
  };

  /** What fails keeps its visibility timeout: the queue brings it again, or gives it up. */
  const invoke = async (records: readonly SqsRecord[], payload: Buffer): Promise<void> => {
    const result = await target.invoke(payload, { invoker: arn });
    if (result.kind === "throttled") return backOff();
    throttles = 0;
    counts.batches++;
    counts.messages += records.length;
    lastResult = result.kind === "success" ? "OK" : "PROBLEM: Function call failed";
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
    for (const part of payloads(wanted)) await invoke(part.records, part.payload);
  };

  const onTrouble = (error: unknown) => {
    const reason = error instanceof AwsError ? `${error.code}: ${error.message}` : String(error);
    lastResult = `PROBLEM: ${reason}`;
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
    arn,
    lastResult: () => lastResult,
    modifiedAt: () => modifiedAt,
    stats: () => ({ inFlight: underWay.size, ...counts }),
    update: ({ enabled = settings.enabled, batchSize = settings.batchSize }) => {
      modifiedAt = cloud.clock.now();
      settings.batchSize = batchSize;
      if (enabled && !settings.enabled) start();
      if (!enabled) stop();
      settings.enabled = enabled;
    },
    close: async () => {
      stop();
      await Promise.all(underWay);
    },
  };
};

import { AwsError } from "../../../cloud/awsError";
import type { Cloud } from "../../../cloud/cloud";
import type { LambdaFunction } from "../../function";
import type { KeptCheckpoints } from "../../keptCheckpoints";
import type { StreamRecord, StreamSource } from "../../streamSource";
import { describeMapping, type Mapping } from "../mapping";
import { type BatchWork, workThrough } from "./batch";
import { sendLost } from "./destination";
import { arrivalOf, sequenceOf, toRecord } from "./record";
import type { StreamSettings } from "./settings";
import { type LaneTime, type ShardWork, startShardWork } from "./shardWork";

/** Without which AWS takes no mapping of a stream. */
export const streamActions = [
  "kinesis:GetRecords",
  "kinesis:GetShardIterator",
  "kinesis:DescribeStream",
  "kinesis:DescribeStreamSummary",
  "kinesis:ListShards",
];
const longestBackoff = 60_000;

/** Where it begins is settled for all shards at once, before any other record arrives. Shards that come later are read whole. */
const markBeginning = (
  { source, kept }: { source: StreamSource; kept: KeptCheckpoints },
  { sourceArn, start, lanes }: StreamSettings,
  { settings: { name: functionName } }: LambdaFunction,
): void => {
  const shards = source.shards(sourceArn).map(({ id }) => ({ functionName, sourceArn, shardId: id }));
  if (shards.some((shard) => kept.find(shard))) return;
  for (const shard of shards) {
    const position = source.start(sourceArn, shard.shardId, start);
    kept.put({ ...shard, lanes: Array.from({ length: lanes }, () => position) });
  }
};

/** A mapping at work: what a stream's shards hold becomes invocations of a function, in each shard's order. */
export const startStreamMapping = (
  { cloud, source, kept }: { cloud: Cloud; source: StreamSource; kept: KeptCheckpoints },
  declared: StreamSettings,
  target: LambdaFunction,
): Mapping => {
  const { sourceArn, uuid, filter } = declared;
  const settings = { ...declared };
  const about = describeMapping(cloud, uuid);
  const counts = { inFlight: 0, batches: 0, messages: 0, filtered: 0 };
  const shards = new Map<string, ShardWork>();
  const finished = new Set<string>();
  let forget = (): void => undefined;
  let turn: Promise<void> = Promise.resolve();
  /** Counts up with each stop, so that whoever is left of an earlier time knows. */
  let session = 0;

  const authorise = (action: string): void => cloud.authorise(target.role, { action, resource: sourceArn });

  const onTrouble = (error: unknown): void => {
    const reason = error instanceof AwsError ? `${error.code}: ${error.message}` : String(error);
    about.report(`PROBLEM: ${reason}`);
  };

  const horizon = (): number => {
    const now = cloud.clock.now();
    return now - Math.min(settings.maxAgeMs, source.retentionMs(sourceArn));
  };

  const invoke: BatchWork["invoke"] = async ({ records }, payload) => {
    const newest = records.at(-1);
    if (newest) target.metrics.iteratorAge(cloud.clock.now() - arrivalOf(newest));
    counts.inFlight++;
    try {
      const result = await target.invoke(payload, { invoker: about.arn });
      counts.batches++;
      if (result.kind === "throttled") about.report("PROBLEM: Function call was throttled");
      else about.report(result.kind === "success" ? "OK" : "PROBLEM: Function call failed");
      return result;
    } finally {
      counts.inFlight--;
    }
  };

  const handle = async (
    batch: readonly StreamRecord[],
    lane: LaneTime & { stopped: () => boolean },
    shardId: string,
  ): Promise<void> => {
    const named = { shardId, roleArn: target.settings.roleArn, sourceArn };
    const records = batch.map((record) => toRecord(record, named));
    const wanted = filter ? records.filter(filter) : records;
    counts.filtered += records.length - wanted.length;
    await workThrough(wanted, {
      rules: settings,
      horizon,
      invoke,
      stopped: lane.stopped,
      advance: (record) => lane.advance(sequenceOf(record)),
      giveUp: async ({ reason, part, requestId, last }) => {
        const [first, ...more] = part.records;
        if (!first) return;
        const lost = { reason, shardId, sourceArn, functionArn: target.arn, requestId, runs: part.runs, last };
        await sendLost(cloud, target, settings.onFailure, { ...lost, records: [first, ...more] }, uuid);
      },
      wait: (times) => lane.rest(Math.min(longestBackoff, 1_000 * 2 ** (times - 1))),
    });
    counts.messages += wanted.length;
  };

  const begin = (shardId: string): void => {
    const own = session;
    const work = startShardWork({
      cloud,
      kept,
      label: `mapping to ${target.settings.name}`,
      about: { functionName: target.settings.name, sourceArn, shardId },
      lanes: settings.lanes,
      batchSize: () => settings.batchSize,
      windowMs: settings.windowSeconds * 1_000,
      start: source.start(sourceArn, shardId, { position: "TRIM_HORIZON" }),
      read: (after, options) => {
        const reading = source.read(sourceArn, shardId, after, options);
        if (reading.records.length > 0) authorise("kinesis:GetRecords");
        return reading;
      },
      handle: (batch, lane) => handle(batch, { ...lane, stopped: () => session !== own }, shardId),
      onTrouble,
      onEnd: () => {
        if (session !== own) return;
        shards.delete(shardId);
        finished.add(shardId);
        look();
      },
    });
    shards.set(shardId, work);
  };

  /** A shard's turn comes once those that it follows are done with. */
  const look = (): void => {
    try {
      for (const { id, parents } of source.shards(sourceArn)) {
        const waits = parents.some((parent) => !finished.has(parent));
        if (!waits && !shards.has(id) && !finished.has(id)) begin(id);
      }
    } catch (error) {
      onTrouble(error);
    }
  };

  const start = (): void => {
    forget = source.onChange(sourceArn, (shardIds) => {
      for (const shardId of shardIds) shards.get(shardId)?.wake();
      look();
    });
    look();
  };

  const stop = async (): Promise<void> => {
    forget();
    session++;
    const working = [...shards.values()];
    shards.clear();
    await Promise.all(working.map((work) => work.stop()));
  };

  /** One after the other: what was under way ends before it begins anew. */
  const inTurn = (work: () => Promise<void> | void): Promise<void> => {
    turn = turn.then(work);
    return turn;
  };

  markBeginning({ source, kept }, settings, target);
  if (settings.enabled) start();

  return {
    settings,
    target,
    ...about,
    stats: () => ({ ...counts }),
    update: ({ enabled = settings.enabled, batchSize = settings.batchSize }) => {
      about.touch();
      settings.batchSize = batchSize;
      const before = settings.enabled;
      settings.enabled = enabled;
      if (enabled !== before) void inTurn(enabled ? start : stop);
    },
    reset: () =>
      inTurn(async () => {
        if (!settings.enabled) return;
        await stop();
        start();
      }),
    close: () => inTurn(stop),
  };
};

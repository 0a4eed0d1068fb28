import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import { Clock } from "../../../local/cloud/clock";
import { Cloud } from "../../../local/cloud/cloud";
import type { MetricDatum } from "../../../local/cloudWatch/metricData";
import { createKinesis, type Kinesis } from "../../../local/kinesis/service";
import { startTestCloud, type TestCloud } from "../cloud";

export const streamType = "aws:kinesis/stream:Stream";
export const arnOf = (name: string): string => `arn:aws:kinesis:us-east-1:123456789012:stream/${name}`;

export interface World extends TestCloud {
  kinesis: Kinesis;
  api: KinesisClient;
  metrics: MetricDatum[];
  /** Declares a stream. */
  stream: (name: string, inputs?: Record<string, unknown>) => Promise<void>;
  /** Puts records, each under its own partition key, as `key:data`. */
  put: (name: string, ...records: string[]) => Promise<{ shard: string; sequence: string }[]>;
  iterator: (name: string, shard: string, more?: Partial<GetShardIteratorCommandInput>) => Promise<string>;
  /** What a shard holds, as text. */
  texts: (name: string, shard?: string) => Promise<string[]>;
  openShards: (name: string) => Promise<string[]>;
  later: (seconds: number) => Promise<void>;
}

export const shardId = (index: number): string => `shardId-${String(index).padStart(12, "0")}`;

export const asText = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString();

export const startWorld = async (clock = new Clock()): Promise<World> => {
  const cloud = new Cloud({ clock });
  const metrics: MetricDatum[] = [];
  const kinesis = createKinesis(cloud, { onMetric: (datum) => metrics.push(datum) });
  const world = await startTestCloud(() => [kinesis], cloud);
  const api = new KinesisClient(world.client);
  const iterator: World["iterator"] = async (StreamName, ShardId, more = {}) => {
    const input = { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" as const, ...more };
    return (await api.send(new GetShardIteratorCommand(input))).ShardIterator ?? "";
  };
  return {
    ...world,
    kinesis,
    api,
    metrics,
    stream: async (name, inputs = { shardCount: 1 }) => {
      await world.declare(streamType, name, { name, ...inputs });
    },
    put: async (StreamName, ...records) => {
      const { Records = [] } = await api.send(
        new PutRecordsCommand({
          StreamName,
          Records: records.map((record) => {
            const [PartitionKey = "", data = ""] = record.split(":");
            return { PartitionKey, Data: Buffer.from(data) };
          }),
        }),
      );
      return Records.map(({ ShardId = "", SequenceNumber = "" }) => ({ shard: ShardId, sequence: SequenceNumber }));
    },
    iterator,
    texts: async (name, shard = shardId(0)) => {
      const { Records = [] } = await api.send(new GetRecordsCommand({ ShardIterator: await iterator(name, shard) }));
      return Records.map(({ Data }) => asText(Data));
    },
    openShards: async (StreamName) => {
      const { Shards = [] } = await api.send(new ListShardsCommand({ StreamName, ShardFilter: { Type: "AT_LATEST" } }));
      return Shards.map(({ ShardId = "" }) => ShardId);
    },
    later: (seconds) => cloud.clock.turnTo(cloud.clock.now() + seconds * 1_000),
    close: async () => {
      api.destroy();
      await world.close();
    },
  };
};

export { failure } from "../failure";

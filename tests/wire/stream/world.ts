import { gunzipSync } from "node:zlib";
import { CreateBucketCommand, DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { s3 } from "../../../functions/processing/aws/s3";
import type { Runtime } from "../../../functions/processing/runtime";
import { formatDecimal } from "../../../functions/processing/stream/count/decimal";
import { partitionOf } from "../../../functions/processing/stream/count/keys";
import { Windows } from "../../../functions/processing/stream/count/windows";
import { streamHandler } from "../../../functions/processing/stream/handler";
import { type Memory, makeMemory } from "../../../functions/processing/stream/memory";
import { testRun } from "../run";
import { emptyTables } from "../tables";
import { context, type World, world } from "../world";

export const now = Date.parse("2026-10-29T12:30:00Z");
export const hour = "2026-10-29T12";
export const day = "2026-10-29";
const archive = "event-archive";

const start = async (): Promise<World> => {
  const made = await world();
  for (const Bucket of [archive, "dead-letters"]) await s3().send(new CreateBucketCommand({ Bucket }));
  return made;
};

let started: Promise<World> | undefined;

const keysIn = async (Bucket: string): Promise<string[]> => {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3().send(new ListObjectsV2Command({ Bucket, ...(ContinuationToken && { ContinuationToken }) }));
    keys.push(...(page.Contents ?? []).map(({ Key = "" }) => Key));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return keys;
};

/** Tables, archive and dead letters, with nothing in them. */
export const cleanWorld = async (): Promise<World> => {
  started ??= start();
  const made = await started;
  Object.assign(process.env, {
    DEAD_LETTERS_BUCKET: "dead-letters",
    EXPERIMENT_SHARDS: "1",
    EXPERIMENT_USER_SAMPLE: "0",
    EXPERIMENT_RETENTION_DAYS: "400",
  });
  const keys = await keysIn(archive);
  await Promise.all([
    emptyTables("event-aggregations", "experiments", "assignments"),
    made.deadLetters.take(),
    ...keys.map((Key) => s3().send(new DeleteObjectCommand({ Bucket: archive, Key }))),
  ]);
  return made;
};

export interface ArchivedObject {
  key: string;
  metadata: Record<string, string>;
  lines: Record<string, unknown>[];
}

/** Every object of the archive. */
export const archived = async (): Promise<ArchivedObject[]> =>
  Promise.all(
    (await keysIn(archive)).map(async (key) => {
      const { Body, Metadata = {} } = await s3().send(new GetObjectCommand({ Bucket: archive, Key: key }));
      const text = gunzipSync((await Body?.transformToByteArray()) ?? "").toString("utf8");
      const lines = text.trimEnd().split("\n");
      return { key, metadata: Metadata, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
    }),
  );

export const event = (eventId: string, over: object = {}) => ({
  eventId,
  eventType: "exposure",
  timestamp: now - 60_000,
  experimentId: "checkout",
  userId: "ann",
  variant: "B",
  ...over,
});

const numberDigits = 20;

/** A record as the stream hands it to a function. */
export const record = (data: unknown, sequence: number, over: Partial<KinesisStreamRecord["kinesis"]> = {}) => {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(typeof data === "string" ? data : JSON.stringify(data));
  const sequenceNumber = String(sequence).padStart(numberDigits, "0");
  return {
    awsRegion: "us-east-1",
    eventID: `shardId-000000000000:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
    eventSource: "aws:kinesis",
    eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/signal9-test-experiments",
    eventVersion: "1.0",
    invokeIdentityArn: "arn:aws:iam::123456789012:role/signal9-test-experiment-stream",
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: "key",
      sequenceNumber,
      data: bytes.toString("base64"),
      approximateArrivalTimestamp: now / 1_000,
      ...over,
    },
  } satisfies KinesisStreamRecord;
};

export const batchOf = (...events: unknown[]): KinesisStreamEvent => ({
  Records: events.map((one, at) => record(one, at + 1)),
});

let ids = 0;

/** A function in a process of its own: what it remembers is nobody else's. */
export const processor = (over: Partial<Runtime> = {}, memory: () => Memory = makeMemory) => {
  const runtime: Runtime = {
    now: () => now,
    newId: () => `id-${++ids}`,
    random: () => 0.5,
    sleep: async () => undefined,
    ...over,
  };
  const handle = streamHandler("experimentStream", memory, runtime);
  return (batch: Parameters<typeof handle>[0], remainingMs = 30_000) => handle(batch, context(remainingMs));
};

export interface Counted {
  count: number;
  sum: string;
  squares: string;
  min: number;
  max: number;
  users: number;
}

/** What a window says, read from its log alone. */
export const countedIn = async (
  window: string,
  shard = 0,
  experimentId = "checkout",
): Promise<Record<string, Counted>> => {
  const read = await new Windows({ mostBytes: 0 }).current(partitionOf(experimentId, window, shard), testRun(now));
  return Object.fromEntries(
    [...read.figures].map(([name, { count, sum, squares, min, max }]) => [
      name,
      { count, sum: formatDecimal(sum), squares: formatDecimal(squares), min, max, users: read.usersOf(name).size },
    ]),
  );
};

export const given = async (table: "experiments" | "assignments", ...rows: object[]): Promise<void> => {
  await dynamodb().send(
    new BatchWriteCommand({ RequestItems: { [table]: rows.map((Item) => ({ PutRequest: { Item } })) } }),
  );
};

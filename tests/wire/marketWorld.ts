import { CreateBucketCommand, DeleteObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { GetCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { s3 } from "../../functions/processing/aws/s3";
import { sqs } from "../../functions/processing/aws/sqs";
import { wordOf } from "../../functions/processing/consume/outcome";
import type { Priority } from "../../functions/processing/events/fields";
import { Failure } from "../../functions/processing/failure";
import { type DataType, dataTypes } from "../../functions/processing/fundamentals/dataTypes";
import type { DataIngestionNeeded } from "../../functions/processing/ingestion/ensureQueued";
import { ingest } from "../../functions/processing/ingestion/ingest";
import { type PollenationNeeded, pollinate } from "../../functions/processing/pollination/pollinate";
import type { AssetState } from "../../functions/processing/state/assetState";
import type { Job } from "../../functions/processing/work/job";
import type { TableName } from "../../infra/tables";
import { alphaVantageKey, friday, startTestMarket, type TestMarket } from "../local/market/started";
import { atTheEnd } from "./closing";
import { captureOutput } from "./output";
import { type TestRun, testRun } from "./run";
import { emptyTables } from "./tables";
import { type World, world } from "./world";

/** The moment at which the market's clock stands. */
export const noon = friday;
const Bucket = "raw-answers";
const queueUrls = { name: "ingestion", env: "OWN_QUEUE_URL" };

const fundamentals: TableName[] = ["company-overview", "earnings", "income-statement", "balance-sheet", "cash-flow"];

/** The tables through which market data goes. */
const tables: TableName[] = [
  ...fundamentals,
  "assets",
  "earnings-calendar",
  "processing-state",
  "queue-tracking",
  "api-budget",
  "effects",
  "event-store",
];

export interface MarketWorld extends World {
  market: TestMarket;
}

const start = async (): Promise<MarketWorld> => {
  const [services, market] = await Promise.all([world(), startTestMarket()]);
  atTheEnd(market.close);
  await s3().send(new CreateBucketCommand({ Bucket }));
  const { QueueUrl = "" } = await sqs().send(new CreateQueueCommand({ QueueName: queueUrls.name }));
  Object.assign(process.env, {
    RAW_ANSWERS_BUCKET: Bucket,
    // The engine gives its queues addresses that no resolver knows.
    [queueUrls.env]: QueueUrl.replace(/^https?:\/\/[^/]+/, process.env["AWS_ENDPOINT_URL_SQS"] ?? ""),
    API_BUDGET_TABLE: "api-budget",
    ...Object.fromEntries(dataTypes.map((type) => [`${type.toUpperCase()}_TABLE`, type.replaceAll("_", "-")])),
    ALPHA_VANTAGE_PER_DAY: "25",
    ALPHA_VANTAGE_PER_SECOND: "1000",
    ALPHA_VANTAGE_CALENDAR_CALLS: "1",
    ALPHA_VANTAGE_NEWS_CALLS: "4",
    ALPACA_PER_MINUTE: "60000",
  });
  return { ...services, market };
};

let shared: Promise<MarketWorld> | undefined;

export const marketWorld = (): Promise<MarketWorld> => {
  shared ??= start();
  return shared;
};

/** Where nobody has asked for the market's world, there is no bucket. */
const emptyBucket = async (): Promise<void> => {
  if (!shared) return;
  for (;;) {
    const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket }));
    if (Contents.length === 0) return;
    await Promise.all(Contents.map(({ Key }) => s3().send(new DeleteObjectCommand({ Bucket, Key }))));
  }
};

/** Nothing is left of what a test did, neither for the next of these nor for others. */
export const cleanMarket = async (): Promise<void> => {
  const { bus, deadLetters } = await world();
  await Promise.all([emptyTables(...tables), emptyBucket(), deadLetters.take()]);
  for (const list of [bus.accepted, bus.calls, bus.script]) list.splice(0);
};

let invocations = 0;

/** A run of its own invocation: its ids are nobody else's. */
export const invocation = (now = noon, over: Parameters<typeof testRun>[1] = {}): TestRun => {
  const number = ++invocations;
  let ids = 0;
  return { ...testRun(now, { newId: () => `id-${number}-${++ids}`, ...over }), requestId: `request-${number}` };
};

type Outcome = "fails" | "is lost" | "works";

const failures = {
  throttled: new Failure("throttled", "slow down", { origin: "dynamodb" }),
  denied: new Failure("denied", "not allowed", { origin: "dynamodb" }),
};

export const writes: ReadonlySet<string> = new Set(["PutItem", "UpdateItem", "TransactWriteItems"]);

/**
 * The same run, some of whose calls do not come through: `fate` is asked of each, by its operation and how many of it there
 * were. Where the answer `is lost`, the service has done what was asked.
 */
export const fated = (
  run: TestRun,
  fate: (operation: string, count: number) => Outcome,
  kind: keyof typeof failures = "throttled",
): TestRun => {
  const counts = new Map<string, number>();
  return {
    ...run,
    call: (operation, origin, send) =>
      run.call(operation, origin, async () => {
        const count = (counts.get(operation) ?? 0) + 1;
        counts.set(operation, count);
        const outcome = fate(operation, count);
        if (outcome === "fails") throw failures[kind];
        const answer = await send();
        if (outcome === "is lost") throw failures[kind];
        return answer;
      }),
  };
};

let events = 0;
const metadata = (eventId: string, timestamp: number, eventType: string) => ({
  eventId,
  eventType,
  eventVersion: "1.0",
  timestamp,
  correlationId: eventId,
  source: "signal9.advisor",
});

export const wanted = (
  assetId: string,
  types: readonly DataType[],
  { eventId = `wanted-${++events}`, timestamp = noon, priority = "high" as Priority } = {},
): PollenationNeeded => ({
  ...metadata(eventId, timestamp, "pollenationNeeded"),
  payload: { assetId, dataTypes: [...types], priority },
});

export const bell = (
  assetId: string,
  dataType: DataType,
  { eventId = `bell-${++events}`, timestamp = noon, priority = "high" as "high" | "low" } = {},
): DataIngestionNeeded => ({
  ...metadata(eventId, timestamp, "dataIngestionNeeded"),
  payload: { assetId, dataType, priority },
});

export const list = async (...symbols: string[]): Promise<void> => {
  for (const symbol of symbols) {
    const Item = {
      asset_id: `ASSET#${symbol}`,
      status: "active",
      first_seen: "2026-08-01",
      content_hash: "x",
      source_time: 1,
    };
    await dynamodb().send(new PutCommand({ TableName: "assets", Item }));
  }
};

/** What is logged is not what these tests are about. */
export const quietly = async <T>(work: () => Promise<T>): Promise<T> => (await captureOutput(work)).result;

export const pollinated = (event: PollenationNeeded, run: TestRun = invocation()): Promise<string> =>
  quietly(() => pollinate(event, run));

/** What the bell's event leads to, with a key that the market accepts. */
export const rung = async (event: DataIngestionNeeded, run: TestRun = invocation()): Promise<string> => {
  const { market } = await marketWorld();
  const access = async () => ({ baseUrl: market.url, key: alphaVantageKey });
  return wordOf(await quietly(() => ingest(event, run, access)));
};

const get = async (TableName: string, Key: Record<string, string>) =>
  (await dynamodb().send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;

export const stateOf = async (symbol: string): Promise<AssetState> =>
  (await get("processing-state", { asset_id: `ASSET#${symbol}` })) as AssetState;

export const jobOf = async (symbol: string, task: DataType): Promise<Job> =>
  (await get("queue-tracking", { job_id: `ingestion#${symbol}#${task}` })) as Job;

export const rowsOf = async (TableName: TableName): Promise<Record<string, unknown>[]> =>
  (await dynamodb().send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];

/** Bells that ring later. */
export const bellsLater = async (): Promise<number> => {
  const { Attributes } = await sqs().send(
    new GetQueueAttributesCommand({
      QueueUrl: process.env[queueUrls.env],
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"],
    }),
  );
  return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
};

import { gunzipSync } from "node:zlib";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { readDeadLetters } from "../../../commands/start/deadLetters";
import type { Head, ReportRow } from "../../../functions/processing/fundamentals/changes";
import { type DataType, dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import type { AssetState } from "../../../functions/processing/state/assetState";
import type { Job } from "../../../functions/processing/work/job";
import { prefix, type Shared } from "./sharedCloud";

type Row = Record<string, unknown>;

export interface StoredEvent {
  event_id: string;
  event_type: string;
  entity: string;
  status: string;
  detail: Row;
  correlation_id: string;
  causation_id?: string;
  changes?: { field: string; oldValue?: unknown; newValue?: unknown }[];
}

export interface Letter {
  consumer: string;
  reason: string;
  detail: Row;
}

export interface LogLine extends Row {
  message: string;
  level: string;
}

/** All that the platform has written down, as it stands. */
export interface Book {
  assets: Row[];
  states: AssetState[];
  /** Of the ingestion queue. */
  jobs: Job[];
  events: StoredEvent[];
  effects: Row[];
  calendar: Row[];
  news: Row[];
  budget: Row | undefined;
  heads: (Head & { type: DataType })[];
  reports: (ReportRow & { type: DataType })[];
  letters: Letter[];
  /** Messages in the consumers' queues, whether they can be received now or later. */
  left: Record<string, number>;
}

export const scan = async ({ clients }: Shared, table: string): Promise<Row[]> => {
  const rows: Row[] = [];
  let start: Row | undefined;
  do {
    const page = await clients.dynamodb.send(
      new ScanCommand({ TableName: `${prefix}${table}`, ...(start && { ExclusiveStartKey: start }) }),
    );
    rows.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
};

/** Consumers whose work is market data. */
export const consumers = ["pollination", "ingestion", "analysisBatches", "markEarningsProcessed"] as const;

const messagesIn = async ({ clients }: Shared, url: string): Promise<number> => {
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
  );
  const counts = Object.entries(Attributes).filter(([name]) => name.startsWith("ApproximateNumberOfMessages"));
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
};

const isOurs = (name: string): boolean => (consumers as readonly string[]).includes(name);

const parsed = (text: string): Row => {
  try {
    return JSON.parse(text) as Row;
  } catch {
    return {};
  }
};

const lettersOf = async ({ clients, outputs }: Shared): Promise<Letter[]> =>
  (await readDeadLetters(clients, outputs))
    .filter(({ consumer }) => isOurs(consumer))
    .map(({ consumer, reason, body }) => ({ consumer, reason, detail: (parsed(body)["detail"] ?? {}) as Row }));

const reportRowsOf = async (shared: Shared): Promise<((Head | ReportRow) & { type: DataType })[]> => {
  const tables = await Promise.all(
    dataTypes.map(async (type) => {
      const rows = (await scan(shared, type.replaceAll("_", "-"))) as unknown as (Head | ReportRow)[];
      return rows.map((row) => ({ ...row, type }));
    }),
  );
  return tables.flat();
};

const isHead = (row: (Head | ReportRow) & { type: DataType }): row is Head & { type: DataType } =>
  row.report_key === "HEAD";

export const readBook = async (shared: Shared): Promise<Book> => {
  const queues = Object.entries(shared.outputs.queues).filter(([name]) => isOurs(name));
  const [assets, states, jobs, events, effects, calendar, news, budgets, rows, letters, left] = await Promise.all([
    scan(shared, "assets"),
    scan(shared, "processing-state"),
    scan(shared, "queue-tracking"),
    scan(shared, "event-store"),
    scan(shared, "effects"),
    scan(shared, "earnings-calendar"),
    scan(shared, "news"),
    scan(shared, "api-budget"),
    reportRowsOf(shared),
    lettersOf(shared),
    Promise.all(queues.map(async ([name, { url }]) => [name, await messagesIn(shared, url)] as const)),
  ]);
  return {
    assets,
    states: states.filter(({ asset_id }) => String(asset_id).startsWith("ASSET#")) as unknown as AssetState[],
    jobs: (jobs as unknown as Job[]).filter(({ job_id }) => job_id.startsWith("ingestion#")),
    events: events.map((row) => ({ ...row, detail: parsed(String(row["detail"])) })) as unknown as StoredEvent[],
    effects,
    calendar,
    news,
    budget: budgets.find(({ budget_id }) => budget_id === "alphavantage"),
    heads: rows.filter(isHead),
    reports: rows.filter((row): row is ReportRow & { type: DataType } => !isHead(row)),
    letters,
    left: Object.fromEntries(left),
  };
};

export const eventsOf = ({ events }: Pick<Book, "events">, type: string): StoredEvent[] =>
  events.filter(({ event_type }) => event_type === type);

/** What a function has logged since a moment, or since the day of the test began, in order. */
export const logOf = async ({ clients }: Shared, label: string, startTime?: number): Promise<LogLine[]> => {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const page = await clients.logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${prefix}${label}`, startTime, nextToken }),
    );
    const written = (page.events ?? []).map(({ message = "{}" }) => parsed(message));
    lines.push(...written.filter((line): line is LogLine => typeof line["message"] === "string"));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
};

export const rawBucket = ({ up }: Shared): string => {
  const bucket = up.run.resources.find(({ type, name }) => type === "aws:s3/bucket:Bucket" && name === "raw-answers");
  if (!bucket) throw new Error("there is no bucket for raw answers");
  return bucket.id;
};

/** An answer that was kept, in words. */
export const rawAnswer = async (shared: Shared, Key: string): Promise<string> => {
  const { Body, ContentEncoding } = await shared.clients.s3.send(
    new GetObjectCommand({ Bucket: rawBucket(shared), Key }),
  );
  if (ContentEncoding !== "gzip") throw new Error(`${Key} is not packed: ${ContentEncoding}`);
  return gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString("utf8");
};

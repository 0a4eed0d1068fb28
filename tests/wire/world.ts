import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { atTheEnd } from "./closing";
import { startDynamoDB } from "./dynamodb";
import { type BusEndpoint, startEventBridge } from "./eventBridge";
import { type QueueEndpoint, startFauxqs } from "./fauxqs";

/** Real services over the wire, and the environment in which the real clients find them. */
export interface World {
  bus: BusEndpoint;
  deadLetters: QueueEndpoint;
}

const variables = (endpoints: { dynamodb: string; events: string; sqs: string; queueUrl: string }) => ({
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.events,
  AWS_ENDPOINT_URL_S3: endpoints.sqs,
  AWS_ENDPOINT_URL_SNS: endpoints.sqs,
  AWS_ENDPOINT_URL_SQS: endpoints.sqs,
  DEAD_LETTER_QUEUE_URL: endpoints.queueUrl,
  ACCOUNTS_TABLE: "accounts",
  ANALYTICS_STATUS_TABLE: "analytics-status",
  ASSETS_TABLE: "assets",
  ASSIGNMENTS_TABLE: "assignments",
  CATEGORY_RULES_TABLE: "category-rules",
  DEAD_LETTERS_BUCKET: "dead-letters",
  EVENT_AGGREGATIONS_TABLE: "event-aggregations",
  EVENT_DETAILS_BUCKET: "event-details",
  EVENT_ARCHIVE_BUCKET: "event-archive",
  EXPERIMENTS_TABLE: "experiments",
  EXPERIMENT_RETENTION_DAYS: "400",
  EXPERIMENT_SHARDS: "1",
  EXPERIMENT_USER_SAMPLE: "0",
  FILES_TABLE: "files",
  TRANSACTIONS_TABLE: "transactions",
  UPLOADS_BUCKET: "uploads",
  NEWS_TABLE: "news",
  NOTIFICATIONS_TABLE: "notifications",
  PROCESSING_STATE_TABLE: "processing-state",
  EARNINGS_CALENDAR_TABLE: "earnings-calendar",
  QUEUE_TRACKING_TABLE: "queue-tracking",
  DEAD_LETTERS_TABLE: "dead-letters",
  EFFECTS_TABLE: "effects",
  EVENT_STORE_TABLE: "event-store",
  EVENTS_BUS_NAME: "events",
  EVENT_RETENTION_DAYS: "30",
  ENABLE_EVENT_PUBLISHING: "true",
  ENABLE_DIRECT_TRIGGERS: "false",
  POWERTOOLS_SERVICE_NAME: "signal9-test-platform",
  POWERTOOLS_LOG_LEVEL: "INFO",
});

let shared: Promise<World> | undefined;

const start = async (): Promise<World> => {
  // The engines come up before their own clients look for credentials.
  Object.assign(process.env, { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
  const [engine, bus, deadLetters] = await Promise.all([startDynamoDB(), startEventBridge(), startFauxqs()]);
  Object.assign(
    process.env,
    variables({
      dynamodb: engine.endpoint,
      events: bus.endpoint,
      sqs: deadLetters.endpoint,
      queueUrl: deadLetters.queueUrl,
    }),
  );
  atTheEnd(async () => {
    await Promise.all([engine.close(), bus.stop(), deadLetters.stop()]);
  });
  return { bus, deadLetters };
};

/** One world for all suites: clients are made once a process, as in a Lambda. */
export const world = (): Promise<World> => {
  shared ??= start();
  return shared;
};

export const context = (remainingMs = 30_000): Context => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: "test",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:test",
  memoryLimitInMB: "256",
  awsRequestId: "request-1",
  logGroupName: "test",
  logStreamName: "test",
  getRemainingTimeInMillis: () => remainingMs,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});

let messages = 0;

/** A message as SQS hands it to a function. */
export const record = (body: string): SQSRecord => ({
  messageId: `message-${++messages}`,
  receiptHandle: "handle",
  body,
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: "1790000000000",
    SenderId: "sender",
    ApproximateFirstReceiveTimestamp: "1790000000000",
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:test",
  awsRegion: "us-east-1",
});

export const batch = (...bodies: string[]): SQSEvent => ({ Records: bodies.map(record) });

/** An event as EventBridge writes it into a queue. */
export const envelope = (detailType: string, detail: unknown, over: Record<string, unknown> = {}): string =>
  JSON.stringify({
    version: "0",
    id: "envelope-1",
    "detail-type": detailType,
    source: "signal9.advisor",
    account: "123456789012",
    time: "2026-10-29T21:00:00Z",
    region: "us-east-1",
    resources: [],
    detail,
    ...over,
  });

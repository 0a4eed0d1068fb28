import type { SQSMessageAttributes, SQSRecord } from "aws-lambda";
import type { Known } from "../../../functions/processing/deadLetters/origin";

export const known: Known = {
  prefix: "signal9-dev-",
  schedules: {
    "outbox-sweeper": { "signal9-dev-outbox-sweeper": "sweep" },
    "pollination-planner": {
      "signal9-dev-pollination-planner-earnings": "earnings",
      "signal9-dev-pollination-planner-regular": "regular",
    },
  },
};

export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:123456789012:signal9-dev-${name}`;
export const functionArn = (name: string): string =>
  `arn:aws:lambda:us-east-1:123456789012:function:signal9-dev-${name}`;
export const ruleArn = (name: string): string => `arn:aws:events:us-east-1:123456789012:rule/signal9-dev-${name}`;

interface Made {
  queue?: string;
  body?: string;
  messageId?: string;
  receives?: number;
  attributes?: Record<string, string>;
}

const texts = (attributes: Record<string, string>): SQSMessageAttributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: "String", stringValue }]),
  );

/** A message of a dead letter queue, as Lambda hands it over. */
export const deadRecord = ({
  queue = "ingestion-dlq",
  body = "{}",
  messageId = "message-1",
  receives = 4,
  attributes = {},
}: Made = {}): SQSRecord => ({
  messageId,
  receiptHandle: "handle",
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: String(Date.parse("2026-10-29T20:00:00Z")),
    SenderId: "sender",
    ApproximateFirstReceiveTimestamp: String(Date.parse("2026-10-29T20:00:01Z")),
  },
  messageAttributes: texts(attributes),
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: queueArn(queue),
  awsRegion: "us-east-1",
});

/** What a consumer says when it gives a message up. */
export const refusal = { consumer: "ingestion", category: "validation", kind: "Validation", reason: "is missing" };

/** What Lambda says of an asynchronous invocation that failed for good. */
export const invocationRecord = (over: { requestId?: string; payload?: unknown; error?: object | null } = {}): string =>
  JSON.stringify({
    version: "1.0",
    timestamp: "2026-10-29T21:00:00.000Z",
    requestContext: {
      requestId: over.requestId ?? "request-9",
      functionArn: `${functionArn("outbox-sweeper")}:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    },
    requestPayload: over.payload ?? { trigger: "sweep", time: "2026-10-29T20:55:00Z" },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: over.error === undefined ? { errorType: "Failure", errorMessage: "the bus is gone" } : over.error,
  });

/** What EventBridge puts into a dead letter queue when a schedule's target could not be reached. */
export const scheduledEvent = (rule: string): string =>
  JSON.stringify({
    version: "0",
    id: "event-1",
    "detail-type": "Scheduled Event",
    source: "aws.events",
    time: "2026-10-29T07:00:00Z",
    resources: [ruleArn(rule)],
    detail: {},
  });

import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Context, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { z } from "zod";
import { once } from "../../../functions/processing/aws/client";

/** With the settings that the SDK comes with: ours give up sooner than so many calls at a time allow. */
export const client = once(() => DynamoDBDocumentClient.from(new DynamoDBClient()));

const common = {
  eventId: z.string().min(1).max(128),
  eventVersion: z.string(),
  timestamp: z.number().int(),
  experimentId: z.string().regex(/^[A-Za-z0-9][\w.:-]{0,63}$/),
  userId: z.string().min(1).max(128),
  variant: z.string(),
  properties: z.record(z.string(), z.unknown()).optional(),
};

const schema = z.discriminatedUnion("eventType", [
  z.object({ ...common, eventType: z.literal("exposure") }),
  z.object({ ...common, eventType: z.literal("conversion"), goal: z.string(), value: z.number().optional() }),
  z.object({ ...common, eventType: z.literal("metric"), metric: z.string(), value: z.number() }),
]);

const measureOf = (event: z.infer<typeof schema>): string => {
  if (event.eventType === "conversion") return `conversion:${event.goal}`;
  return event.eventType === "metric" ? `metric:${event.metric}` : "exposure";
};

/**
 * One event, one UpdateItem: count, sum and sum of squares of its hour. No day, no users, no least and greatest, no archive; what comes
 * again is counted again.
 */
const countEvent = async ({ kinesis }: KinesisStreamRecord): Promise<void> => {
  const event = schema.parse(JSON.parse(Buffer.from(kinesis.data, "base64").toString("utf8")));
  const value = "value" in event ? (event.value ?? 0) : 0;
  const hour = new Date(event.timestamp).toISOString().slice(0, 13);
  await client().send(
    new UpdateCommand({
      TableName: "event-aggregations",
      Key: { partition_key: `${event.experimentId}#${event.variant}`, sort_key: `${hour}#${measureOf(event)}` },
      UpdateExpression: "ADD #count :one, #sum :value, squares :square",
      ExpressionAttributeNames: { "#count": "count", "#sum": "sum" },
      ExpressionAttributeValues: { ":one": 1, ":value": value, ":square": value * value },
    }),
  );
};

/** All events of a batch at a time, each for itself. */
export const straightforward = async ({ Records }: KinesisStreamEvent): Promise<void> => {
  const ends = await Promise.allSettled(Records.map(countEvent));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
};

/** The same in Powertools' batch processor. */
export const withPowertools = async (batch: KinesisStreamEvent, context: Context): Promise<void> => {
  const processor = new BatchProcessor(EventType.KinesisDataStreams);
  const { batchItemFailures } = await processPartialResponse(batch, countEvent, processor, { context });
  if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} events failed`);
};

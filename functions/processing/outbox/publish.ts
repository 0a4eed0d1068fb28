import { PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import { eventBridge } from "../aws/eventBridge";
import { loads } from "../aws/together";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { envelopeBytes } from "../eventStore/envelope";
import { Failure } from "../failure";
import { limits } from "../limits";
import { metricNames } from "../observe/metrics";
import { isShadowed, type Path } from "./path";
import { type PendingRow, shadowShardOf } from "./record";

const entry = (row: PendingRow): PutEventsRequestEntry => ({
  EventBusName: env("EVENTS_BUS_NAME"),
  Source: row.source,
  DetailType: row.event_type,
  Detail: row.detail,
  Time: new Date(row.occurred_at),
});

const bytes = (row: PendingRow): number =>
  Buffer.byteLength(row.detail) + row.event_type.length + row.source.length + 14;

/** Cuts rows, in order, into calls that PutEvents accepts. */
export const batches = (rows: readonly PendingRow[], callBytes: number = limits.putEventsBytes): PendingRow[][] =>
  loads(rows, (row) => [1, bytes(row)], [limits.putEventsEntries, callBytes]);

/** Puts one batch on the bus. Entries that EventBridge refused are sent again, alone; ids that got through are returned. */
export const put = async (batch: readonly PendingRow[], run: Run): Promise<string[]> => {
  if (batch.length === 0) return [];
  let left = batch;
  const through: string[] = [];
  const sendLeft = async () => {
    const answer = await eventBridge().send(new PutEventsCommand({ Entries: left.map(entry) }));
    const results = answer.Entries ?? [];
    through.push(...left.filter((_, at) => results[at]?.EventId).map((row) => row.event_id));
    const codes = results.flatMap((result) => (result.ErrorCode ? [result.ErrorCode] : []));
    left = left.filter((_, at) => !results[at]?.EventId);
    if (left.length > 0) {
      throw new Failure("throttled", `PutEvents refused ${left.length}: ${[...new Set(codes)].join(", ")}`, {
        origin: "aws",
      });
    }
  };
  try {
    await run.call("PutEvents", "aws", sendLeft);
  } catch (error) {
    run.log.error("events were not published", { eventIds: left.map((row) => row.event_id), error });
  }
  return through;
};

/** An event that got through; by which paths, where there are several. */
export interface Through {
  eventId: string;
  paths?: readonly Path[];
}

/** What both paths were given waits, from then on, to be compared. */
const mark = ({ eventId, paths }: Through, now: number) => {
  const shadowed = paths !== undefined && isShadowed(paths);
  const sets = [
    "#status = :published",
    "published_at = :now",
    ...(paths ? ["paths = :paths"] : []),
    ...(shadowed ? ["shadow = :shadow"] : []),
  ];
  return {
    UpdateExpression: `SET ${sets.join(", ")} REMOVE outbox`,
    ExpressionAttributeValues: {
      ":published": "published",
      ":now": new Date(now).toISOString(),
      ...(paths && { ":paths": [...paths] }),
      ...(shadowed && { ":shadow": shadowShardOf(eventId) }),
    },
  };
};

const markPublished = (through: Through, run: Run): Promise<unknown> =>
  run.call("UpdateItem", "dynamodb", () =>
    dynamodb().send(
      new UpdateCommand({
        TableName: env("EVENT_STORE_TABLE"),
        Key: { event_id: through.eventId },
        ConditionExpression: "attribute_exists(event_id)",
        ExpressionAttributeNames: { "#status": "status" },
        ...mark(through, run.now()),
      }),
    ),
  );

/** How many rows may be marked at once: enough to hide the latency, few enough not to be throttled. */
const markedAtOnce = 10;

export interface Published {
  published: number;
  failed: number;
}

/** Sends a batch, as large as PutEvents and SQS accept, and answers what got through. */
type Send = (batch: readonly PendingRow[], run: Run) => Promise<Through[]>;

export const publishIn = async (rows: readonly PendingRow[], run: Run, send: Send): Promise<Published> => {
  let published = 0;
  for (const batch of batches(rows, limits.putEventsBytes - envelopeBytes)) {
    const through = await send(batch, run);
    for (let at = 0; at < through.length; at += markedAtOnce) {
      await Promise.all(through.slice(at, at + markedAtOnce).map((one) => markPublished(one, run)));
    }
    published += through.length;
  }
  run.meter.add(metricNames.outboxPublished, published);
  run.meter.add(metricNames.outboxFailed, rows.length - published);
  return { published, failed: rows.length - published };
};

/**
 * Puts pending rows on the bus and marks those that got through. What did not stays pending for the sweeper; a row that
 * was put but not marked is put again with the same event id, which its consumers recognise.
 */
export const publish = (rows: readonly PendingRow[], run: Run): Promise<Published> =>
  publishIn(rows, run, async (batch) => (await put(batch, run)).map((eventId) => ({ eventId })));

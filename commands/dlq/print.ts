import { isUtf8 } from "node:buffer";
import type { KinesisStreamRecord } from "aws-lambda";
import type { Attributes } from "../../functions/processing/deadLetters/delivery";
import type { DeadLetterRow } from "../../functions/processing/deadLetters/row";
import { redact, redactText } from "../../functions/processing/redact";
import { table } from "../events/print";
import { visible, visibleLines } from "../visible";
import type { Batch, Contents } from "./batches";
import type { Told } from "./redrive";
import { receiverOf } from "./send";

const longestReason = 90;

const short = (text: string): string => (text.length > longestReason ? `${text.slice(0, longestReason)}…` : text);

export const listed = (rows: readonly DeadLetterRow[]): string => {
  const lines = rows.map((row) => [
    row.letter_id,
    row.failed_at.slice(0, 16),
    row.status,
    row.origin,
    row.event_type ?? "",
    `× ${row.count}`,
    short(`${row.category}: ${row.reason}`),
  ]);
  const total = `${rows.length} dead letter${rows.length === 1 ? "" : "s"}`;
  return lines.length > 0 ? `${table(lines).join("\n")}\n\n${total}` : total;
};

export const listedBatches = (batches: readonly Batch[]): string => {
  const lines = batches.map(({ key, at, bytes }) => [key, at.slice(0, 16), `${bytes} bytes`]);
  const total = `${batches.length} batch${batches.length === 1 ? "" : "es"} put aside`;
  return lines.length > 0 ? `${table(lines).join("\n")}\n\n${total}` : total;
};

/** As far as it can be read, without what looks like a secret. The letter itself keeps every byte. */
const readable = (body: string): string => {
  try {
    return visibleLines(JSON.stringify(redact(JSON.parse(body)), undefined, 2));
  } catch {
    return visibleLines(redactText(body));
  }
};

const factLines = (facts: readonly [string, string | undefined][]): string[] =>
  facts.flatMap(([name, value]) => (value ? [`${name.padEnd(12)}${visible(value)}`] : []));

export const shown = (row: DeadLetterRow, body: string, attributes: Attributes): string => {
  const ended = row.ended_at && `${row.status} at ${row.ended_at} by ${row.ended_by}${row.note ? `: ${row.note}` : ""}`;
  const facts: [string, string | undefined][] = [
    ["letter", row.letter_id],
    ["status", ended ?? row.status],
    ["origin", `${row.origin}, queue ${row.origin_queue.split(":").at(-1)}`],
    ["redrive to", receiverOf(row.source)],
    ["category", row.category],
    ["reason", row.reason],
    ["field", row.field],
    ["event", [row.event_type, row.event_id].filter(Boolean).join(" ")],
    ["correlation", row.correlation_id],
    ["failed", `${row.failed_at}; sent ${row.sent_at}, received ${row.receive_count} times`],
    ["died", `${row.count} times, first seen ${row.first_seen}, last ${row.last_seen}; redriven ${row.redrives} times`],
    ["attributes", Object.keys(attributes).join(", ")],
    ["body", `${row.bytes} bytes`],
  ];
  return [...factLines(facts), "", readable(body)].join("\n");
};

/** What a record says, where it is text: gzip and what a producer's library gathered are only told of. */
const dataOf = ({ kinesis }: KinesisStreamRecord): string => {
  const data = Buffer.from(kinesis.data, "base64");
  return isUtf8(data) ? readable(data.toString("utf8")) : `${data.length} bytes that are not text`;
};

export const shownBatch = (key: string, { requestContext, responseContext, timestamp, records, ...more }: Contents) => {
  const { shardId, startSequenceNumber, endSequenceNumber, streamArn } = more.KinesisBatchInfo;
  const facts: [string, string | undefined][] = [
    ["batch", key],
    ["stream", `${streamArn.split("/").at(-1)}, ${shardId}`],
    ["redrive to", `queue ${requestContext.functionArn.split(":").at(-1)}`],
    ["reason", `${requestContext.condition}, after ${requestContext.approximateInvokeCount} invocations`],
    ["error", responseContext?.functionError],
    ["given up", timestamp],
    ["records", `${records.length}, ${startSequenceNumber} to ${endSequenceNumber}`],
  ];
  return [
    ...factLines(facts),
    ...records.flatMap((record) => ["", visible(record.kinesis.sequenceNumber), dataOf(record)]),
  ].join("\n");
};

export const told = (ends: readonly Told[]): string => {
  const counts = new Map<string, number>();
  for (const { did } of ends) counts.set(did, (counts.get(did) ?? 0) + 1);
  const lines = ends.map(({ letterId, origin, did, why }) => [letterId, origin, did, why]);
  const total = [...counts].map(([did, count]) => `${count} ${did}`).join(", ") || "no dead letter is meant by this";
  return lines.length > 0 ? `${table(lines).join("\n")}\n\n${total}` : total;
};

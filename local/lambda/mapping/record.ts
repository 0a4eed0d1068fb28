import { region } from "../../cloud/cloud";
import type { MessageAttribute, ReceivedMessage } from "../eventSource";

/** A message as a function receives it. */
export interface SqsRecord {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: Record<string, string>;
  messageAttributes: Record<string, unknown>;
  md5OfBody: string;
  eventSource: "aws:sqs";
  eventSourceARN: string;
  awsRegion: string;
}

const attribute = ({ dataType, stringValue, binaryValue }: MessageAttribute) => ({
  ...(stringValue !== undefined && { stringValue }),
  ...(binaryValue !== undefined && { binaryValue }),
  stringListValues: [],
  binaryListValues: [],
  dataType,
});

export const toRecord = (message: ReceivedMessage, sourceArn: string): SqsRecord => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: message.attributes,
  messageAttributes: Object.fromEntries(
    Object.entries(message.messageAttributes ?? {}).map(([name, value]) => [name, attribute(value)]),
  ),
  md5OfBody: message.md5OfBody,
  eventSource: "aws:sqs",
  eventSourceARN: sourceArn,
  awsRegion: region,
});

/** Of an invocation's payload, with room for what surrounds the records. */
const largestPayload = 6 * 1_024 * 1_024 - 64;

/** Cuts a batch where its records would no longer fit into one invocation. */
export const payloads = (records: readonly SqsRecord[]): { records: SqsRecord[]; payload: Buffer }[] => {
  const parts: { records: SqsRecord[]; texts: string[]; bytes: number }[] = [];
  for (const record of records) {
    const text = JSON.stringify(record);
    const bytes = Buffer.byteLength(text) + 1;
    const part = parts.at(-1);
    if (part && part.bytes + bytes <= largestPayload) {
      part.records.push(record);
      part.texts.push(text);
      part.bytes += bytes;
    } else {
      parts.push({ records: [record], texts: [text], bytes });
    }
  }
  return parts.map((part) => ({
    records: part.records,
    payload: Buffer.from(`{"Records":[${part.texts.join(",")}]}`),
  }));
};

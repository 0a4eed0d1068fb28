import { region } from "../../cloud/cloud";
import type { MessageAttribute, ReceivedMessage } from "../eventSource";
import type { Filtered } from "./filter";

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

/** What a pattern for `body` is held against: the record's own fields stand beside it. */
export const contentOf = (record: SqsRecord): Filtered => ({ key: "body", text: record.body, beside: record });

import { type StoredMessage, systemAttributesOf } from "./message";
import type { MessageAttribute } from "./messageAttributes";
import { receiptHandle } from "./receiptHandle";

/** What a consumer inside the cloud gets, by the names that Lambda's events have. */
export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  /** The queue's own, such as ApproximateReceiveCount and SentTimestamp. */
  attributes: Record<string, string>;
  messageAttributes: Record<string, ReceivedAttribute>;
}

export interface ReceivedAttribute {
  dataType: string;
  stringValue?: string;
  /** In base64. */
  binaryValue?: string;
}

const toReceived = ({ DataType, StringValue, BinaryValue }: MessageAttribute): ReceivedAttribute => ({
  dataType: DataType,
  ...(StringValue !== undefined && { stringValue: StringValue }),
  ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
});

export const receivedFrom =
  (arn: string) =>
  (message: StoredMessage): ReceivedMessage => ({
    messageId: message.id,
    receiptHandle: receiptHandle(arn, message),
    body: message.body,
    md5OfBody: message.md5,
    attributes: systemAttributesOf(message),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, attribute]) => [name, toReceived(attribute)]),
    ),
  });

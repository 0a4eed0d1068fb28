import { AwsError } from "../cloud/awsError";
import { type MessageAttributes, md5, sizeOfAttributes } from "./messageAttributes";

/** What a sender hands in. */
export interface Outgoing {
  body: string;
  attributes: MessageAttributes;
  traceHeader?: string | undefined;
  delaySeconds?: number | undefined;
  senderId: string;
}

/** A message as a queue keeps it. */
export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly md5: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader: string | undefined;
  readonly senderId: string;
  readonly sentAt: number;
  /** The queue from which SQS itself moved it. */
  readonly deadLetterSource: string | undefined;
  /** In all queues it was in. */
  readonly receiveCount: number;
  /** In the queue it is in: what its redrive policy counts. */
  readonly receivesHere: number;
  readonly firstReceivedAt: number | undefined;
  readonly receivedAt: number | undefined;
  /** Of its last receive: handles of earlier ones are stale. */
  readonly receipt: string | undefined;
  readonly visibleAt: number;
}

const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

export const checkBody = (body: string): void => {
  if (!forbidden.test(body)) return;
  throw new AwsError(
    "InvalidMessageContents",
    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
  );
};

export const sizeOf = ({ body, attributes }: Pick<Outgoing, "body" | "attributes">): number =>
  Buffer.byteLength(body) + sizeOfAttributes(attributes);

export const newMessage = (outgoing: Outgoing, id: string, sentAt: number, visibleAt: number): StoredMessage => ({
  id,
  body: outgoing.body,
  md5: md5(outgoing.body),
  attributes: outgoing.attributes,
  traceHeader: outgoing.traceHeader,
  senderId: outgoing.senderId,
  sentAt,
  deadLetterSource: undefined,
  receiveCount: 0,
  receivesHere: 0,
  firstReceivedAt: undefined,
  receivedAt: undefined,
  receipt: undefined,
  visibleAt,
});

export const systemAttributesOf = (message: StoredMessage): Record<string, string> => ({
  SenderId: message.senderId,
  SentTimestamp: String(message.sentAt),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  ...(message.traceHeader !== undefined && { AWSTraceHeader: message.traceHeader }),
  ...(message.deadLetterSource !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSource }),
});

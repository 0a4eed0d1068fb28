/** A message as a queue hands it out. */
export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  /** The queue's own, such as ApproximateReceiveCount and SentTimestamp: all of them. */
  attributes: Record<string, string>;
  messageAttributes?: Record<string, MessageAttribute>;
}

export interface MessageAttribute {
  dataType: string;
  stringValue?: string;
  /** In base64. */
  binaryValue?: string;
}

/** What event source mappings need of queues. */
export interface EventSource {
  /** Answers with up to `max` (at most 10) messages, at once: none if there are none. */
  receive: (arn: string, options: { max: number; waitMs?: number }) => Promise<ReceivedMessage[]>;
  delete: (arn: string, receiptHandles: readonly string[]) => Promise<void>;
  /** Hands messages to the queue's dead letter queue. Where it has none, they are gone. */
  giveUp: (arn: string, receiptHandles: readonly string[]) => Promise<void>;
  changeVisibility: (arn: string, receiptHandle: string, seconds: number) => Promise<void>;
  /** Calls `listener` whenever a message may have become receivable; the answer ends it. */
  onVisible: (arn: string, listener: () => void) => () => void;
  /** Where it is known, a mapping is refused whose function may run longer than its messages stay hidden. */
  visibilitySeconds?: (arn: string) => number | undefined;
}

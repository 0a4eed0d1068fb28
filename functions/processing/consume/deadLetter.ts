import type { SQSRecord } from "aws-lambda";
import { sendTogether } from "../aws/sendTogether";
import { env } from "../environment";
import { errorKind, type Failure } from "../failure";
import { redactText } from "../redact";
import type { Run } from "./run";

const longestReason = 1_000;

export interface Letter {
  body: string;
  messageId: string;
  sentAt: string;
}

/**
 * Hands a message over to the dead letter queue with the reason that a redrive by SQS could not give. The body stays
 * byte for byte what arrived, so that moving it back to the queue repeats the delivery.
 */
export const sendToDeadLetters = async (
  letter: Letter,
  failure: Failure,
  consumer: string,
  run: Run,
): Promise<void> => {
  const about = {
    consumer,
    category: failure.category,
    kind: errorKind(failure),
    reason: redactText(failure.message).slice(0, longestReason),
    field: failure.field,
    messageId: letter.messageId,
    failedAt: new Date(run.now()).toISOString(),
    sentAt: letter.sentAt,
  };
  // SQS takes no attribute without a value.
  const attributes = Object.fromEntries(
    Object.entries(about).flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
  );
  await sendTogether(env("DEAD_LETTER_QUEUE_URL"), { body: letter.body, attributes }, run);
};

export const deadLetter = ({ body, messageId, attributes }: SQSRecord, failure: Failure, consumer: string, run: Run) =>
  sendToDeadLetters(
    { body, messageId, sentAt: new Date(Number(attributes.SentTimestamp)).toISOString() },
    failure,
    consumer,
    run,
  );

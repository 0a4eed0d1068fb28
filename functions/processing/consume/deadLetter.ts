import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { sqs } from "../aws/sqs";
import { env } from "../environment";
import { errorKind, type Failure } from "../failure";
import { redactText } from "../redact";
import type { Run } from "./run";

const longestReason = 1_000;

/**
 * Hands a message over to the dead letter queue with the reason that a redrive by SQS could not give. The body stays
 * byte for byte what arrived, so that moving it back to the queue repeats the delivery.
 */
export const deadLetter = async (record: SQSRecord, failure: Failure, consumer: string, run: Run): Promise<void> => {
  const about = {
    consumer,
    category: failure.category,
    kind: errorKind(failure),
    reason: redactText(failure.message).slice(0, longestReason),
    field: failure.field,
    messageId: record.messageId,
    failedAt: new Date(run.now()).toISOString(),
    sentAt: new Date(Number(record.attributes.SentTimestamp)).toISOString(),
  };
  await run.call("SendMessage", "aws", () =>
    sqs().send(
      new SendMessageCommand({
        QueueUrl: env("DEAD_LETTER_QUEUE_URL"),
        MessageBody: record.body,
        MessageAttributes: Object.fromEntries(
          Object.entries(about).flatMap(([name, value]) =>
            value ? [[name, { DataType: "String", StringValue: value }]] : [],
          ),
        ),
      }),
    ),
  );
};

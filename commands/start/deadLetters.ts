import { type Message, ReceiveMessageCommand, StartMessageMoveTaskCommand } from "@aws-sdk/client-sqs";
import type { Signal9Outputs } from "../../infra/outputs";
import type { Clients } from "./clients";

export interface DeadLetter {
  consumer: string;
  body: string;
  category: string;
  reason: string;
}

const attribute = ({ MessageAttributes }: Message, name: string): string | undefined =>
  MessageAttributes?.[name]?.StringValue;

/** Everything in the dead letter queues of the consumers; it stays there. */
export const readDeadLetters = async ({ sqs }: Clients, outputs: Signal9Outputs): Promise<DeadLetter[]> => {
  const found: DeadLetter[] = [];
  for (const [consumer, { deadLettersUrl }] of Object.entries(outputs.queues)) {
    const messages: Message[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: deadLettersUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
          VisibilityTimeout: 1,
        }),
      );
      if (Messages.length === 0) break;
      messages.push(...Messages);
    }
    for (const message of messages) {
      found.push({
        consumer,
        body: message.Body ?? "",
        category: attribute(message, "category") ?? "redriven",
        reason: attribute(message, "reason") ?? "gave up after three deliveries; the logs say why",
      });
    }
  }
  return found;
};

/** Moves all dead letters back to where they came from. Doing it twice is safe: handlers have their effect once. */
export const redrive = async ({ sqs }: Clients, outputs: Signal9Outputs): Promise<void> => {
  for (const { arn, deadLettersArn } of Object.values(outputs.queues)) {
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: deadLettersArn, DestinationArn: arn }));
  }
};

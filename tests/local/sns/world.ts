import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

export const allowSns = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*" },
  ],
});

/** A queue to which any topic may send. */
export interface Inbox {
  arn: string;
  url: string;
  /** What arrived, taken out. */
  take: () => Promise<Message[]>;
}

export const openInbox = async (client: SQSClient, endpoint: string, QueueName: string): Promise<Inbox> => {
  const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName }));
  const url = QueueUrl.replace(/^https?:\/\/[^/]+/, endpoint);
  await client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy: allowSns } }));
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  return {
    arn: Attributes?.["QueueArn"] ?? "",
    url,
    take: async () => {
      const receive = new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ["All"],
      });
      const { Messages = [] } = await client.send(receive);
      for (const { ReceiptHandle } of Messages) {
        await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
      }
      return Messages;
    },
  };
};

export { failure } from "../failure";

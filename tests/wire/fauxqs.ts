import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

export interface QueueEndpoint {
  endpoint: string;
  queueUrl: string;
  /** Everything in the queue, taken out. */
  take: () => Promise<Message[]>;
  stop: () => Promise<void>;
}

/** A real queue engine in this process, with one queue. */
export const startFauxqs = async (): Promise<QueueEndpoint> => {
  const { buildApp } = await import("fauxqs");
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ host: "127.0.0.1", port: 0 });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new SQSClient({ endpoint, region: "us-east-1", credentials });
  const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName: "dead-letters" }));
  const queueUrl = QueueUrl.replace(/^https?:\/\/[^/]+/, endpoint);
  return {
    endpoint,
    queueUrl,
    take: async () => {
      const taken: Message[] = [];
      for (;;) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: 10,
            MessageAttributeNames: ["All"],
          }),
        );
        if (Messages.length === 0) return taken;
        taken.push(...Messages);
        const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
        await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
    },
    stop: async () => {
      client.destroy();
      await app.close();
    },
  };
};

import { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Desk } from "../../commands/dlq/desk";
import { once } from "../../functions/processing/aws/client";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { s3 } from "../../functions/processing/aws/s3";
import { sns } from "../../functions/processing/aws/sns";
import { drain } from "../../functions/processing/deadLetters/drain";
import type { DeadLetterRow } from "../../functions/processing/deadLetters/row";
import type { Runtime } from "../../functions/processing/runtime";
import { known } from "../unit/deadLetters/records";
import { emptyTables } from "./tables";
import { world } from "./world";

export const bucket = "signal9-test-dead-letters";
export const nine = Date.parse("2026-10-29T21:00:00Z");

/** The engine gives its queues addresses that no resolver knows. */
const sqs = once(() => new SQSClient({ useQueueUrlAsEndpoint: false }));

/** A queue, made for a test, with everything in it taken out when asked. */
export const makeQueue = async (QueueName: string) => {
  const { QueueUrl = "" } = await sqs().send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs().send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  const take = async (): Promise<Message[]> => {
    const taken: Message[] = [];
    for (;;) {
      const { Messages = [] } = await sqs().send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
      );
      if (Messages.length === 0) return taken;
      for (const { ReceiptHandle } of Messages) await sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      taken.push(...Messages);
    }
  };
  const url = QueueUrl.replace(/^https?:\/\/[^/]+/, process.env["AWS_ENDPOINT_URL_SQS"] ?? "");
  return { arn: Attributes?.["QueueArn"] ?? "", url, take };
};

export interface Notification {
  Subject: string;
  Message: string;
}

const start = async () => {
  await world();
  const [{ TopicArn = "" }, inbox, source] = await Promise.all([
    sns().send(new CreateTopicCommand({ Name: "dlq-notifications" })),
    makeQueue("dlq-notifications"),
    makeQueue("signal9-dev-ingestion"),
    s3().send(new CreateBucketCommand({ Bucket: bucket })),
  ]);
  await sns().send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: inbox.arn }));
  const variables = {
    DEAD_LETTERS_TABLE: "dead-letters",
    DEAD_LETTERS_BUCKET: bucket,
    DLQ_NOTIFICATIONS_TOPIC_ARN: TopicArn,
    NAME_PREFIX: known.prefix,
    SCHEDULES: JSON.stringify(known.schedules),
  };
  const clean = async () => {
    Object.assign(process.env, variables);
    await emptyTables("dead-letters", "effects");
    await Promise.all([inbox.take(), source.take()]);
  };
  return {
    clean,
    /** Everybody who was told. */
    notified: async () => (await inbox.take()).map(({ Body = "{}" }) => JSON.parse(Body) as Notification),
    /** The queue that letters of ingestion go back to. */
    source,
  };
};

let started: ReturnType<typeof start> | undefined;

export const deadLetterWorld = () => {
  started ??= start();
  return started;
};

let ids = 0;

/** The processor at this moment. */
export const processorAt = (now: number, over: Partial<Runtime> = {}) =>
  drain("dlqProcessor", {
    now: () => now,
    newId: () => `id-${++ids}`,
    random: () => 0.5,
    sleep: async () => undefined,
    ...over,
  });

export const deskAt = (now: number, over: Partial<Desk> = {}): Desk => ({
  dynamodb: dynamodb(),
  s3: s3(),
  sqs: sqs(),
  lambda: new LambdaClient(),
  table: "dead-letters",
  bucket,
  who: "somebody",
  now: () => now,
  newId: () => `id-${++ids}`,
  ...over,
});

export const rowsNow = async (): Promise<DeadLetterRow[]> =>
  ((await dynamodb().send(new ScanCommand({ TableName: "dead-letters", ConsistentRead: true }))).Items ??
    []) as DeadLetterRow[];

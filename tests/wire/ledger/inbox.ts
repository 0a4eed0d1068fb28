import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { sns } from "../../../functions/processing/aws/sns";
import { makeQueue } from "../deadLetterWorld";

export type Told = Record<string, unknown>;

/** A subscriber of the topic by which people are told. */
export const makeInbox = async (Name = "ledger-notification") => {
  const { TopicArn = "" } = await sns().send(new CreateTopicCommand({ Name }));
  const queue = await makeQueue(Name);
  await sns().send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn }));
  process.env["LEDGER_NOTIFICATION_TOPIC_ARN"] = TopicArn;
  return {
    take: async (): Promise<Told[]> =>
      (await queue.take()).map(({ Body = "" }) => JSON.parse(JSON.parse(Body).Message) as Told),
  };
};

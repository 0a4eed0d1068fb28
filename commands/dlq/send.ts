import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, type MessageAttributeValue, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Attributes, Delivery } from "../../functions/processing/deadLetters/delivery";
import type { Desk } from "./desk";

const nameOf = (arn: string): string => arn.split(":").at(-1) ?? "";

const toSqs = (attributes: Attributes): Record<string, MessageAttributeValue> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { type, text, binary }]) => [
      name,
      {
        DataType: type,
        ...(text !== undefined && { StringValue: text }),
        ...(binary !== undefined && { BinaryValue: Buffer.from(binary, "base64") }),
      },
    ]),
  );

/** `queue signal9-dev-ingestion`, as operators know it. */
export const receiverOf = (source: string): string =>
  `${source.split(":")[2] === "lambda" ? "function" : "queue"} ${nameOf(source)}`;

/** Repeats the delivery that failed. */
export const send = async ({ sqs, lambda }: Desk, delivery: Delivery): Promise<void> => {
  if (delivery.kind === "invocation") {
    const FunctionName = nameOf(delivery.function);
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload: delivery.payload }));
    return;
  }
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: nameOf(delivery.queue) }));
  const MessageAttributes = toSqs(delivery.attributes);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: delivery.body, MessageAttributes }));
};

import type { Call, Operation } from "../../cloud/service";
import { missingParameter } from "../errors";
import { type StoredMessage, systemAttributesOf } from "../message";
import { md5OfAttributes, selectAttributes } from "../messageAttributes";
import type { Queues } from "../queues";
import { receiptHandle } from "../receiptHandle";
import { longestVisibility, longestWait } from "../settings";
import { eachEntry } from "./batch";
import { type Input, knownOnly, queueArn, text, texts, whole } from "./input";
import { onQueue } from "./permission";

const parameters = [
  "QueueUrl",
  "AttributeNames",
  "MessageSystemAttributeNames",
  "MessageAttributeNames",
  "MaxNumberOfMessages",
  "VisibilityTimeout",
  "WaitTimeSeconds",
];

const batchSize = { least: 1, most: 10, reason: "Must be between 1 and 10, if provided." };
const visibility = { least: 0, most: longestVisibility };

const render = (arn: string, message: StoredMessage, system: readonly string[], named: readonly string[]) => {
  const attributes = selectAttributes(message.attributes, named);
  const Attributes = Object.fromEntries(
    Object.entries(systemAttributesOf(message)).filter(([name]) => system.includes("All") || system.includes(name)),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(arn, message),
    MD5OfBody: message.md5,
    Body: message.body,
    ...(Object.keys(Attributes).length > 0 && { Attributes }),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
};

const visibilityOf = (input: Input): number => {
  const timeout = whole(input, "VisibilityTimeout", visibility);
  if (timeout === undefined) throw missingParameter("VisibilityTimeout");
  return timeout;
};

export const receiveOperations = (queues: Queues): Record<string, Operation> => ({
  ReceiveMessage: {
    access: onQueue(queues, "sqs:ReceiveMessage"),
    run: async (input: Input, { waiting }: Call) => {
      knownOnly("ReceiveMessage", input, parameters);
      const arn = queueArn(input);
      const waitSeconds =
        whole(input, "WaitTimeSeconds", { least: 0, most: longestWait }) ??
        Number(queues.attributes(arn)["ReceiveMessageWaitTimeSeconds"]);
      const system = [...texts(input, "AttributeNames"), ...texts(input, "MessageSystemAttributeNames")];
      const named = texts(input, "MessageAttributeNames");
      const options = {
        max: whole(input, "MaxNumberOfMessages", batchSize) ?? 1,
        visibilityTimeoutSeconds: whole(input, "VisibilityTimeout", visibility),
      };
      const poll = () => queues.poll(arn, { ...options, waitMs: waitSeconds * 1_000 });
      const received = waitSeconds > 0 ? await waiting(poll) : await poll();
      return received.length > 0 ? { Messages: received.map((message) => render(arn, message, system, named)) } : {};
    },
  },
  DeleteMessage: {
    access: onQueue(queues, "sqs:DeleteMessage"),
    run: (input: Input) => {
      knownOnly("DeleteMessage", input, ["QueueUrl", "ReceiptHandle"]);
      queues.remove(queueArn(input), text(input, "ReceiptHandle"));
    },
  },
  DeleteMessageBatch: {
    access: onQueue(queues, "sqs:DeleteMessage"),
    run: (input: Input) => {
      knownOnly("DeleteMessageBatch", input, ["QueueUrl", "Entries"]);
      const arn = queues.existing(queueArn(input));
      return eachEntry(input, "DeleteMessageBatchRequestEntry", (entry) => {
        knownOnly("DeleteMessageBatch", entry, ["Id", "ReceiptHandle"]);
        queues.remove(arn, text(entry, "ReceiptHandle"));
        return {};
      });
    },
  },
  ChangeMessageVisibility: {
    access: onQueue(queues, "sqs:ChangeMessageVisibility"),
    run: (input: Input) => {
      knownOnly("ChangeMessageVisibility", input, ["QueueUrl", "ReceiptHandle", "VisibilityTimeout"]);
      queues.hide(queueArn(input), text(input, "ReceiptHandle"), visibilityOf(input));
    },
  },
  ChangeMessageVisibilityBatch: {
    access: onQueue(queues, "sqs:ChangeMessageVisibility"),
    run: (input: Input) => {
      knownOnly("ChangeMessageVisibilityBatch", input, ["QueueUrl", "Entries"]);
      const arn = queues.existing(queueArn(input));
      return eachEntry(input, "ChangeMessageVisibilityBatchRequestEntry", (entry) => {
        knownOnly("ChangeMessageVisibilityBatch", entry, ["Id", "ReceiptHandle", "VisibilityTimeout"]);
        queues.hide(arn, text(entry, "ReceiptHandle"), visibilityOf(entry));
        return {};
      });
    },
  },
});

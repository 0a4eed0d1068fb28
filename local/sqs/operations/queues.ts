import { unsupported } from "../../cloud/awsError";
import { account } from "../../cloud/cloud";
import type { Operation } from "../../cloud/service";
import { arnOf, nameOf } from "../address";
import { invalidParameter, unknownAttribute } from "../errors";
import type { Queues } from "../queues";
import { readable } from "../settings";
import { type Input, knownOnly, optionalText, page, queueArn, text, textMap, texts } from "./input";
import { accessTo, onQueue } from "./permission";

/** Checks a new queue's name as AWS does. */
export const queueName = (name: string): string => {
  if (name.endsWith(".fifo")) throw unsupported(`FIFO queues (${name})`);
  if (/^[\w-]{1,80}$/.test(name)) return name;
  throw invalidParameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
};

const named = (input: Input): string => arnOf(text(input, "QueueName"));

const select = (attributes: Record<string, string>, names: readonly string[]): Record<string, string> => {
  const stranger = names.find((name) => name !== "All" && !readable.includes(name));
  if (stranger) throw unknownAttribute(stranger);
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => names.includes("All") || names.includes(name)),
  );
};

export const queueOperations = (queues: Queues): Record<string, Operation> => ({
  CreateQueue: {
    access: (input: Input) => accessTo(queues, named(input), "sqs:CreateQueue"),
    run: (input: Input) => {
      // Tags have no effect here; nothing reads them back.
      knownOnly("CreateQueue", input, ["QueueName", "Attributes", "tags"]);
      return { QueueUrl: queues.url(queues.create(queueName(text(input, "QueueName")), textMap(input, "Attributes"))) };
    },
  },
  DeleteQueue: {
    access: onQueue(queues, "sqs:DeleteQueue"),
    run: (input: Input) => {
      knownOnly("DeleteQueue", input, ["QueueUrl"]);
      queues.drop(queueArn(input));
    },
  },
  PurgeQueue: {
    access: onQueue(queues, "sqs:PurgeQueue"),
    run: (input: Input) => {
      knownOnly("PurgeQueue", input, ["QueueUrl"]);
      queues.purge(queueArn(input));
    },
  },
  GetQueueUrl: {
    access: (input: Input) => accessTo(queues, named(input), "sqs:GetQueueUrl"),
    run: (input: Input) => {
      knownOnly("GetQueueUrl", input, ["QueueName", "QueueOwnerAWSAccountId"]);
      const owner = optionalText(input, "QueueOwnerAWSAccountId") ?? account;
      if (owner !== account) throw unsupported(`queues of account ${owner}`);
      return { QueueUrl: queues.url(queues.existing(named(input))) };
    },
  },
  GetQueueAttributes: {
    access: onQueue(queues, "sqs:GetQueueAttributes"),
    run: (input: Input) => {
      knownOnly("GetQueueAttributes", input, ["QueueUrl", "AttributeNames"]);
      const Attributes = select(queues.attributes(queueArn(input)), texts(input, "AttributeNames"));
      return Object.keys(Attributes).length > 0 ? { Attributes } : {};
    },
  },
  SetQueueAttributes: {
    access: onQueue(queues, "sqs:SetQueueAttributes"),
    run: (input: Input) => {
      knownOnly("SetQueueAttributes", input, ["QueueUrl", "Attributes"]);
      queues.configure(queueArn(input), textMap(input, "Attributes"));
    },
  },
  ListQueues: {
    access: () => ({ action: "sqs:ListQueues", resource: "*" }),
    run: (input: Input) => {
      knownOnly("ListQueues", input, ["QueueNamePrefix", "MaxResults", "NextToken"]);
      const prefix = optionalText(input, "QueueNamePrefix") ?? "";
      const found = queues.all().filter((arn) => nameOf(arn).startsWith(prefix));
      const { items, NextToken } = page(found.sort(), input);
      return { QueueUrls: items.map((arn) => queues.url(arn)), NextToken };
    },
  },
  ListDeadLetterSourceQueues: {
    access: onQueue(queues, "sqs:ListDeadLetterSourceQueues"),
    run: (input: Input) => {
      knownOnly("ListDeadLetterSourceQueues", input, ["QueueUrl", "MaxResults", "NextToken"]);
      const { items, NextToken } = page(queues.sourcesOf(queues.existing(queueArn(input))).sort(), input);
      return { queueUrls: items.map((arn) => queues.url(arn)), NextToken };
    },
  },
});

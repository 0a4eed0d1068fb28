import { createHash } from "node:crypto";
import { AwsError } from "../cloud/awsError";
import { account, type Cloud, region } from "../cloud/cloud";
import type { Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import { awsQuery } from "../gateway/awsQuery";
import { compilePolicy } from "../iam/policy";
import type { Principal } from "../iam/principal";
import { Distribution } from "./distribution";
import { compileFilter } from "./filter";
import { topicOperations } from "./operations";
import type { Attributes, Mail, Subscription, Topic } from "./topic";

export interface SnsDependencies {
  /** Throws unless the key admits this caller. */
  canUseKey: (principal: Principal, keyIdOrArn: string) => void;
}

export interface Sns extends Service {
  /** What would have been mailed, oldest first. */
  mailbox: () => readonly Mail[];
}

/** Everything about topics that the API and the declared resources share. */
export interface Topics {
  find: (arn: string) => Topic;
  create: (name: string, more?: Partial<Topic>) => Topic;
  subscribe: (subscription: Omit<Subscription, "arn">) => Subscription;
  publish: (topic: Topic, from: Principal, message: string, subject?: string, attributes?: Attributes) => string;
  all: () => Topic[];
  subscriptions: (topicArn?: string) => Subscription[];
  unsubscribe: (arn: string) => void;
}

const longestMessage = 256 * 1024;
const chunk = 64 * 1024;

const makeTopics = (cloud: Cloud, distribution: Distribution, { canUseKey }: SnsDependencies): Topics => {
  const topics = new Map<string, Topic>();
  let subscriptions: Subscription[] = [];
  const find = (arn: string): Topic => {
    const topic = topics.get(arn);
    if (!topic) throw new AwsError("NotFound", "Topic does not exist", 404);
    return topic;
  };
  return {
    find,
    create: (name, more = {}) => {
      const arn = `arn:aws:sns:${region}:${account}:${name}`;
      const blank = { displayName: "", keyId: undefined, policy: undefined, policyText: undefined };
      const topic = { ...blank, ...more, name, arn };
      topics.set(arn, topic);
      return topic;
    },
    subscribe: (wanted) => {
      find(wanted.topicArn);
      const digest = createHash("sha256")
        .update(`${wanted.topicArn} ${wanted.protocol} ${wanted.endpoint}`)
        .digest("hex");
      const arn = `${wanted.topicArn}:${digest.slice(0, 32)}`;
      subscriptions = [...subscriptions.filter((one) => one.arn !== arn), { ...wanted, arn }];
      return { ...wanted, arn };
    },
    publish: (topic, from, message, subject, attributes = {}) => {
      const bytes = Buffer.byteLength(message);
      if (message === "") throw new AwsError("InvalidParameter", "Invalid parameter: Empty message");
      if (bytes > longestMessage) throw new AwsError("InvalidParameter", "Invalid parameter: Message too long");
      if (topic.keyId) canUseKey(from, topic.keyId);
      cloud.meter.add("sns publish", Math.max(1, Math.ceil(bytes / chunk)));
      const messageId = cloud.newId();
      distribution.distribute(
        { messageId, topicArn: topic.arn, subject, message, attributes, at: cloud.clock.now() },
        subscriptions.filter(({ topicArn }) => topicArn === topic.arn),
      );
      return messageId;
    },
    all: () => [...topics.values()],
    subscriptions: (topicArn) => subscriptions.filter((one) => topicArn === undefined || one.topicArn === topicArn),
    unsubscribe: (arn) => {
      subscriptions = subscriptions.filter((one) => one.arn !== arn);
    },
  };
};

export const protocolOf = (name: string): Subscription["protocol"] => {
  if (name === "sqs" || name === "lambda" || name === "email") return name;
  throw new AwsError("InvalidParameter", `Invalid parameter: the embedded cloud does not support the protocol ${name}`);
};

/** SNS: topics, to queues, functions and a mailbox. */
export const createSns = (cloud: Cloud, dependencies: SnsDependencies): Sns => {
  const distribution = new Distribution(cloud);
  const topics = makeTopics(cloud, distribution, dependencies);

  cloud.onDelivery("sns", async ({ to, body, from, attributes = {} }) => {
    const topic = topics.find(to);
    cloud.authorise(from, { action: "sns:Publish", resource: topic.arn, policy: topic.policy });
    const { Subject, ...rest } = attributes;
    const told = Object.entries(rest).map(([name, value]) => [name, { type: "String", value }]);
    topics.publish(topic, from, body, Subject, Object.fromEntries(told));
  });

  return {
    signingName: "sns",
    protocol: awsQuery({ namespace: "http://sns.amazonaws.com/doc/2010-03-31/" }),
    operations: topicOperations(topics),
    resources: {
      "aws:sns/topic:Topic": (declared) => {
        understood(declared, ["name", "displayName", "kmsMasterKeyId", "tags", "tagsAll"]);
        const { name, displayName = "", kmsMasterKeyId } = declared.inputs as Record<string, string>;
        if (name?.endsWith(".fifo"))
          throw new Error(`${declared.type} ${declared.name}: FIFO topics are not supported`);
        const topic = topics.create(name ?? declared.name, { displayName, keyId: kmsMasterKeyId });
        return { id: topic.arn, outputs: { ...declared.inputs, arn: topic.arn, name: topic.name } };
      },
      "aws:sns/topicPolicy:TopicPolicy": (declared) => {
        understood(declared, ["arn", "policy"]);
        const { arn = "", policy = "" } = declared.inputs as Record<string, string>;
        const topic = topics.find(arn);
        topic.policy = compilePolicy(policy, { name: `policy of topic ${topic.name}`, kind: "resource" });
        topic.policyText = policy;
        return { id: arn, outputs: declared.inputs };
      },
      "aws:sns/topicSubscription:TopicSubscription": (declared) => {
        const known = [
          "topic",
          "protocol",
          "endpoint",
          "rawMessageDelivery",
          "filterPolicy",
          "filterPolicyScope",
          "redrivePolicy",
        ];
        understood(declared, known);
        const { topic, protocol, endpoint, filterPolicy, filterPolicyScope, redrivePolicy } = declared.inputs as Record<
          string,
          string
        >;
        const { arn } = topics.subscribe({
          topicArn: topic ?? "",
          protocol: protocolOf(protocol ?? ""),
          endpoint: endpoint ?? "",
          raw: declared.inputs["rawMessageDelivery"] === true,
          filter: filterPolicy ? compileFilter(filterPolicy, filterPolicyScope) : undefined,
          deadLetterArn: redrivePolicy
            ? (JSON.parse(redrivePolicy) as { deadLetterTargetArn: string }).deadLetterTargetArn
            : undefined,
        });
        return { id: arn, outputs: { ...declared.inputs, arn } };
      },
    },
    mailbox: () => distribution.mails,
    reset: () => {
      distribution.mails.length = 0;
    },
    close: () => undefined,
  };
};

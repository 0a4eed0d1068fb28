import { unsupported } from "../cloud/awsError";
import { PolicyError } from "../iam/errors";
import { type CompiledPolicy, compilePolicy } from "../iam/policy";
import { invalidParameter } from "./errors";
import type { Topic, TopicSettings } from "./topic";

type Texts = Readonly<Record<string, string>>;

/** AWS knows these as well; those for deliveries to others have names that end in Feedback… */
const ofOthers =
  /^(ArchivePolicy|ContentBasedDeduplication|DataProtectionPolicy|DeliveryPolicy|FifoThroughputScope|FifoTopic|SignatureVersion|TracingConfig|\w+Feedback(RoleArn|SampleRate))$/;

const ofTopics =
  /^sns:(AddPermission|DeleteTopic|GetTopicAttributes|ListSubscriptionsByTopic|ListTagsForResource|Publish|RemovePermission|SetTopicAttributes|Subscribe)$/i;

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** What AWS asks of a topic's policy besides, and what is only found out when it is deployed. */
const checkScope = (text: string): void => {
  const { Statement } = JSON.parse(text) as { Statement: unknown };
  for (const statement of listed(Statement) as { Action?: unknown; Resource?: unknown }[]) {
    if (!listed(statement.Action).every((action) => ofTopics.test(String(action)))) {
      throw invalidParameter("Policy statement action out of service scope!");
    }
    if (listed(statement.Resource).length !== 1) {
      throw invalidParameter("Policy statement must apply to a single resource!");
    }
  }
};

export const compileTopicPolicy = (text: string, topicName: string): CompiledPolicy => {
  try {
    const policy = compilePolicy(text, { name: `policy of topic ${topicName}`, kind: "resource" });
    checkScope(text);
    return policy;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw error.kind === "unsupported"
      ? unsupported(error.message)
      : invalidParameter(`Policy Error: ${error.message}`);
  }
};

/** What attributes of a topic mean. An empty text takes them away. */
export const topicSettings = (attributes: Texts, topicName: string): Partial<TopicSettings> => {
  const settings: { -readonly [Name in keyof TopicSettings]?: TopicSettings[Name] } = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "DisplayName") settings.displayName = value;
    else if (name === "KmsMasterKeyId") settings.keyId = value || undefined;
    else if (name === "Policy") {
      settings.policyText = value || undefined;
      settings.policy = value ? compileTopicPolicy(value, topicName) : undefined;
    } else if (ofOthers.test(name)) throw unsupported(`the topic attribute ${name}`);
    else throw invalidParameter("AttributeName");
  }
  return settings;
};

/** Attributes as GetTopicAttributes shows those that can be set. */
export const shownOfTopic = ({ displayName, keyId, policyText }: Topic) => ({
  DisplayName: displayName,
  KmsMasterKeyId: keyId,
  Policy: policyText,
});

import { AwsError, unsupported } from "../cloud/awsError";
import { PolicyError } from "../iam/errors";
import { type CompiledPolicy, compilePolicy } from "../iam/policy";
import { invalidAttributeValue, unknownAttribute } from "./errors";
import { parseRedriveAllowPolicy, parseRedrivePolicy, type RedriveAllowPolicy, type RedrivePolicy } from "./redrive";

/** A queue's attributes that can be set, by AWS's names and as AWS writes them. */
export type QueueAttributes = Readonly<Record<string, string>>;

/** What a queue's attributes mean. */
export interface Settings {
  delaySeconds: number;
  maximumMessageSize: number;
  retentionSeconds: number;
  waitSeconds: number;
  visibilityTimeoutSeconds: number;
  policy: CompiledPolicy | undefined;
  redrive: RedrivePolicy | undefined;
  redriveAllow: RedriveAllowPolicy | undefined;
}

export const largestMessage = 1024 * 1024;
export const longestDelay = 900;
export const longestWait = 20;
export const longestVisibility = 43_200;

const ranges: Readonly<Record<string, { least: number; most: number }>> = {
  DelaySeconds: { least: 0, most: longestDelay },
  KmsDataKeyReusePeriodSeconds: { least: 60, most: 86_400 },
  MaximumMessageSize: { least: 1_024, most: largestMessage },
  MessageRetentionPeriod: { least: 60, most: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: longestWait },
  VisibilityTimeout: { least: 0, most: longestVisibility },
};

export const defaults: QueueAttributes = {
  DelaySeconds: "0",
  MaximumMessageSize: String(largestMessage),
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  SqsManagedSseEnabled: "true",
  VisibilityTimeout: "30",
};

/** An empty text takes these away. */
const removable = ["KmsMasterKeyId", "Policy", "RedriveAllowPolicy", "RedrivePolicy"];
const ofFifo = ["ContentBasedDeduplication", "DeduplicationScope", "FifoQueue", "FifoThroughputLimit"];
const settable = [...Object.keys(ranges), ...removable, "SqsManagedSseEnabled"];

/** What GetQueueAttributes can be asked for. */
export const readable = [
  ...settable,
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "QueueArn",
];

/** What a request here can carry. A key that it never carries would quietly switch a Deny off. */
const knownKeys = /^aws:(securetransport|currenttime|requestedregion|sourcearn|sourceaccount|username|principal\w+)$/;

const compiled = (document: string, name: string): CompiledPolicy => {
  try {
    return compilePolicy(document, { name, kind: "resource" });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw error.kind === "unsupported" ? unsupported(error.message) : invalidAttributeValue("Policy", error.message);
  }
};

const compileQueuePolicy = (document: string, name: string): CompiledPolicy => {
  const policy = compiled(document, name);
  const stranger = [...policy.keys].find((key) => !knownKeys.test(key));
  if (stranger) throw unsupported(`the condition key ${stranger} in the policy of queue ${name}`);
  return policy;
};

const checkValue = (name: string, value: string): void => {
  const range = ranges[name];
  if (!range) return;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < range.least || number > range.most) throw invalidAttributeValue(name);
};

/** A queue is encrypted by a key of KMS or by SQS's own. */
const oneEncryption = (after: Record<string, string>, changes: QueueAttributes): Record<string, string> => {
  if (!changes["KmsMasterKeyId"]) return after;
  if (changes["SqsManagedSseEnabled"] === "true") {
    throw new AwsError(
      "InvalidAttributeName",
      "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
    );
  }
  return { KmsDataKeyReusePeriodSeconds: "300", ...after, SqsManagedSseEnabled: "false" };
};

/** Attributes as they are after `changes`. */
export const changeAttributes = (
  before: QueueAttributes,
  changes: Readonly<Record<string, string>>,
): QueueAttributes => {
  const after = { ...before };
  for (const [name, value] of Object.entries(changes)) {
    if (ofFifo.includes(name)) throw unsupported(`FIFO queues (attribute ${name})`);
    if (!settable.includes(name)) throw unknownAttribute(name);
    if (value === "" && removable.includes(name)) delete after[name];
    else {
      checkValue(name, value);
      after[name] = value;
    }
  }
  return oneEncryption(after, changes);
};

export const settingsOf = (attributes: QueueAttributes, name: string): Settings => {
  const { Policy, RedrivePolicy: redrive, RedriveAllowPolicy: redriveAllow } = attributes;
  return {
    delaySeconds: Number(attributes["DelaySeconds"]),
    maximumMessageSize: Number(attributes["MaximumMessageSize"]),
    retentionSeconds: Number(attributes["MessageRetentionPeriod"]),
    waitSeconds: Number(attributes["ReceiveMessageWaitTimeSeconds"]),
    visibilityTimeoutSeconds: Number(attributes["VisibilityTimeout"]),
    policy: Policy === undefined ? undefined : compileQueuePolicy(Policy, name),
    redrive: redrive === undefined ? undefined : parseRedrivePolicy(redrive),
    redriveAllow: redriveAllow === undefined ? undefined : parseRedriveAllowPolicy(redriveAllow),
  };
};

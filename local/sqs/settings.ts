import { unsupported } from "../cloud/awsError";
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

const compileQueuePolicy = (document: string, name: string): CompiledPolicy => {
  const policy = compilePolicy(document, { name, kind: "resource" });
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
  return after;
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

import type { AwsError } from "../cloud/awsError";
import { nameOf } from "./address";
import { invalidAttributeValue, invalidValue } from "./errors";

export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

export interface RedriveAllowPolicy {
  redrivePermission: "allowAll" | "denyAll" | "byQueue";
  sourceQueueArns: readonly string[];
}

const mostReceives = 1_000;
const mostSources = 10;
const permissions = ["allowAll", "denyAll", "byQueue"] as const;
const redriveKeys = ["maxReceiveCount", "deadLetterTargetArn"];
const allowKeys = ["redrivePermission", "sourceQueueArns"];

const parseMap = (text: string, refuse: () => AwsError): Record<string, unknown> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refuse();
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw refuse();
  return parsed as Record<string, unknown>;
};

/** Throws AWS's refusal of what is no ARN of a queue here. */
const checkTarget = (arn: string, refuse: (reason: string) => AwsError): void => {
  const [, , service, ...rest] = arn.split(":");
  if (!arn.startsWith("arn:") || rest.length !== 3) throw refuse("Invalid value for deadLetterTargetArn.");
  if (service !== "sqs") throw refuse("Only SQS queues are valid resources for deadLetterTargetArn.");
  try {
    nameOf(arn);
  } catch {
    throw refuse("Dead-letter target owner should be same as the source.");
  }
};

export const parseRedrivePolicy = (text: string): RedrivePolicy => {
  const policy = parseMap(text, () =>
    invalidAttributeValue("RedrivePolicy", "Redrive policy is not a valid JSON map."),
  );
  const refuse = (reason: string) => invalidValue(text, "RedrivePolicy", reason);
  for (const key of redriveKeys) {
    if (policy[key] === undefined) throw refuse(`Redrive policy does not contain mandatory attribute: ${key}.`);
  }
  if (Object.keys(policy).length > redriveKeys.length) {
    throw refuse(`Only following attributes are supported: [${redriveKeys.join(", ")}].`);
  }
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > mostReceives) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to ${mostReceives} both inclusive.`,
    );
  }
  checkTarget(String(deadLetterTargetArn), refuse);
  return { deadLetterTargetArn: String(deadLetterTargetArn), maxReceiveCount: count };
};

export const parseRedriveAllowPolicy = (text: string): RedriveAllowPolicy => {
  const unreadable = () =>
    invalidAttributeValue(
      "RedriveAllowPolicy",
      "Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
    );
  const refuse = (reason: string) =>
    invalidValue(text, "RedriveAllowPolicy", `Amazon SQS can't create the redrive allow policy. ${reason}`);
  const policy = parseMap(text, unreadable);
  const { redrivePermission, sourceQueueArns: sources } = policy;
  const permission = permissions.find((one) => one === redrivePermission);
  const listed = sources === undefined || (Array.isArray(sources) && sources.every((arn) => typeof arn === "string"));
  if (!permission || !listed || Object.keys(policy).some((key) => !allowKeys.includes(key))) throw unreadable();
  const sourceQueueArns = (sources ?? []) as string[];
  if (permission !== "byQueue" && sources !== undefined) {
    throw refuse("To specify one or more source queue ARNs, you must set redrivePermission to byQueue.");
  }
  if (permission === "byQueue" && sourceQueueArns.length === 0) {
    throw refuse(
      "When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.",
    );
  }
  if (sourceQueueArns.length > mostSources) {
    throw refuse(`The maximum number of source queue ARNs you can specify is ${mostSources}.`);
  }
  return { redrivePermission: permission, sourceQueueArns };
};

export const allowsRedrive = (policy: RedriveAllowPolicy | undefined, sourceArn: string): boolean => {
  if (!policy || policy.redrivePermission === "allowAll") return true;
  return policy.redrivePermission === "byQueue" && policy.sourceQueueArns.includes(sourceArn);
};

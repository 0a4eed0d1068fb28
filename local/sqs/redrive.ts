import { nameOf } from "./address";
import { invalidValue } from "./errors";

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

const parseObject = (text: string, parameter: string, known: readonly string[]): Record<string, unknown> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidValue(text, parameter, "Redrive policy is not a valid JSON map.");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw invalidValue(text, parameter, "Redrive policy is not a valid JSON map.");
  }
  const stranger = Object.keys(parsed).find((key) => !known.includes(key));
  if (stranger) throw invalidValue(text, parameter, `Unknown field: ${stranger}.`);
  return parsed as Record<string, unknown>;
};

export const parseRedrivePolicy = (text: string): RedrivePolicy => {
  const refuse = (reason: string) => invalidValue(text, "RedrivePolicy", reason);
  const { deadLetterTargetArn, maxReceiveCount } = parseObject(text, "RedrivePolicy", [
    "deadLetterTargetArn",
    "maxReceiveCount",
  ]);
  if (typeof deadLetterTargetArn !== "string" || maxReceiveCount === undefined) {
    throw refuse("Redrive policy does not contain mandatory attributes: deadLetterTargetArn and maxReceiveCount.");
  }
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > mostReceives) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to ${mostReceives} both inclusive.`,
    );
  }
  try {
    nameOf(deadLetterTargetArn);
  } catch {
    throw refuse("Dead-letter target owner should be same as the source.");
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
};

export const parseRedriveAllowPolicy = (text: string): RedriveAllowPolicy => {
  const refuse = (reason: string) => invalidValue(text, "RedriveAllowPolicy", reason);
  const { redrivePermission, sourceQueueArns = [] } = parseObject(text, "RedriveAllowPolicy", [
    "redrivePermission",
    "sourceQueueArns",
  ]);
  const permission = permissions.find((one) => one === redrivePermission);
  if (!permission) throw refuse("redrivePermission must be one of allowAll, denyAll, byQueue.");
  const listed = Array.isArray(sourceQueueArns) && sourceQueueArns.every((arn) => typeof arn === "string");
  if (!listed || sourceQueueArns.length > mostSources || (permission === "byQueue") !== sourceQueueArns.length > 0) {
    throw refuse(`sourceQueueArns belongs to byQueue, with 1 to ${mostSources} ARNs.`);
  }
  return { redrivePermission: permission, sourceQueueArns };
};

export const allowsRedrive = (policy: RedriveAllowPolicy | undefined, sourceArn: string): boolean => {
  if (!policy || policy.redrivePermission === "allowAll") return true;
  return policy.redrivePermission === "byQueue" && policy.sourceQueueArns.includes(sourceArn);
};

import { AwsError, unsupported } from "../../cloud/awsError";
import { arnOfUrl } from "../address";
import { invalidValue, missingParameter, queueDoesNotExist } from "../errors";

/** A call's parameters, as the wire brought them. */
export type Input = Readonly<Record<string, unknown>>;

/** A parameter that nothing here reads is refused by name. */
export const knownOnly = (operation: string, input: Input, known: readonly string[]): void => {
  const stranger = Object.keys(input).find((name) => !known.includes(name));
  if (stranger) throw unsupported(`sqs:${operation} with ${stranger}`);
};

const malformed = (message: string): AwsError => new AwsError("SerializationException", message);

const wrongType = (name: string): AwsError => malformed(`The parameter ${name} has a value of the wrong type.`);

export interface Range {
  least: number;
  most: number;
  /** In AWS's words, where they are other than for most. */
  reason?: string;
}

export const optionalText = (input: Input, name: string): string | undefined => {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object") throw malformed("Start of structure or map found where not expected.");
  if (typeof value !== "string") throw wrongType(name);
  return value;
};

export const text = (input: Input, name: string): string => {
  const value = optionalText(input, name);
  if (!value) throw missingParameter(name);
  return value;
};

export const whole = (
  input: Input,
  name: string,
  { least, most, reason = `Must be >= ${least} and <= ${most}, if provided.` }: Range,
): number | undefined => {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") throw malformed("STRING_VALUE can not be converted to an Integer");
  if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(name);
  if (value < least || value > most) {
    throw invalidValue(value, name, reason);
  }
  return value;
};

export const texts = (input: Input, name: string): string[] => {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) throw wrongType(name);
  return value;
};

export const textMap = (input: Input, name: string): Record<string, string> => {
  const value = input[name] ?? {};
  const valid = typeof value === "object" && Object.values(value).every((one) => typeof one === "string");
  if (!valid || Array.isArray(value)) throw wrongType(name);
  return value as Record<string, string>;
};

export const queueArn = (input: Input): string => {
  const url = optionalText(input, "QueueUrl");
  if (!url) throw queueDoesNotExist();
  return arnOfUrl(url);
};

/** One page of a list, by a token that says where to go on. */
export const page = <T>(items: readonly T[], input: Input): { items: T[]; NextToken?: string } => {
  const size = whole(input, "MaxResults", { least: 1, most: 1_000 });
  const token = optionalText(input, "NextToken");
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64").toString("utf8"));
  if (!Number.isInteger(from)) throw invalidValue(token, "NextToken", "Invalid pagination token.");
  const end = from + (size ?? 1_000);
  return {
    items: items.slice(from, end),
    ...(size !== undefined && end < items.length && { NextToken: Buffer.from(String(end)).toString("base64") }),
  };
};

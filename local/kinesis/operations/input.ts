import { AwsError, unsupported } from "../../cloud/awsError";
import { notNull, oneOf, range, type Violation, violations } from "../../cloud/constraint";
import { boolean, inconvertible, integer } from "../../gateway/conversion";

/** A call's parameters, as the wire brought them. */
export type Input = Readonly<Record<string, unknown>>;

/** What a parameter must be, as the service's model has it. */
export interface Rule {
  type: "String" | "Integer" | "Boolean" | "time" | "list" | "map" | "structure";
  required?: boolean;
  /** Of a text, a list or a map. */
  length?: readonly [number, number];
  range?: readonly [number, number];
  pattern?: string;
  enum?: readonly string[];
}

export type Rules = Readonly<Record<string, Rule>>;

/** With a small letter, as AWS names parameters in its refusals. */
const place = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const checkType = (value: unknown, type: Rule["type"]): void => {
  if (type === "Integer") integer(value);
  else if (type === "Boolean") boolean(value);
  else if (type === "String" && typeof value !== "string") throw inconvertible(value, "String");
  else if (type === "time" && typeof value !== "number") throw inconvertible(value, "Integer");
  else if (type === "list" && !Array.isArray(value)) throw inconvertible(value, "list");
  else if ((type === "map" || type === "structure") && (typeof value !== "object" || Array.isArray(value))) {
    throw inconvertible(value, "structure");
  }
};

const lengthOf = (value: unknown): number =>
  typeof value === "string" || Array.isArray(value) ? value.length : Object.keys(value as object).length;

const broken = (at: string, value: unknown, { length, range: limits, pattern, enum: names }: Rule): Violation[] => {
  const found: Violation[] = [];
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(String(value))) {
    found.push({ at, value, must: `satisfy regular expression pattern: ${pattern}` });
  }
  if (names && !names.includes(String(value))) found.push({ at, value, must: oneOf(names) });
  if (length) {
    const [least, most] = length;
    if (lengthOf(value) < least) found.push({ at, value, must: `have length greater than or equal to ${least}` });
    if (lengthOf(value) > most) found.push({ at, value, must: `have length less than or equal to ${most}` });
  }
  const outside = limits && range(at, Number(value), limits[0], limits[1]);
  return outside ? [...found, outside] : found;
};

const brokenIn = (operation: string, input: Input, rules: Rules, within = ""): Violation[] => {
  const stranger = Object.keys(input).find((name) => !(name in rules));
  if (stranger) throw unsupported(`kinesis:${operation} with ${stranger}`);
  return Object.entries(rules).flatMap(([name, rule]) => {
    const value = input[name];
    if (value === undefined || value === null) return rule.required ? [notNull(within + place(name))] : [];
    checkType(value, rule.type);
    return broken(within + place(name), value, rule);
  });
};

const refuse = (found: readonly Violation[]): void => {
  if (found.length > 0) throw new AwsError("ValidationException", violations(found));
};

/** Throws AWS's refusal of a request that does not fit the service's model. */
export const check = (operation: string, input: Input, rules: Rules): void => refuse(brokenIn(operation, input, rules));

/** The same of each member of a list. */
export const checkEach = (operation: string, name: string, members: readonly unknown[], rules: Rules): void =>
  refuse(
    members.flatMap((member, at) => {
      checkType(member, "structure");
      return brokenIn(operation, member as Input, rules, `${place(name)}.${at + 1}.member.`);
    }),
  );

const shardName = "[a-zA-Z0-9_.-]+";

export const rules = {
  StreamName: { type: "String", pattern: "[a-zA-Z0-9_.-]+", length: [1, 128] },
  StreamARN: { type: "String", pattern: "arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+", length: [1, 2_048] },
  ShardId: { type: "String", pattern: shardName, length: [1, 128], required: true },
  hashKey: { type: "String", pattern: "0|([1-9]\\d{0,38})" },
  sequence: { type: "String", pattern: "0|([1-9]\\d{0,128})" },
  tags: { type: "map", length: [1, 200], required: true },
  tagKeys: { type: "list", length: [1, 50], required: true },
} as const satisfies Rules;

/** How calls name the stream that they are about. */
export const streamRules = { StreamName: rules.StreamName, StreamARN: rules.StreamARN } as const satisfies Rules;

export const text = (input: Input, name: string): string => String(input[name] ?? "");

export const optionalText = (input: Input, name: string): string | undefined =>
  typeof input[name] === "string" ? input[name] : undefined;

export const optionalNumber = (input: Input, name: string): number | undefined =>
  typeof input[name] === "number" ? input[name] : undefined;

import * as v from "valibot";
import { AwsError, unsupported } from "../cloud/awsError";
import type { Access } from "../cloud/cloud";
import type { Call, Operation } from "../cloud/service";
import { EventBridgeError, invalidRequest } from "./errors";

type Issue = v.BaseIssue<unknown>;

const placeOf = (issue: Issue): string => v.getDotPath(issue) ?? "";

/** Of an issue of a strict object: a key that it does not know, or one that it lacks. */
export const isUnknownKey = ({ type, expected }: Issue): boolean => type === "strict_object" && expected === "never";
const isMissingKey = ({ type, received }: Issue): boolean => type === "strict_object" && received === "undefined";

const refusal = (operation: string, issue: Issue): Error => {
  const place = placeOf(issue);
  if (isUnknownKey(issue)) return unsupported(`parameter ${place} of events:${operation}`);
  if (isMissingKey(issue)) {
    const member = `${place.charAt(0).toLowerCase()}${place.slice(1)}`;
    return invalidRequest(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  if (issue.kind === "validation") return invalidRequest(`Parameter ${place} is not valid. Reason: ${issue.message}.`);
  return new EventBridgeError("SerializationException", `${place || "The request"} must be ${issue.expected}`);
};

/** The core's errors, as the gateway knows them. */
export const asAws = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw error instanceof EventBridgeError ? new AwsError(error.code, error.message) : error;
  }
};

type Schema = v.GenericSchema;

interface Parts<Input> {
  access: (input: Input, call: Call) => Access | readonly Access[];
  run: (input: Input, call: Call) => unknown;
}

/** An operation whose request is read by a schema: what that does not know is refused by name. */
export const operation = <S extends Schema>(
  name: string,
  schema: S,
  { access, run }: Parts<v.InferOutput<S>>,
): Record<string, Operation> => {
  const read = (input: unknown): v.InferOutput<S> => {
    const result = v.safeParse(schema, input);
    if (result.success) return result.output;
    throw refusal(name, result.issues[0]);
  };
  return {
    [name]: {
      access: (input: unknown, call) => asAws(() => access(read(input), call)),
      run: (input: unknown, call) => asAws(() => run(read(input), call)),
    },
  };
};

export const text = v.exactOptional(v.string());
export const name = v.pipe(v.string(), v.regex(/^[\w.\-/:]{1,256}$/, "it is no name"));
export const paging = { Limit: v.exactOptional(v.pipe(v.number(), v.minValue(1), v.maxValue(100))), NextToken: text };

const mostListed = 100;

/** A page of a list, and the token of the next. */
export const page = <T>(
  items: readonly T[],
  { Limit = mostListed, NextToken }: { Limit?: number; NextToken?: string },
): { items: readonly T[]; NextToken?: string } => {
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, "base64").toString("utf8"));
  if (!Number.isSafeInteger(from) || from < 0) throw invalidRequest("Parameter NextToken is not valid.");
  const end = from + Limit;
  return {
    items: items.slice(from, end),
    ...(end < items.length && { NextToken: Buffer.from(String(end)).toString("base64") }),
  };
};

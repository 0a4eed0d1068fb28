import * as v from "valibot";
import { AwsError, unsupported } from "../../cloud/awsError";
import type { Access } from "../../cloud/cloud";
import { notNull, range, type Violation, violations } from "../../cloud/constraint";
import type { Call, Operation } from "../../cloud/service";
import { invalidToken } from "../errors";

const refusal = (operation: string, issue: v.BaseIssue<unknown>): AwsError => {
  const place = v.getDotPath(issue) ?? "";
  if (issue.type === "strict_object" && issue.expected === "never") {
    return unsupported(`parameter ${place} of states:${operation}`);
  }
  if (issue.type === "strict_object" && issue.received === "undefined") return malformed([notNull(place)]);
  if (issue.kind === "schema") {
    return new AwsError("SerializationException", `${place || "The request"} must be ${issue.expected}`);
  }
  return malformed([{ at: place, value: issue.input, must: issue.message }]);
};

/** The refusal of a request that does not fit the service's model. */
export const malformed = (found: readonly Violation[]): AwsError =>
  new AwsError("ValidationException", violations(found));

interface Parts<Input> {
  access: (input: Input) => Access;
  run: (input: Input, call: Call) => unknown;
}

/** An operation whose request is read by a schema: what that does not know is refused by name. */
export const operation = <S extends v.GenericSchema>(
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
    [name]: { access: (input: unknown) => access(read(input)), run: (input: unknown, call) => run(read(input), call) },
  };
};

export const text = v.exactOptional(v.string());
export const paging = { maxResults: v.exactOptional(v.number()), nextToken: text };

const usualPage = 100;
const largestPage = 1_000;

/** A page of a list, and the token of the next. 0 asks for the usual number. */
export const page = <T>(
  items: readonly T[],
  { maxResults = 0, nextToken }: { maxResults?: number; nextToken?: string },
): { items: readonly T[]; nextToken?: string } => {
  const trouble = range("maxResults", maxResults, 0, largestPage);
  if (trouble) throw malformed([trouble]);
  const from = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, "base64url").toString("utf8"));
  if (nextToken !== undefined && !(Number.isSafeInteger(from) && from > 0)) throw invalidToken(nextToken);
  const end = from + (maxResults || usualPage);
  return {
    items: items.slice(from, end),
    ...(end < items.length && { nextToken: Buffer.from(String(end)).toString("base64url") }),
  };
};

export const seconds = (ms: number): number => ms / 1_000;

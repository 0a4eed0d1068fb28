import type * as v from "valibot";
import { AwsError } from "../../cloud/awsError";
import { notNull, oneOf, type Violation, violations } from "../../cloud/constraint";
import { inconvertible, type Target } from "../../gateway/conversion";
import type { Issues } from "./operation";

type Issue = v.BaseIssue<unknown>;

/** Places in a list are counted from 1, as AWS does. */
const placeOf = (issue: Issue): string =>
  (issue.path ?? []).map(({ key }) => (typeof key === "number" ? `${key + 1}.member` : String(key))).join(".");

const patternOf = (requirement: unknown): string =>
  String(requirement)
    .replace(/^\/\^?/, "")
    .replace(/\$?\/\w*$/, "");

const bounds: Record<string, (requirement: unknown) => string> = {
  min_value: (least) => `have value greater than or equal to ${least}`,
  max_value: (most) => `have value less than or equal to ${most}`,
  min_length: (least) => `have length greater than or equal to ${least}`,
  max_length: (most) => `have length less than or equal to ${most}`,
  // AWS would cut it off.
  integer: () => "be a whole number",
  regex: (pattern) => `satisfy regular expression pattern: ${patternOf(pattern)}`,
};

const choices = (expected: string | null): string[] =>
  (expected ?? "").replace(/[()"]/g, "").split(" | ").filter(Boolean);

const types: Record<string, Target> = {
  string: "String",
  number: "Integer",
  boolean: "Boolean",
  array: "list",
  object: "structure",
  strict_object: "structure",
  record: "structure",
};

/** A value of a type that the service's model does not have there. */
const wrongType = (issue: Issue): AwsError | undefined => {
  const target = types[issue.type];
  return target === undefined || issue.input === undefined || issue.input === null
    ? undefined
    : inconvertible(issue.input, target);
};

const violationOf = (issue: Issue): Violation => {
  const at = placeOf(issue);
  if (issue.input === undefined || issue.input === null) return notNull(at);
  const must = bounds[issue.type]?.(issue.requirement) ?? oneOf(choices(issue.expected));
  return { at, value: issue.input, must };
};

/** What does not fit an operation's schema, as CloudWatch Logs says it. */
export const malformed = (issues: Issues): AwsError => {
  const [mistyped] = issues.flatMap((issue) => wrongType(issue) ?? []);
  return mistyped ?? new AwsError("InvalidParameterException", violations(issues.map(violationOf)));
};

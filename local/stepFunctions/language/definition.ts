import * as v from "valibot";
import { AwsError } from "../../cloud/awsError";
import { type Machine, machine } from "./states";
import { checkStructure, type Finding } from "./structure";

/** What the language has, and this interpreter does not. */
const notHere = new Set([
  "Arguments",
  "Assign",
  "Condition",
  "Credentials",
  "HeartbeatSeconds",
  "HeartbeatSecondsPath",
  "ItemBatcher",
  "ItemReader",
  "Items",
  "Iterator",
  "Label",
  "Output",
  "ResultWriter",
  "ToleratedFailureCount",
  "ToleratedFailureCountPath",
  "ToleratedFailurePercentage",
  "ToleratedFailurePercentagePath",
]);

const placeOf = (issue: v.BaseIssue<unknown>, keys: number): string =>
  (issue.path ?? [])
    .slice(0, keys)
    .map(({ key }) => (typeof key === "number" ? `[${key}]` : `/${String(key)}`))
    .join("") || "/";

const findingOf = (issue: v.BaseIssue<unknown>): Finding => {
  const depth = issue.path?.length ?? 0;
  const key = String(issue.path?.at(-1)?.key ?? "");
  const at = (keys: number, message: string): Finding => ({
    code: "SCHEMA_VALIDATION_FAILED",
    message,
    at: placeOf(issue, keys),
  });
  if (issue.type === "strict_object" && issue.expected === "never") {
    return at(
      depth - 1,
      notHere.has(key) ? `the embedded cloud does not support ${key}` : `Field '${key}' is not supported`,
    );
  }
  if (issue.type === "strict_object" && issue.received === "undefined") {
    return at(depth - 1, `These fields are required: [${key}]`);
  }
  if (key === "QueryLanguage" || key === "Mode") {
    return at(depth, `the embedded cloud does not support ${key} ${issue.received}, only ${issue.expected}`);
  }
  return at(depth, issue.kind === "schema" ? `expected ${issue.expected}, received ${issue.received}` : issue.message);
};

const invalid = (findings: readonly Finding[]): AwsError => {
  const each = findings.map(({ code, message, at }) => `${code}: ${message} at ${at}`);
  return new AwsError("InvalidDefinition", `Invalid State Machine Definition: '${each.join(", ")}'`);
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new AwsError("InvalidDefinition", `Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: ${reason}'`);
  }
};

/** Reads a definition in the Amazon States Language. What is wrong with it, or not supported here, is refused by name. */
export const readDefinition = (text: string): Machine => {
  const result = v.safeParse(machine, parse(text));
  if (!result.success) throw invalid(result.issues.map(findingOf));
  const findings = checkStructure(result.output);
  if (findings.length > 0) throw invalid(findings);
  return result.output;
};

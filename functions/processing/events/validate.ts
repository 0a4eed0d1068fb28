import * as v from "valibot";
import { Failure } from "../failure";

const shown = 5;

/** What valibot calls its basic kinds, in words. */
const kinds: Record<string, string> = {
  boolean: "true or false",
  number: "a number",
  Object: "an object",
  Array: "a list",
  string: "a string",
};

/** What is allowed in the place of what was refused. The value itself is never repeated: it may be a secret. */
export const ruleOf = (issue: v.BaseIssue<unknown>): string => {
  if (issue.received === "undefined") return "is missing";
  if (issue.message.startsWith("must ")) return issue.message;
  return issue.expected === "never" ? "is not known here" : `must be ${kinds[issue.expected ?? ""] ?? issue.expected}`;
};

/** Says which field is wrong and what is allowed. */
const describe = (issue: v.BaseIssue<unknown>, root: string): { field: string; text: string } => {
  const field = [root, v.getDotPath(issue) ?? ""].filter(Boolean).join(".");
  return { field, text: `${field} ${ruleOf(issue)}` };
};

/** Parses `input`, or throws a validation Failure that names each refused field below `root`. */
export const validate = <Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  root: string,
): v.InferOutput<Schema> => {
  const result = v.safeParse(schema, input, { abortPipeEarly: true });
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => describe(issue, root));
  const more = problems.length > shown ? `, and ${problems.length - shown} more` : "";
  throw new Failure(
    "validation",
    `${problems
      .slice(0, shown)
      .map((problem) => problem.text)
      .join("; ")}${more}`,
    {
      origin: "input",
      field: problems[0]?.field ?? root,
    },
  );
};

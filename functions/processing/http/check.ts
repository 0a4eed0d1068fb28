import * as v from "valibot";
import { ruleOf } from "../events/validate";
import { type Complaint, Problem } from "./problem";

const shown = 20;
const longestName = 64;

const escaped = (part: string): string => part.slice(0, longestName).replaceAll("~", "~0").replaceAll("/", "~1");

const partsOf = (issue: v.BaseIssue<unknown>): string[] => (issue.path ?? []).map(({ key }) => String(key));

/** Where in the request something is wrong. */
type Place = (parts: readonly string[]) => Omit<Complaint, "detail">;

export const inBody: Place = (parts) => ({ pointer: `#${parts.map((part) => `/${escaped(part)}`).join("")}` });
export const inQuery: Place = ([name = ""]) => ({ parameter: name.slice(0, longestName) });

/** Checks what was sent, or throws a Problem that names each field that is wrong, and why; never what it says. */
export const check = <S extends v.GenericSchema>(schema: S, input: unknown, place: Place): v.InferOutput<S> => {
  const result = v.safeParse(schema, input, { abortPipeEarly: true });
  if (result.success) return result.output;
  const errors = result.issues
    .slice(0, shown)
    .map((issue): Complaint => ({ detail: ruleOf(issue), ...place(partsOf(issue)) }));
  const [first] = errors;
  const where = first?.pointer?.slice(2) || first?.parameter || "The body";
  const more = result.issues.length > 1 ? `, and ${result.issues.length - 1} more` : "";
  throw new Problem(400, `${where} ${first?.detail}${more}`, errors);
};

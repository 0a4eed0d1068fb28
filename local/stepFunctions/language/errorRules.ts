import * as v from "valibot";
import { compiled, nullable, optionalComment } from "./fields";
import { compileReferencePath } from "./referencePath";
import type { StateError } from "./stateError";

const wildcard = "States.ALL";
/** What ends an execution, unless a rule names it. */
const beyondWildcards = ["States.Runtime"];

const errorEquals = v.pipe(
  v.array(v.string()),
  v.minLength(1, "ErrorEquals must not be empty"),
  v.check((names) => !names.includes(wildcard) || names.length === 1, `${wildcard} must appear alone`),
);

const atLeast = (least: number) => v.pipe(v.number(), v.minValue(least, `Minimum value is ${least}`));
const wholeFrom = (least: number) => v.pipe(atLeast(least), v.integer("must be a whole number"));

export const retrier = v.strictObject({
  Comment: optionalComment,
  ErrorEquals: errorEquals,
  IntervalSeconds: v.optional(wholeFrom(1), 1),
  MaxAttempts: v.optional(wholeFrom(0), 3),
  BackoffRate: v.optional(atLeast(1), 2),
  MaxDelaySeconds: v.exactOptional(wholeFrom(1)),
  JitterStrategy: v.optional(v.picklist(["FULL", "NONE"]), "NONE"),
});

export const catcher = v.strictObject({
  Comment: optionalComment,
  ErrorEquals: errorEquals,
  Next: v.string(),
  ResultPath: nullable(compiled(compileReferencePath)),
});

const lastWildcard = (rules: readonly { ErrorEquals: readonly string[] }[]): boolean =>
  rules.slice(0, -1).every(({ ErrorEquals }) => !ErrorEquals.includes(wildcard));

const mustBeLast = `${wildcard} must be last`;

export const retry = v.exactOptional(
  v.pipe(
    v.array(retrier),
    v.check((rules) => lastWildcard(rules), mustBeLast),
  ),
);

export const catches = v.exactOptional(
  v.pipe(
    v.array(catcher),
    v.check((rules) => lastWildcard(rules), mustBeLast),
  ),
);

export type Retrier = v.InferOutput<typeof retrier>;
export type Catcher = v.InferOutput<typeof catcher>;

export const matches = ({ ErrorEquals }: Retrier | Catcher, { error }: StateError): boolean =>
  ErrorEquals.some((name) => {
    if (name === error) return true;
    if (beyondWildcards.includes(error)) return false;
    return name === wildcard || (name === "States.TaskFailed" && error !== "States.Timeout");
  });

/** How long to wait before an attempt, after so many that were retried already. */
export const waitMs = (
  { IntervalSeconds, BackoffRate, MaxDelaySeconds, JitterStrategy }: Retrier,
  retried: number,
  random: () => number,
): number => {
  const grown = IntervalSeconds * BackoffRate ** retried * 1_000;
  const capped = Math.min(grown, (MaxDelaySeconds ?? Number.POSITIVE_INFINITY) * 1_000);
  return JitterStrategy === "FULL" ? random() * capped : capped;
};

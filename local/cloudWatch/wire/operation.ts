import * as v from "valibot";
import { AwsError, unsupported } from "../../cloud/awsError";
import type { Access } from "../../cloud/cloud";
import type { Call, Operation } from "../../cloud/service";
import { type RefusalKind, Refused } from "../refused";

/** How one service names what it refuses. */
export interface Dialect {
  service: string;
  errors: Readonly<Record<Exclude<RefusalKind, "unsupported">, { code: string; status: number }>>;
  /** For what does not fit an operation's schema. @default its first fault, in words of our own */
  malformed?: (issues: Issues) => AwsError;
}

export type Issues = readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]];

const asAwsError = ({ service, errors }: Dialect, refused: Refused): AwsError => {
  if (refused.kind === "unsupported") {
    return new AwsError("NotImplemented", `The embedded cloud refuses this of ${service}: ${refused.message}.`, 501);
  }
  const { code, status } = errors[refused.kind];
  return new AwsError(code, refused.message, status);
};

/** Answers what the stores refuse as AWS would. */
export const answering = <T>(dialect: Dialect, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw error instanceof Refused ? asAwsError(dialect, error) : error;
  }
};

const firstFault = ({ errors }: Dialect, issue: v.BaseIssue<unknown>): AwsError =>
  new AwsError(
    errors.invalid.code,
    `1 validation error detected: at '${v.getDotPath(issue) ?? ""}': ${issue.message}`,
    errors.invalid.status,
  );

const isUnknownKey = (issue: v.BaseIssue<unknown>): boolean =>
  issue.type === "strict_object" && issue.expected === "never";

interface Does<Input> {
  access: (input: Input, call: Call) => Access | readonly Access[];
  run: (input: Input) => unknown;
}

/** Makes operations whose input a schema checks: a parameter that it does not list is refused by name. */
export const operationsOf =
  (dialect: Dialect) =>
  <const S extends v.GenericSchema>(
    name: string,
    schema: S,
    does: Does<v.InferOutput<S>>,
  ): Record<string, Operation> => {
    const read = (input: unknown): v.InferOutput<S> => {
      const parsed = v.safeParse(schema, input);
      if (parsed.success) return parsed.output;
      const unknown = parsed.issues.find(isUnknownKey);
      if (unknown) throw unsupported(`${dialect.service}:${name} with the parameter ${v.getDotPath(unknown) ?? ""}`);
      throw dialect.malformed?.(parsed.issues) ?? firstFault(dialect, parsed.issues[0]);
    };
    return {
      [name]: {
        access: (input: unknown, call) => does.access(read(input), call),
        run: (input: unknown) => answering(dialect, () => does.run(read(input))),
      },
    };
  };

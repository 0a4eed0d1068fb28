import * as v from "valibot";
import { account, region } from "../cloud/cloud";
import type { Realise } from "../cloud/service";
import type { Declared } from "../engine/program";
import type { StateMachine } from "./stateMachine";
import type { StateMachines } from "./stateMachines";

const tags = v.exactOptional(v.record(v.string(), v.string()));
const text = v.exactOptional(v.string());

const inputs = v.strictObject({
  name: text,
  definition: v.string(),
  roleArn: v.string(),
  type: v.exactOptional(v.picklist(["STANDARD", "EXPRESS"]), "STANDARD"),
  loggingConfiguration: v.exactOptional(
    v.strictObject({
      level: v.exactOptional(v.picklist(["ALL", "ERROR", "FATAL", "OFF"]), "OFF"),
      includeExecutionData: v.exactOptional(v.boolean(), false),
      logDestination: text,
    }),
  ),
  tracingConfiguration: v.exactOptional(v.strictObject({ enabled: v.exactOptional(v.boolean(), false) })),
  // Has no effect: there is one version of each.
  publish: v.exactOptional(v.literal(false)),
  tags,
  tagsAll: tags,
});

type Inputs = v.InferOutput<typeof inputs>;

const withoutNothing = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, inner]) => inner !== undefined && inner !== null)
          .map(([name, inner]) => [name, withoutNothing(inner)]),
      )
    : value;

const read = ({ type, name, inputs: given }: Declared): Inputs => {
  const result = v.safeParse(inputs, withoutNothing(given));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const property = `${type} ${name}: property ${v.getDotPath(issue)}`;
  throw new Error(
    issue.type === "strict_object" && issue.expected === "never"
      ? `${property} is not supported by the embedded cloud`
      : `${property}: ${issue.message}`,
  );
};

const groupPattern = new RegExp(`^arn:aws:logs:${region}:${account}:log-group:([\\w./#-]+):\\*$`);

const loggingOf = ({ loggingConfiguration }: Inputs): StateMachine["logging"] => {
  const { level = "OFF", includeExecutionData = false, logDestination } = loggingConfiguration ?? {};
  if (logDestination === undefined) {
    if (level !== "OFF") throw new Error("loggingConfiguration.logDestination must be set where the level is not OFF");
    return { level, includeExecutionData, group: undefined };
  }
  const [, group] = groupPattern.exec(logDestination) ?? [];
  if (group === undefined) {
    throw new Error(
      `loggingConfiguration.logDestination must be the ARN of a log group with :* at its end, not ${logDestination}`,
    );
  }
  return { level, includeExecutionData, group };
};

/** What the program declares of Step Functions. */
export const declaredResources = (machines: StateMachines): Record<string, Realise> => ({
  "aws:sfn/stateMachine:StateMachine": (declared) => {
    const given = read(declared);
    try {
      const { arn, name, createdAt } = machines.create({
        name: given.name ?? declared.name,
        type: given.type,
        definition: given.definition,
        roleArn: given.roleArn,
        logging: loggingOf(given),
        tracing: given.tracingConfiguration?.enabled ?? false,
        tags: given.tags ?? {},
      });
      const creationDate = new Date(createdAt).toISOString();
      return { id: arn, outputs: { ...declared.inputs, type: given.type, arn, name, creationDate, status: "ACTIVE" } };
    } catch (error) {
      const { type, name } = declared;
      throw new Error(`${type} ${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  },
});

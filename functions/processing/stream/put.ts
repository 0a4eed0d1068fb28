import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { dynamodb } from "../aws/dynamodb";
import { inBatches, throwIfFailed } from "../batch";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { validate } from "../events/validate";
import { Failure } from "../failure";
import { word } from "./event";
import type { AssignmentRow, ExperimentRow } from "./experiment";

const name = v.pipe(
  v.string("must be a string"),
  v.minLength(1, "must not be empty"),
  v.maxLength(200, "must have at most 200 characters"),
);
export const statuses = ["draft", "running", "paused", "ended"] as const;

const experiment = v.pipe(
  v.strictObject({
    experimentId: word,
    name,
    status: v.picklist(statuses, `must be one of ${statuses.join(", ")}`),
    control: word,
    variants: v.pipe(v.array(word, "must be a list"), v.minLength(2, "must have at least two"), v.maxLength(20)),
  }),
  v.forward(
    v.check(({ control, variants }) => variants.includes(control), "must be one of the variants"),
    ["control"],
  ),
);

const moment = "must be a moment in milliseconds since 1970";

const assignment = v.strictObject({
  userId: v.pipe(v.string("must be a string"), v.minLength(1, "must not be empty"), v.maxLength(128)),
  experimentId: word,
  variant: word,
  assignedAt: v.optional(v.pipe(v.number(moment), v.integer(moment), v.minValue(0, moment))),
});

const most = 1_000;

/** Counted before any of it is looked at: of what is far too much, nobody looks at each. */
const listOf = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(
    v.array(v.unknown(), "must be a list"),
    v.maxLength(most, `must have at most ${most}`),
    v.array(item, "must be a list"),
  );

const requestSchema = v.strictObject({
  experiments: v.optional(listOf(experiment), []),
  assignments: v.optional(listOf(assignment), []),
});

/** What another team tells of its experiments, and of who is in them. */
export type PutRequest = v.InferOutput<typeof requestSchema>;

export interface PutAnswer {
  experiments: number;
  assignments: number;
  /** Users who had been given another variant before: that one stays. */
  kept: { userId: string; experimentId: string; variant: string }[];
}

export const parsePutRequest = (input: unknown): PutRequest => validate(requestSchema, input, "request");

const atATime = 16;

const putExperiment = (one: PutRequest["experiments"][number], run: Run): Promise<unknown> => {
  const { experimentId, ...rest } = one;
  const Item: ExperimentRow = { experiment_id: experimentId, ...rest };
  return run.call("PutItem", "dynamodb", () =>
    dynamodb().send(new PutCommand({ TableName: env("EXPERIMENTS_TABLE"), Item })),
  );
};

interface Refusal {
  Item?: { variant?: { S?: string } };
}

/** What a user was given first is what he keeps; the answer is another variant that he has. */
const assign = async (one: PutRequest["assignments"][number], run: Run): Promise<string | undefined> => {
  const { userId, experimentId, variant, assignedAt = run.now() } = one;
  const Item: AssignmentRow = { user_id: userId, experiment_id: experimentId, variant, assigned_at: assignedAt };
  try {
    await run.call("PutItem", "dynamodb", () =>
      dynamodb().send(
        new PutCommand({
          TableName: env("ASSIGNMENTS_TABLE"),
          Item,
          ConditionExpression: "attribute_not_exists(user_id)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      ),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure && error.conditionFailed)) throw error;
    const known = (error.cause as Refusal).Item?.variant?.S;
    return known === variant ? undefined : known;
  }
};

/** May be said again: nothing changes by it. */
export const put = async ({ experiments, assignments }: PutRequest, run: Run): Promise<PutAnswer> => {
  throwIfFailed(
    await inBatches(
      experiments,
      atATime,
      (one) => putExperiment(one, run),
      (one) => one.experimentId,
    ),
    "experiments",
  );
  const kept: PutAnswer["kept"] = [];
  const assigned = await inBatches(
    assignments,
    atATime,
    async (one) => {
      const variant = await assign(one, run);
      if (variant !== undefined) kept.push({ userId: one.userId, experimentId: one.experimentId, variant });
    },
    ({ experimentId }) => experimentId,
  );
  throwIfFailed(assigned, "assignments");
  return { experiments: experiments.length, assignments: assignments.length - kept.length, kept };
};

import * as v from "valibot";

/** What is known of an experiment, as it lies in its table. */
export const experimentRow = v.object({
  experiment_id: v.string(),
  name: v.string(),
  status: v.string(),
  control: v.string(),
  variants: v.array(v.string()),
});

export type ExperimentRow = v.InferOutput<typeof experimentRow>;

/** Which variant a user was given, and when. */
export const assignmentRow = v.object({
  user_id: v.string(),
  experiment_id: v.string(),
  variant: v.string(),
  assigned_at: v.number(),
});

export type AssignmentRow = v.InferOutput<typeof assignmentRow>;

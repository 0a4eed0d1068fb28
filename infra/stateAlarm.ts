import { metricNames } from "../functions/processing/observe/metrics";
import { type AlarmDefinition, type Minimum, own, quiet, share } from "./alarmDefinition";
import { isGiven, type Lambda } from "./lambda";

/** Whoever takes up or ends the work on a company's data moves its state with it. */
export const movesStates = (lambda: Lambda): boolean =>
  isGiven(lambda, "QUEUE_TRACKING_TABLE") && isGiven(lambda, "PROCESSING_STATE_TABLE");

export const stateAlarm = (lambda: Lambda, minimum: Minimum): AlarmDefinition => ({
  ...quiet,
  name: `${lambda.label}-state`,
  kind: "state-errors",
  description: "More than 5 % of the moves of companies' states failed",
  topic: "alarms",
  metrics: { moves: own(lambda, metricNames.stateMoves), failed: own(lambda, metricNames.stateErrors) },
  expression: share("failed", "moves", minimum.events),
  threshold: 5,
});

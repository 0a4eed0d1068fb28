import { errorKinds } from "../functions/processing/failure";
import { metricNames } from "../functions/processing/observe/metrics";
import { type AlarmDefinition, type Metric, own, quiet, share } from "./alarmDefinition";
import type { Lambda } from "./lambda";
import { lambdaAlarms } from "./lambdaAlarms";
import type { Settings } from "./settings";
import type { StateMachine } from "./stateMachine";

/** What is called for its answer: by a state machine, or by other teams. */
export const calledAlarms = (lambda: Lambda, minimum: number): AlarmDefinition[] => {
  const { label } = lambda;
  const calls = own(lambda, metricNames.events);
  return [
    ...lambdaAlarms(lambda),
    {
      ...quiet,
      name: `${label}-failures`,
      description: "More than 10 % of the calls failed",
      topic: "alarms",
      metrics: { calls, failures: own(lambda, metricNames.failure) },
      expression: share("failures", "calls", minimum),
      threshold: 10,
    },
    {
      ...quiet,
      name: `${label}-error-category`,
      description: "More than 15 % of the calls failed for the same category of reason",
      topic: "alarms",
      metrics: {
        calls,
        ...Object.fromEntries(errorKinds.map((kind) => [`e${kind}`, own(lambda, metricNames[`error${kind}`])])),
      },
      expression: share(`MAX([${errorKinds.map((kind) => `FILL(e${kind}, 0)`).join(", ")}])`, "calls", minimum),
      threshold: 15,
    },
    {
      ...quiet,
      name: `${label}-retries`,
      description: "More than 50 % of the calls to other services had to be repeated",
      topic: "alarms",
      metrics: { operations: own(lambda, metricNames.operations), retries: own(lambda, metricNames.retries) },
      expression: share("retries", "operations", minimum),
      threshold: 50,
    },
  ];
};

const hourSeconds = 3_600;
const hoursWithoutRating = 26;

/** In per cent. Companies are rated a few a day: each counts, and no number is too small to judge by. */
const shareOf = (part: string, whole: string): string => `IF(${whole} > 0, 100 * (${part}) / (${whole}), 0)`;

const ratingAlarms = (storage: Lambda, settings: Settings): AlarmDefinition[] => {
  const completed = own(storage, metricNames.analysesCompleted);
  return [
    {
      ...quiet,
      name: "analyses-failed",
      description: "More than 5 % of the companies of the batches could not be rated",
      topic: "alarms",
      metrics: { completed, failed: own(storage, metricNames.analysesFailed) },
      expression: shareOf("FILL(failed, 0)", "FILL(completed, 0) + FILL(failed, 0)"),
      threshold: 5,
    },
    // Without a key there is nothing to rate by, and nobody waits for it.
    ...(settings.alphaVantageKey
      ? [
          {
            name: "analyses-stale",
            description: `No company has been rated for ${hoursWithoutRating} hours`,
            topic: "alarms",
            metrics: { completed },
            expression: "completed",
            comparison: "LessThanThreshold",
            threshold: 1,
            periods: hoursWithoutRating,
            periodSeconds: hourSeconds,
            missing: "breaching",
          } as const,
        ]
      : []),
  ];
};

const ends = { succeeded: "Succeeded", failed: "Failed", timedOut: "TimedOut", aborted: "Aborted" } as const;

const ofMachine = ({ resource }: StateMachine<string>, name: string, stat: Metric["stat"] = "Sum"): Metric => ({
  namespace: "AWS/States",
  name,
  stat,
  dimensions: { StateMachineArn: resource.arn },
});

export interface Workflow {
  machine: StateMachine<string>;
  /** The step that says what became of a company. */
  storage: Lambda;
}

/** A workflow as a whole, and each of its steps. */
export const workflowAlarms = ({ machine, storage }: Workflow, settings: Settings): AlarmDefinition[] => {
  const bad = "FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)";
  return [
    {
      ...quiet,
      name: `${machine.label}-failures`,
      description: "More than 10 % of the executions failed, ran out of time or were stopped",
      topic: "alarms",
      metrics: Object.fromEntries(
        Object.entries(ends).map(([id, name]) => [id, ofMachine(machine, `Executions${name}`)]),
      ),
      expression: shareOf(bad, `FILL(succeeded, 0) + ${bad}`),
      threshold: 10,
    },
    ...ratingAlarms(storage, settings),
    ...Object.values(machine.steps).flatMap((step) => calledAlarms(step, settings.alarmMinimumEvents)),
  ];
};

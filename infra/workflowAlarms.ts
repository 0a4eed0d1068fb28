import { metricNames } from "../functions/processing/observe/metrics";
import { type AlarmDefinition, type Metric, minimumOfCompanies, own, quiet } from "./alarmDefinition";
import { handlingAlarms } from "./handlingAlarms";
import type { Lambda } from "./lambda";
import type { Settings } from "./settings";
import type { StateMachine } from "./stateMachine";

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
      kind: "analyses-failed",
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
            kind: "analyses-stale",
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
      kind: "workflow-failures",
      description: "More than 10 % of the executions failed, ran out of time or were stopped",
      topic: "alarms",
      metrics: Object.fromEntries(
        Object.entries(ends).map(([id, name]) => [id, ofMachine(machine, `Executions${name}`)]),
      ),
      expression: shareOf(bad, `FILL(succeeded, 0) + ${bad}`),
      threshold: 10,
    },
    ...ratingAlarms(storage, settings),
    ...Object.values(machine.steps).flatMap((step) => handlingAlarms(step, "calls", minimumOfCompanies)),
  ];
};

import { errorKinds } from "../functions/processing/failure";
import { metricNames } from "../functions/processing/observe/metrics";
import { type AlarmDefinition, type Minimum, own, quiet, share } from "./alarmDefinition";
import type { Lambda } from "./lambda";
import { lambdaAlarms } from "./lambdaAlarms";

const failed = { events: "could not be handled", calls: "failed" } as const;

/** What can go wrong with a function that is handed events, or is called for its answer by a state machine or other teams. */
export const handlingAlarms = (lambda: Lambda, what: keyof typeof failed, minimum: Minimum): AlarmDefinition[] => {
  const { label } = lambda;
  const handled = own(lambda, metricNames.events);
  return [
    ...lambdaAlarms(lambda),
    {
      ...quiet,
      name: `${label}-failures`,
      kind: "failures",
      description: `More than 10 % of the ${what} ${failed[what]}`,
      topic: "alarms",
      metrics: { [what]: handled, failures: own(lambda, metricNames.failure) },
      expression: share("failures", what, minimum.events),
      threshold: 10,
    },
    {
      ...quiet,
      name: `${label}-error-category`,
      kind: "error-category",
      description: `More than 15 % of the ${what} failed for the same category of reason`,
      topic: "alarms",
      metrics: {
        [what]: handled,
        ...Object.fromEntries(errorKinds.map((kind) => [`e${kind}`, own(lambda, metricNames[`error${kind}`])])),
      },
      expression: share(`MAX([${errorKinds.map((kind) => `FILL(e${kind}, 0)`).join(", ")}])`, what, minimum.events),
      threshold: 15,
    },
    {
      ...quiet,
      name: `${label}-retries`,
      kind: "retries",
      description: "More than 50 % of the calls to other services had to be repeated",
      topic: "alarms",
      metrics: { operations: own(lambda, metricNames.operations), retries: own(lambda, metricNames.retries) },
      expression: share("retries", "operations", minimum.operations),
      threshold: 50,
    },
  ];
};

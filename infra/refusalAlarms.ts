import { metricNames, validationNamespace } from "../functions/processing/observe/metrics";
import { type AlarmDefinition, type Minimum, own, queueMetric, quiet, share } from "./alarmDefinition";
import type { Consumer } from "./consumer";
import type { QueueWithDeadLetters } from "./queue";

/** Of a function that refuses what it cannot use, and sends it to the dead letter queue. */
export const refusalAlarms = (
  { label, lambda }: Pick<Consumer, "label" | "lambda">,
  { deadLetters }: Pick<QueueWithDeadLetters, "deadLetters">,
  what: string,
  minimum: Minimum,
): AlarmDefinition[] => {
  const events = own(lambda, metricNames.events);
  return [
    {
      ...quiet,
      name: `${label}-dead-letter-rate`,
      kind: "dead-letter-rate",
      description: "More than 10 % of the events were sent to the dead letter queue",
      topic: "dlq-notifications",
      metrics: { events, dead: own(lambda, metricNames.deadLettered) },
      expression: share("dead", "events", minimum.events),
      threshold: 10,
    },
    {
      ...quiet,
      name: `${label}-dead-letters`,
      kind: "dead-letters",
      description: "More than 100 messages lie in the dead letter queue: they are not drained",
      topic: "dlq-notifications",
      metrics: { waiting: queueMetric(deadLetters, "ApproximateNumberOfMessagesVisible") },
      expression: "waiting",
      threshold: 100,
    },
    {
      ...quiet,
      name: `${label}-validation`,
      kind: "validation",
      description: `5 or more ${what} were refused as not valid in each of two periods`,
      topic: "validation-error",
      metrics: { errors: own(lambda, metricNames.validationErrors, "Sum", validationNamespace) },
      expression: "errors",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 5,
      periods: 2,
    },
  ];
};

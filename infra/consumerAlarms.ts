import { metricNames, validationNamespace } from "../functions/processing/observe/metrics";
import { type AlarmDefinition, own, queueMetric, quiet, share } from "./alarmDefinition";
import type { Consumer } from "./consumer";
import { handlingAlarms } from "./handlingAlarms";
import type { QueueWithDeadLetters } from "./queue";
import { movesStates, stateAlarm } from "./stateAlarm";

/** Of a function that is handed events out of a queue. */
export const queueAlarms = (
  { label, lambda }: Pick<Consumer, "label" | "lambda">,
  queue: QueueWithDeadLetters,
  minimum: number,
): AlarmDefinition[] => {
  const events = own(lambda, metricNames.events);
  return [
    ...handlingAlarms(lambda, "events", minimum),
    {
      ...quiet,
      name: `${label}-dead-letter-rate`,
      kind: "dead-letter-rate",
      description: "More than 10 % of the events were sent to the dead letter queue",
      topic: "dlq-notifications",
      metrics: { events, dead: own(lambda, metricNames.deadLettered) },
      expression: share("dead", "events", minimum),
      threshold: 10,
    },
    {
      ...quiet,
      name: `${label}-dead-letters`,
      kind: "dead-letters",
      description: "More than 100 messages lie in the dead letter queue: they are not drained",
      topic: "dlq-notifications",
      metrics: { waiting: queueMetric(queue.deadLetters, "ApproximateNumberOfMessagesVisible") },
      expression: "waiting",
      threshold: 100,
    },
    {
      ...quiet,
      name: `${label}-delay`,
      kind: "delay",
      description: "A message has waited for more than 5 minutes",
      topic: "alarms",
      metrics: { age: queueMetric(queue.queue, "ApproximateAgeOfOldestMessage") },
      expression: "age",
      threshold: 300,
    },
    {
      ...quiet,
      name: `${label}-validation`,
      kind: "validation",
      description: "5 or more events or answers were refused as not valid in each of two periods",
      topic: "validation-error",
      metrics: { errors: own(lambda, metricNames.validationErrors, "Sum", validationNamespace) },
      expression: "errors",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 5,
      periods: 2,
    },
  ];
};

/** And of one that a rule feeds. */
export const consumerAlarms = (consumer: Consumer, minimum: number): AlarmDefinition[] => {
  const { label, queue, undelivered, ruleDimensions } = consumer;
  return [
    ...queueAlarms(consumer, queue, minimum),
    ...(movesStates(consumer.lambda) ? [stateAlarm(consumer.lambda, minimum)] : []),
    {
      ...quiet,
      name: `${label}-undelivered`,
      kind: "undelivered",
      description: "The bus could not deliver an event to the queue",
      topic: "dlq-notifications",
      metrics: { waiting: queueMetric(undelivered, "ApproximateNumberOfMessagesVisible") },
      expression: "waiting",
      threshold: 0,
    },
    {
      ...quiet,
      name: `${label}-rule`,
      kind: "rule",
      description: "More than 5 % of the rule's deliveries failed",
      topic: "alarms",
      metrics: {
        invoked: { namespace: "AWS/Events", name: "Invocations", stat: "Sum", dimensions: ruleDimensions },
        failed: { namespace: "AWS/Events", name: "FailedInvocations", stat: "Sum", dimensions: ruleDimensions },
      },
      expression: share("failed", "invoked", minimum),
      threshold: 5,
    },
  ];
};

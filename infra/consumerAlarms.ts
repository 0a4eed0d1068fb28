import { type AlarmDefinition, type Minimum, queueMetric, quiet, share } from "./alarmDefinition";
import type { Consumer } from "./consumer";
import { handlingAlarms } from "./handlingAlarms";
import type { QueueWithDeadLetters } from "./queue";
import { refusalAlarms } from "./refusalAlarms";
import { movesStates, stateAlarm } from "./stateAlarm";

/** Of a function that is handed events out of a queue. */
export const queueAlarms = (
  { label, lambda }: Pick<Consumer, "label" | "lambda">,
  queue: QueueWithDeadLetters,
  minimum: Minimum,
): AlarmDefinition[] => [
  ...handlingAlarms(lambda, "events", minimum),
  ...refusalAlarms({ label, lambda }, queue, "events or answers", minimum),
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
];

/** And of one that a rule feeds. */
export const consumerAlarms = (consumer: Consumer, minimum: Minimum): AlarmDefinition[] => {
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
      expression: share("failed", "invoked", minimum.events),
      threshold: 5,
    },
  ];
};

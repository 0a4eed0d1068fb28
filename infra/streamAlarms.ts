import { metricNames } from "../functions/processing/observe/metrics";
import { type AlarmDefinition, type Minimum, own, quiet, share } from "./alarmDefinition";
import { handlingAlarms } from "./handlingAlarms";
import { refusalAlarms } from "./refusalAlarms";
import type { Stream } from "./stream";

/** What a stage may meet with: anything that had to be delivered again is looked into once it does not end by itself. */
const stages = {
  enrich: metricNames.streamEnrichErrors,
  aggregate: metricNames.streamAggregateErrors,
  archive: metricNames.streamArchiveErrors,
} as const;

const stageAlarms = ({ label, lambda }: Stream): AlarmDefinition[] =>
  Object.entries(stages).map(([stage, name]) => ({
    ...quiet,
    name: `${label}-${stage}`,
    kind: "stream-stage",
    description: `Events could not be taken through "${stage}" in each of two periods, and are delivered again and again`,
    topic: "alarms",
    metrics: { errors: own(lambda, name) },
    expression: "errors",
    threshold: 0,
    periods: 2,
  }));

/** What can go wrong with a stream and the function that reads it. */
export const streamAlarms = (stream: Stream, minimum: Minimum): AlarmDefinition[] => {
  const { label, lambda, queue } = stream;
  const events = own(lambda, metricNames.events);
  return [
    ...handlingAlarms(lambda, "events", minimum),
    ...stageAlarms(stream),
    {
      ...quiet,
      name: `${label}-iterator-age`,
      kind: "iterator-age",
      description: "Records have waited in the stream for more than 5 minutes",
      topic: "alarms",
      metrics: {
        age: {
          namespace: "AWS/Lambda",
          name: "IteratorAge",
          stat: "Maximum",
          dimensions: { FunctionName: lambda.physicalName },
        },
      },
      expression: "age",
      threshold: 300_000,
    },
    {
      ...quiet,
      name: `${label}-duplicates`,
      kind: "duplicates",
      description: "More than 10 % of the events had been counted before: a producer repeats them, or batches fail",
      topic: "alarms",
      metrics: { events, duplicates: own(lambda, metricNames.streamDuplicates) },
      expression: share("duplicates", "events", minimum.events),
      threshold: 10,
    },
    {
      ...quiet,
      name: `${label}-lost`,
      kind: "stream-lost",
      description: "A batch was given up and could not be put aside: its records are in the stream alone, for a day",
      topic: "alarms",
      metrics: {
        failures: {
          namespace: "AWS/Lambda",
          name: "DestinationDeliveryFailures",
          stat: "Sum",
          dimensions: { FunctionName: lambda.physicalName },
        },
      },
      expression: "failures",
      threshold: 0,
    },
    ...refusalAlarms(stream, queue, "events", minimum),
  ];
};

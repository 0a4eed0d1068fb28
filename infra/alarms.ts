import * as aws from "@pulumi/aws";
import type { AlarmDefinition } from "./alarmDefinition";
import { alarmDefinitions, type Watched } from "./alarmDefinitions";
import { alarmText } from "./alarmKinds";
import { physicalName } from "./naming";
import type { Settings } from "./settings";
import type { Topics } from "./topics";

const defaultPeriodSeconds = 300;

export const createAlarm = (alarm: AlarmDefinition, topics: Topics): aws.cloudwatch.MetricAlarm => {
  const topic = topics.byName[alarm.topic];
  return new aws.cloudwatch.MetricAlarm(
    alarm.name,
    {
      name: physicalName(alarm.name),
      alarmDescription: alarmText(alarm.description, alarm.kind),
      comparisonOperator: alarm.comparison,
      threshold: alarm.threshold,
      evaluationPeriods: alarm.periods,
      treatMissingData: alarm.missing,
      metricQueries: [
        ...Object.entries(alarm.metrics).map(([id, metric]) => ({
          id,
          metric: {
            namespace: metric.namespace,
            metricName: metric.name,
            stat: metric.stat,
            period: alarm.periodSeconds ?? defaultPeriodSeconds,
            dimensions: metric.dimensions,
          },
        })),
        { id: "judged", expression: alarm.expression, label: alarm.description, returnData: true },
      ],
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    },
    { dependsOn: topics.ready },
  );
};

/** An alarm, and the line of the table that it was made of. */
export interface Alarm {
  definition: AlarmDefinition;
  resource: aws.cloudwatch.MetricAlarm;
}

export const createAlarms = (watched: Watched, topics: Topics, settings: Settings): Alarm[] =>
  alarmDefinitions(watched, settings).map((definition) => ({ definition, resource: createAlarm(definition, topics) }));

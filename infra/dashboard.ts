import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { errorKinds } from "../functions/processing/failure";
import { type MetricName, metricNames, namespace, validationNamespace } from "../functions/processing/observe/metrics";
import type { Consumer } from "./consumer";
import { memoryNamespace } from "./lambda";
import { physicalName } from "./naming";

type Line = unknown[];

interface Graph {
  title: string;
  lines: Line[];
}

const columns = 24;
const height = 6;

const graphs = ({ label, lambda, queue }: Consumer, names: { queue: string; deadLetters: string }): Graph[] => {
  const own = (name: MetricName, stat = "Sum", space: string = namespace): Line => [
    space,
    name,
    "service",
    physicalName("platform"),
    "function",
    lambda.metricName,
    { stat, label: `${name} ${stat}` },
  ];
  const sqs = (name: string, queueName: string): Line => ["AWS/SQS", name, "QueueName", queueName, { stat: "Maximum" }];
  const { events, success, failure, deadLettered, duration, operations, retries } = metricNames;
  return [
    { title: `${label}: events`, lines: [events, success, failure, deadLettered].map((name) => own(name)) },
    { title: `${label}: errors by category`, lines: errorKinds.map((kind) => own(metricNames[`error${kind}`])) },
    { title: `${label}: duration of an event, ms`, lines: ["p50", "p90", "p99"].map((stat) => own(duration, stat)) },
    { title: `${label}: calls and retries`, lines: [own(operations), own(retries)] },
    {
      title: `${label}: memory, of ${lambda.args.memory} MB`,
      lines: [[memoryNamespace, lambda.physicalName, { stat: "Maximum" }]],
    },
    {
      title: `${queue.label}: waiting`,
      lines: [
        sqs("ApproximateAgeOfOldestMessage", names.queue),
        sqs("ApproximateNumberOfMessagesVisible", names.queue),
        sqs("ApproximateNumberOfMessagesVisible", names.deadLetters),
      ],
    },
    {
      title: `${label}: validation`,
      lines: [metricNames.validationSuccess, metricNames.validationErrors].map((name) =>
        own(name, "Sum", validationNamespace),
      ),
    },
  ];
};

const perRow = 4;

/** What on-call opens first: the alarms, then a row or two for each consumer. */
export const createDashboard = (
  consumers: readonly Consumer[],
  alarms: readonly aws.cloudwatch.MetricAlarm[],
): aws.cloudwatch.Dashboard => {
  const region = aws.getRegionOutput().region;
  const names = consumers.map(({ queue }) =>
    pulumi.output({ queue: queue.queue.name, deadLetters: queue.deadLetters.name }),
  );
  const body = pulumi
    .all([region, pulumi.all(alarms.map(({ arn }) => arn)), pulumi.all(names)])
    .apply(([where, alarmArns, queueNames]) => {
      const drawn = consumers.flatMap((consumer, at) => {
        const own = queueNames[at];
        return own ? graphs(consumer, own) : [];
      });
      const width = columns / perRow;
      return JSON.stringify({
        widgets: [
          {
            type: "alarm",
            x: 0,
            y: 0,
            width: columns,
            height,
            properties: { title: "Alarms", alarms: alarmArns },
          },
          ...drawn.map(({ title, lines }, at) => ({
            type: "metric",
            x: (at % perRow) * width,
            y: height * (1 + Math.floor(at / perRow)),
            width,
            height,
            properties: { title, metrics: lines, region: where, period: 300, view: "timeSeries" },
          })),
        ],
      });
    });
  return new aws.cloudwatch.Dashboard("platform", { dashboardName: physicalName("platform"), dashboardBody: body });
};

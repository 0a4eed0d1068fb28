import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Watched } from "./alarmDefinitions";
import { type Row, rows } from "./graphs";
import { physicalName } from "./naming";

const columns = 24;
const headingHeight = 1;
const graphHeight = 6;
const rowHeight = headingHeight + graphHeight;
/** CloudWatch shows no more in one widget. */
const alarmsPerWidget = 100;

const alarmWidgets = (arns: readonly string[]) => {
  const count = Math.ceil(arns.length / alarmsPerWidget);
  const width = columns / count;
  return Array.from({ length: count }, (_, at) => ({
    type: "alarm",
    x: at * width,
    y: 0,
    width,
    height: graphHeight,
    properties: { title: "Alarms", alarms: arns.slice(at * alarmsPerWidget, (at + 1) * alarmsPerWidget) },
  }));
};

const rowWidgets = ({ heading, graphs }: Row, y: number, region: string) => {
  const width = Math.floor(columns / graphs.length);
  return [
    { type: "text", x: 0, y, width: columns, height: headingHeight, properties: { markdown: `## ${heading}` } },
    ...graphs.map(({ title, lines }, at) => ({
      type: "metric",
      x: at * width,
      y: y + headingHeight,
      width,
      height: graphHeight,
      properties: { title, metrics: lines, region, period: 300, view: "timeSeries" },
    })),
  ];
};

/** What on-call opens first: the alarms, a row for each consumer, one for all that runs by the clock, one for what is shared. */
export const createDashboard = (
  watched: Watched,
  alarms: readonly aws.cloudwatch.MetricAlarm[],
): aws.cloudwatch.Dashboard => {
  const region = aws.getRegionOutput().region;
  const dashboardBody = pulumi
    .all([region, pulumi.all(alarms.map(({ arn }) => arn)), rows(watched)])
    .apply(([where, arns, drawn]) =>
      JSON.stringify({
        widgets: [
          ...alarmWidgets(arns),
          ...drawn.flatMap((row, at) => rowWidgets(row, graphHeight + at * rowHeight, where)),
        ],
      }),
    );
  return new aws.cloudwatch.Dashboard("platform", { dashboardName: physicalName("platform"), dashboardBody });
};

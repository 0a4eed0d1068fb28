import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Watched } from "../alarmDefinitions";
import type { Alarm } from "../alarms";
import { physicalName, stack } from "../naming";
import type { Settings } from "../settings";
import type { Tables } from "../tables";
import { alarmWidgets } from "./alarmed";
import { costWidget } from "./cost";
import { eventWidgets } from "./events";
import { functionWidgets } from "./functions";
import { healthWidgets } from "./health";
import { queueWidgets } from "./queues";
import { ratingWidgets } from "./ratings";
import { storeWidgets } from "./stores";
import { shownPast, text, type Widget } from "./widget";

const columns = 24;
const headingHeight = 1;
const rowHeight = 4;

/** Side by side, the first the wider where they do not come out even. */
const row = (widgets: readonly Widget[], y: number, region: pulumi.Output<string>) =>
  widgets.map(({ type, properties }, at) => {
    const x = Math.ceil((at * columns) / widgets.length);
    return {
      type,
      x,
      y,
      width: Math.ceil(((at + 1) * columns) / widgets.length) - x,
      height: rowHeight,
      properties: { ...properties, ...(type === "metric" && { region }) },
    };
  });

const heading = (): Widget =>
  text(
    `**Signal9, stack ${stack()}.** First row: is anything wrong, is today's data in, are ratings out. Below: why. Each alarm names its runbook.`,
  );

export interface DashboardArgs {
  watched: Watched;
  alarms: readonly Alarm[];
  tables: Tables;
  settings: Settings;
}

/** What on-call opens first, on one screen: the state of things, then what explains it, a row for each question. */
export const createDashboard = ({ watched, alarms, tables, settings }: DashboardArgs): aws.cloudwatch.Dashboard => {
  const region = aws.getRegionOutput().region;
  const rows = [
    [...alarmWidgets(alarms), ...healthWidgets(watched, tables, settings)],
    eventWidgets(watched, alarms),
    ratingWidgets(watched, alarms),
    queueWidgets(watched, alarms),
    functionWidgets(watched, alarms),
    [...storeWidgets(watched, alarms), costWidget(watched, tables)],
  ];
  const dashboardBody = pulumi.jsonStringify({
    start: shownPast,
    periodOverride: "inherit",
    widgets: [
      { ...heading(), x: 0, y: 0, width: columns, height: headingHeight },
      ...rows.flatMap((widgets, at) => row(widgets, headingHeight + at * rowHeight, region)),
    ],
  });
  return new aws.cloudwatch.Dashboard("platform", { dashboardName: physicalName("platform"), dashboardBody });
};

import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { type AlarmWidget, type MetricWidget, readBody, type TextWidget } from "./body";
import { queriesOf } from "./queries";

/** A series of one name, as it is to be drawn. */
export interface Drawn {
  label: string;
  axis: "left" | "right";
  color: string | undefined;
  /** Oldest first. */
  points: { at: number; value: number }[];
}

export interface AlarmState {
  name: string;
  state: string;
  changedAt: number;
}

/** A widget, and what there is to be seen on it. */
export type Filled =
  | { widget: MetricWidget; from: number; to: number; period: number; series: Drawn[] }
  | { widget: AlarmWidget; alarms: AlarmState[] }
  | { widget: TextWidget };

export interface FilledDashboard {
  name: string;
  /** The moment that is shown. */
  now: number;
  widgets: Filled[];
}

const fillMetrics = async (client: CloudWatchClient, widget: MetricWidget, start: string, now: number) => {
  const { from, to, period, queries, styles } = queriesOf(widget, start, now);
  const series = new Map<string, Drawn>();
  let NextToken: string | undefined;
  do {
    const page: GetMetricDataCommandOutput = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(from),
        EndTime: new Date(to),
        ScanBy: "TimestampAscending",
        NextToken,
      }),
    );
    for (const { Id = "", Label = Id, Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      const style = styles.find(({ id }) => id === Id);
      const one = series.get(`${Id} ${Label}`) ?? {
        label: Label,
        axis: style?.axis ?? "left",
        color: style?.color,
        points: [],
      };
      one.points.push(...Timestamps.map((time, at) => ({ at: time.getTime(), value: Values[at] ?? 0 })));
      series.set(`${Id} ${Label}`, one);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return { widget, from, to, period, series: [...series.values()] };
};

const nameOf = (arn: string): string => arn.split(":").slice(6).join(":");

const order = ["ALARM", "INSUFFICIENT_DATA", "OK"];

const fillAlarms = async (client: CloudWatchClient, widget: AlarmWidget): Promise<Filled> => {
  const { MetricAlarms = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmNames: widget.properties.alarms.map(nameOf), MaxRecords: 100 }),
  );
  const alarms = MetricAlarms.map(({ AlarmName = "", StateValue = "", StateUpdatedTimestamp }) => ({
    name: AlarmName,
    state: StateValue,
    changedAt: StateUpdatedTimestamp?.getTime() ?? 0,
  }));
  alarms.sort(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) || b.changedAt - a.changedAt || (a.name < b.name ? -1 : 1),
  );
  return { widget, alarms };
};

/** A dashboard as CloudWatch has it, with what its widgets show at this moment. */
export const readDashboard = async (client: CloudWatchClient, name: string, now: number): Promise<FilledDashboard> => {
  const { DashboardBody = "" } = await client.send(new GetDashboardCommand({ DashboardName: name }));
  const { start, widgets } = readBody(DashboardBody);
  const filled: Filled[] = [];
  for (const widget of widgets) {
    if (widget.type === "metric") filled.push(await fillMetrics(client, widget, start, now));
    else filled.push(widget.type === "alarm" ? await fillAlarms(client, widget) : { widget });
  }
  return { name, now, widgets: filled };
};

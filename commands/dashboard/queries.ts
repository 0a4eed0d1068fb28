import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { expressionEntry, type MetricWidget, metricEntry, pastOf } from "./body";

/** How a line is drawn, whatever its points are. */
export interface LineStyle {
  id: string;
  axis: "left" | "right";
  color: string | undefined;
}

export interface WidgetQuery {
  from: number;
  to: number;
  /** Seconds. */
  period: number;
  queries: MetricDataQuery[];
  styles: LineStyle[];
}

const pairs = (list: readonly unknown[]) =>
  list.flatMap((name, at) => (at % 2 === 0 ? [{ Name: String(name), Value: String(list[at + 1]) }] : []));

/** What to ask CloudWatch so as to draw a widget at a moment. */
export const queriesOf = ({ properties }: MetricWidget, start: string, now: number): WidgetQuery => {
  const step = properties.period * 1_000;
  const past = pastOf(properties.start ?? start);
  const to = Math.ceil(now / step) * step;
  const from = to - past;
  const period = properties.setPeriodToTimeRange ? past / 1_000 : properties.period;
  const styles: LineStyle[] = [];
  const queries = properties.metrics.map((entry, at): MetricDataQuery => {
    const [namespace, name, ...rest] = entry;
    if (typeof namespace === "string") {
      const { id = `m${at}`, label, stat, visible, yAxis, color } = v.parse(metricEntry, rest.at(-1));
      if (visible) styles.push({ id, axis: yAxis, color });
      const Metric = { Namespace: namespace, MetricName: String(name), Dimensions: pairs(rest.slice(0, -1)) };
      const MetricStat = { Metric, Stat: stat, Period: period };
      return { Id: id, MetricStat, ReturnData: visible, ...(label !== undefined && { Label: label }) };
    }
    const { id, expression, label, visible, yAxis, color } = v.parse(expressionEntry, namespace);
    if (visible) styles.push({ id, axis: yAxis, color });
    return { Id: id, Expression: expression, ReturnData: visible, ...(label !== undefined && { Label: label }) };
  });
  return { from, to, period, queries, styles };
};

import * as v from "valibot";
import { type Expression, evaluateExpression, parseExpression } from "../metricMath";
import { invalid, unsupported } from "../refused";
import type { Frame, Series } from "../series";
import { monitoringOperation } from "../wire/dialects";
import { dimensionList, frameOver, periodSeconds, seconds, toDimensions } from "../wire/metricShapes";
import { type Monitored, onAll } from "./surroundings";

const mostPoints = 100_800;

const query = v.strictObject({
  Id: v.pipe(v.string(), v.regex(/^[a-z][A-Za-z0-9_]{0,254}$/, "an id begins with a lowercase letter")),
  MetricStat: v.exactOptional(
    v.strictObject({
      Metric: v.strictObject({
        Namespace: v.string(),
        MetricName: v.string(),
        Dimensions: v.exactOptional(dimensionList),
      }),
      Period: periodSeconds,
      Stat: v.string(),
      Unit: v.exactOptional(v.string()),
    }),
  ),
  Expression: v.exactOptional(v.string()),
  Period: v.exactOptional(periodSeconds),
  Label: v.exactOptional(v.string()),
  ReturnData: v.exactOptional(v.boolean(), true),
});

const input = v.strictObject({
  MetricDataQueries: v.pipe(v.array(query), v.minLength(1), v.maxLength(500)),
  StartTime: seconds,
  EndTime: seconds,
  ScanBy: v.exactOptional(v.picklist(["TimestampDescending", "TimestampAscending"]), "TimestampDescending"),
});

type Query = v.InferOutput<typeof query>;
type MetricStat = NonNullable<Query["MetricStat"]>;

const check = (queries: readonly Query[]): void => {
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length) throw invalid("The value of Id must be unique.");
  const odd = queries.find(({ MetricStat, Expression }) => (MetricStat === undefined) === (Expression === undefined));
  if (odd) throw invalid(`The query ${odd.Id} takes either MetricStat or Expression.`);
};

/** An expression's metrics have to fall into the same periods. */
const periodOf = (queries: readonly Query[]): number => {
  const [period, another] = new Set(queries.flatMap(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? []));
  if (period === undefined) throw invalid("One query at least says its period.");
  if (another !== undefined) throw unsupported("metric math over metrics of different periods");
  return period;
};

const points = (series: Series, { start, period }: Frame, newestFirst: boolean) => {
  const found = series.flatMap((value, at) =>
    value === undefined ? [] : [{ at: start / 1_000 + at * period, value }],
  );
  if (newestFirst) found.reverse();
  return { Timestamps: found.map(({ at }) => at), Values: found.map(({ value }) => value), StatusCode: "Complete" };
};

/** What an expression without a label passes on, such as the first ones of a sorted array, keeps the label that it had. */
const labelsOf = (queries: readonly Query[], evaluated: (id: string) => readonly Series[]): Map<Series, string> => {
  const labels = new Map<Series, string>();
  for (const { Id, Label, MetricStat } of queries) {
    const label = Label ?? MetricStat?.Metric.MetricName;
    if (label === undefined) continue;
    for (const one of evaluated(Id)) labels.set(one, label);
  }
  return labels;
};

export const getMetricData = ({ cloud, metrics }: Monitored) =>
  monitoringOperation("GetMetricData", input, {
    access: () => onAll("GetMetricData"),
    run: ({ MetricDataQueries: queries, StartTime, EndTime, ScanBy }) => {
      check(queries);
      if (StartTime >= EndTime) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
      const frameOf = (period: number): Frame => {
        const frame = frameOver(StartTime, EndTime, period, cloud.clock.now());
        if (frame.length > mostPoints) throw invalid(`A request gives at most ${mostPoints} data points.`);
        return frame;
      };
      const read = ({ Metric, Stat, Period, Unit }: MetricStat): Series =>
        metrics().series(
          {
            namespace: Metric.Namespace,
            name: Metric.MetricName,
            dimensions: toDimensions(Metric.Dimensions),
            stat: Stat,
            ...(Unit !== undefined && { unit: Unit }),
          },
          frameOf(Period),
        );
      const series = new Map<string, Series>();
      const expressions = new Map<string, Expression>();
      for (const { Id, MetricStat, Expression } of queries) {
        if (MetricStat) series.set(Id, read(MetricStat));
        if (Expression !== undefined) expressions.set(Id, parseExpression(Expression));
      }
      const scope =
        expressions.size > 0
          ? { frame: frameOf(periodOf(queries)), metrics: series, expressions, known: new Map() }
          : undefined;
      const evaluated = (id: string) =>
        scope ? evaluateExpression({ kind: "id", id }, scope) : [series.get(id) ?? []];
      const labels = labelsOf(queries, evaluated);
      const results = queries
        .filter(({ ReturnData }) => ReturnData)
        .flatMap(({ Id, Label, MetricStat }) => {
          const frame = scope?.frame ?? frameOf(MetricStat?.Period ?? 60);
          const label = Label ?? MetricStat?.Metric.MetricName;
          return evaluated(Id).map((one) => ({
            Id,
            Label: label ?? labels.get(one) ?? Id,
            ...points(one, frame, ScanBy === "TimestampDescending"),
          }));
        });
      return { MetricDataResults: results, Messages: [] };
    },
  });

import * as v from "valibot";
import { type Expression, parseExpression } from "../metricMath";
import type { StatisticQuery } from "../metrics";
import { invalid, Refused, unsupported } from "../refused";
import { statisticOf } from "../statistic";
import type { Comparison } from "./comparison";
import { type AlarmInput, alarmInput, anomalyComparisons, type MetricQueryInput } from "./schema";
import { watchedSeries } from "./watched";

export const states = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
export type StateValue = (typeof states)[number];

type TreatMissingData = AlarmInput["treatMissingData"];

export type AlarmQuery = { id: string; label: string | undefined; returnData: boolean } & (
  | { kind: "metric"; metric: StatisticQuery }
  | { kind: "math"; source: string; expression: Expression }
);

export type Watched = { kind: "metric"; metric: StatisticQuery } | { kind: "queries"; queries: readonly AlarmQuery[] };

export interface AlarmDefinition {
  name: string;
  description: string | undefined;
  actionsEnabled: boolean;
  actions: Readonly<Record<StateValue, readonly string[]>>;
  comparison: Comparison;
  threshold: number;
  evaluationPeriods: number;
  /** Undefined where it was not given, and every evaluated data point counts: the state reason is worded by that. */
  datapointsToAlarm: number | undefined;
  missing: TreatMissingData;
  /** Seconds; every metric of the alarm has the same. */
  period: number;
  watched: Watched;
  tags: Readonly<Record<string, string>>;
}

const checkedMetric = ({
  namespace,
  metricName,
  dimensions,
  stat,
  unit,
}: {
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  stat: string;
  unit?: string | undefined;
}): StatisticQuery => {
  statisticOf(stat);
  return { namespace, name: metricName, dimensions, stat, ...(unit !== undefined && { unit }) };
};

const query = (input: MetricQueryInput): AlarmQuery => {
  const { id, label, returnData, metric, expression } = input;
  if ((metric === undefined) === (expression === undefined)) {
    throw invalid(`the query ${id} takes either a metric or an expression`);
  }
  if (metric) return { kind: "metric", id, label, returnData, metric: checkedMetric(metric) };
  const source = expression ?? "";
  return { kind: "math", id, label, returnData, source, expression: parseExpression(source) };
};

const watchedQueries = (inputs: readonly MetricQueryInput[]): Pick<AlarmDefinition, "period" | "watched"> => {
  const queries = inputs.map(query);
  if (new Set(queries.map(({ id }) => id)).size < queries.length) throw invalid("two queries have one id");
  if (queries.filter(({ returnData }) => returnData).length !== 1) {
    throw invalid("exactly one query of an alarm returns data");
  }
  const periods = new Set(inputs.flatMap(({ metric, period }) => metric?.period ?? period ?? []));
  const [period, another] = periods;
  if (period === undefined) throw invalid("one query at least says its period");
  if (another !== undefined) throw invalid("all metrics of an alarm have the same period");
  return { period, watched: { kind: "queries", queries } };
};

const watchedMetric = (input: AlarmInput): Pick<AlarmDefinition, "period" | "watched"> => {
  const { namespace, metricName, dimensions, statistic, extendedStatistic, period, unit } = input;
  const stat = statistic ?? extendedStatistic;
  if (namespace === undefined || metricName === undefined || period === undefined || stat === undefined) {
    throw invalid("namespace, metricName, period and a statistic are needed, or metricQueries");
  }
  if (statistic !== undefined && extendedStatistic !== undefined) {
    throw invalid("either statistic or extendedStatistic is given");
  }
  return {
    period,
    watched: { kind: "metric", metric: checkedMetric({ namespace, metricName, dimensions, stat, unit }) },
  };
};

const watchedOf = (input: AlarmInput): Pick<AlarmDefinition, "period" | "watched"> => {
  if (!input.metricQueries) return watchedMetric(input);
  const { namespace, metricName, statistic, extendedStatistic, period, unit } = input;
  if ([namespace, metricName, statistic, extendedStatistic, period, unit].some((given) => given !== undefined)) {
    throw invalid("either metricQueries or a single metric is given");
  }
  return watchedQueries(input.metricQueries);
};

const longest = 86_400;
const longestOfHours = 7 * longest;

const comparisonOf = (input: AlarmInput): Comparison => {
  const { comparisonOperator, thresholdMetricId } = input;
  const anomaly = anomalyComparisons.find((one) => one === comparisonOperator);
  if (anomaly) throw unsupported(`${anomaly}, which needs anomaly detection,`);
  if (thresholdMetricId !== undefined) throw unsupported("thresholdMetricId, which needs anomaly detection,");
  return comparisonOperator as Comparison;
};

const define = (input: AlarmInput): AlarmDefinition => {
  const { evaluationPeriods, datapointsToAlarm, threshold, evaluateLowSampleCountPercentiles } = input;
  const comparison = comparisonOf(input);
  if (threshold === undefined) throw invalid("a threshold is needed");
  if (evaluateLowSampleCountPercentiles === "ignore") throw unsupported("evaluateLowSampleCountPercentiles: ignore");
  if (datapointsToAlarm !== undefined && datapointsToAlarm > evaluationPeriods) {
    throw invalid("datapointsToAlarm is at most evaluationPeriods");
  }
  const { period, watched } = watchedOf(input);
  if (period % 60 !== 0) throw unsupported(`a period of ${period} s, other than a multiple of 60 s,`);
  if (period * evaluationPeriods > (period >= 3_600 ? longestOfHours : longest)) {
    throw invalid("the evaluation periods are together at most a day, or seven days with periods of an hour or more");
  }
  // A trial without any data, so that a mistake in an expression shows when the alarm is made.
  watchedSeries(watched, { start: 0, period, length: 1 }, () => [undefined]);
  return {
    name: input.name,
    description: input.alarmDescription,
    actionsEnabled: input.actionsEnabled,
    actions: {
      OK: input.okActions,
      ALARM: input.alarmActions,
      INSUFFICIENT_DATA: input.insufficientDataActions,
    },
    comparison,
    threshold,
    evaluationPeriods,
    datapointsToAlarm,
    missing: input.treatMissingData,
    period,
    watched,
    tags: input.tags,
  };
};

const problem = (issue: v.BaseIssue<unknown>): string => {
  const path = v.getDotPath(issue) ?? "";
  return issue.type === "strict_object" && issue.expected === "never"
    ? `${path} is not supported`
    : `${path}: ${issue.message}`;
};

/** Checks and understands an alarm, its expressions included; what is refused is refused here, with the alarm's name. */
export const defineAlarm = (given: Readonly<Record<string, unknown>>): AlarmDefinition => {
  const about = `alarm ${String(given["name"])}: `;
  const parsed = v.safeParse(alarmInput, given);
  if (!parsed.success) throw invalid(about + parsed.issues.map(problem).join("; "));
  try {
    return define(parsed.output);
  } catch (error) {
    if (error instanceof Refused) throw new Refused(error.kind, about + error.message);
    throw error;
  }
};

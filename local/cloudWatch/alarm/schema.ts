import * as v from "valibot";
import { plainStatistics } from "../statistic";
import { type Comparison, comparisons } from "./comparison";

/** Known, so that they can be refused for what they are. */
export const anomalyComparisons = [
  "LessThanLowerOrGreaterThanUpperThreshold",
  "LessThanLowerThreshold",
  "GreaterThanUpperThreshold",
] as const;

const dimensions = v.optional(v.record(v.string(), v.string()), {});
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const arns = v.optional(v.pipe(v.array(v.string()), v.maxLength(5)), []);

const metricQuery = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z][A-Za-z0-9_]{0,254}$/, "an id begins with a lowercase letter")),
  expression: v.optional(v.string()),
  label: v.optional(v.string()),
  period: v.optional(count),
  returnData: v.optional(v.boolean(), false),
  metric: v.optional(
    v.strictObject({
      namespace: v.string(),
      metricName: v.string(),
      dimensions,
      stat: v.string(),
      period: count,
      unit: v.optional(v.string()),
    }),
  ),
});

export type MetricQueryInput = v.InferOutput<typeof metricQuery>;

/** The names are those of Pulumi's MetricAlarm; a property that is not listed is refused by name. */
export const alarmInput = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  alarmDescription: v.optional(v.string()),
  actionsEnabled: v.optional(v.boolean(), true),
  alarmActions: arns,
  okActions: arns,
  insufficientDataActions: arns,
  comparisonOperator: v.picklist([...(Object.keys(comparisons) as Comparison[]), ...anomalyComparisons]),
  threshold: v.optional(v.number()),
  thresholdMetricId: v.optional(v.string()),
  evaluationPeriods: count,
  datapointsToAlarm: v.optional(count),
  treatMissingData: v.optional(v.picklist(["missing", "ignore", "breaching", "notBreaching"]), "missing"),
  evaluateLowSampleCountPercentiles: v.optional(v.picklist(["evaluate", "ignore"]), "evaluate"),
  namespace: v.optional(v.string()),
  metricName: v.optional(v.string()),
  dimensions,
  statistic: v.optional(v.picklist(plainStatistics)),
  extendedStatistic: v.optional(v.string()),
  period: v.optional(count),
  unit: v.optional(v.string()),
  metricQueries: v.optional(v.pipe(v.array(metricQuery), v.minLength(1), v.maxLength(20))),
  tags: v.optional(v.record(v.string(), v.string()), {}),
});

export type AlarmInput = v.InferOutput<typeof alarmInput>;

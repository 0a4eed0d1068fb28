import type { Alarm } from "../alarm";
import type { AlarmDefinition, AlarmQuery } from "../alarm/definition";
import { alarmArn } from "../alarm/notification";
import { site } from "../board/actions";
import type { StatisticQuery } from "../metrics";
import { fromDimensions } from "../wire/metricShapes";

const unitOf = ({ unit }: StatisticQuery) => (unit === undefined ? {} : { Unit: unit });

const queryShape = (query: AlarmQuery, period: number) => ({
  Id: query.id,
  ...(query.label !== undefined && { Label: query.label }),
  ReturnData: query.returnData,
  ...(query.kind === "math"
    ? { Expression: query.source }
    : {
        MetricStat: {
          Metric: {
            Namespace: query.metric.namespace,
            MetricName: query.metric.name,
            Dimensions: fromDimensions(query.metric.dimensions),
          },
          Period: period,
          Stat: query.metric.stat,
          ...unitOf(query.metric),
        },
      }),
});

const watchedShape = ({ watched, period }: AlarmDefinition) => {
  if (watched.kind === "queries") return { Metrics: watched.queries.map((query) => queryShape(query, period)) };
  const { metric } = watched;
  return {
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: fromDimensions(metric.dimensions),
    ...(metric.stat.startsWith("p") ? { ExtendedStatistic: metric.stat } : { Statistic: metric.stat }),
    ...unitOf(metric),
    Period: period,
  };
};

/** An alarm as DescribeAlarms answers it. */
export const alarmShape = ({ definition, configuredAt, state }: Alarm) => ({
  AlarmName: definition.name,
  AlarmArn: alarmArn(definition.name, site),
  AlarmDescription: definition.description,
  AlarmConfigurationUpdatedTimestamp: configuredAt / 1_000,
  ActionsEnabled: definition.actionsEnabled,
  OKActions: definition.actions.OK,
  AlarmActions: definition.actions.ALARM,
  InsufficientDataActions: definition.actions.INSUFFICIENT_DATA,
  StateValue: state.value,
  StateReason: state.reason,
  StateReasonData: state.reasonData || undefined,
  StateUpdatedTimestamp: state.updatedAt / 1_000,
  StateTransitionedTimestamp: state.updatedAt / 1_000,
  EvaluationPeriods: definition.evaluationPeriods,
  DatapointsToAlarm: definition.datapointsToAlarm,
  Threshold: definition.threshold,
  ComparisonOperator: definition.comparison,
  TreatMissingData: definition.missing,
  ...watchedShape(definition),
});

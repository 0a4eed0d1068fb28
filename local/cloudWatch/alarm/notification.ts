import type { StatisticQuery } from "../metrics";
import type { AlarmDefinition, AlarmQuery, StateValue } from "./definition";
import { longTime } from "./wording";

/** Where an alarm lives. */
export interface Site {
  account: string;
  region: string;
}

/** CloudWatch writes to people by the region's name; a region that is not listed goes by its code. */
const regionNames: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
  "ca-central-1": "Canada (Central)",
  "eu-central-1": "EU (Frankfurt)",
  "eu-west-1": "EU (Ireland)",
  "eu-west-2": "EU (London)",
  "eu-west-3": "EU (Paris)",
  "eu-north-1": "EU (Stockholm)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "sa-east-1": "South America (Sao Paulo)",
};

const regionName = (region: string): string => regionNames[region] ?? region;

export const alarmArn = (name: string, { account, region }: Site): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

const dimensionList = ({ dimensions }: StatisticQuery) =>
  Object.entries(dimensions).map(([name, value]) => ({ value, name }));

const triggerQuery = (query: AlarmQuery, period: number) => {
  const { id, label, returnData } = query;
  const named = { Id: id, ...(label !== undefined && { Label: label }), ReturnData: returnData };
  if (query.kind === "math") return { Expression: query.source, ...named };
  const { namespace, name, stat, unit } = query.metric;
  const Metric = { Dimensions: dimensionList(query.metric), MetricName: name, Namespace: namespace };
  return { ...named, MetricStat: { Metric, Period: period, Stat: stat, ...(unit !== undefined && { Unit: unit }) } };
};

const statisticFields = ({ stat }: StatisticQuery) =>
  stat.startsWith("p")
    ? { StatisticType: "ExtendedStatistic", ExtendedStatistic: stat }
    : { StatisticType: "Statistic", Statistic: stat.toUpperCase() };

const trigger = (alarm: AlarmDefinition) => {
  const { watched, period } = alarm;
  const rule = {
    Period: period,
    EvaluationPeriods: alarm.evaluationPeriods,
    ...(alarm.datapointsToAlarm !== undefined && { DatapointsToAlarm: alarm.datapointsToAlarm }),
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.missing,
    EvaluateLowSampleCountPercentile: "",
  };
  if (watched.kind === "queries") {
    return { ...rule, Metrics: watched.queries.map((query) => triggerQuery(query, period)) };
  }
  const { metric } = watched;
  return {
    MetricName: metric.name,
    Namespace: metric.namespace,
    ...statisticFields(metric),
    Unit: metric.unit ?? null,
    Dimensions: dimensionList(metric),
    ...rule,
  };
};

export interface StateChange {
  from: StateValue;
  to: StateValue;
  reason: string;
  at: number;
}

export interface Notification {
  subject: string;
  message: string;
}

/** What CloudWatch publishes to a topic when an alarm changes its state. */
export const notification = (
  alarm: AlarmDefinition,
  change: StateChange,
  configuredAt: number,
  site: Site,
): Notification => ({
  subject: `${change.to}: "${alarm.name}" in ${regionName(site.region)}`,
  message: JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: site.account,
    AlarmConfigurationUpdatedTimestamp: longTime(configuredAt),
    NewStateValue: change.to,
    NewStateReason: change.reason,
    StateChangeTime: longTime(change.at),
    Region: regionName(site.region),
    AlarmArn: alarmArn(alarm.name, site),
    OldStateValue: change.from,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    Trigger: trigger(alarm),
  }),
});

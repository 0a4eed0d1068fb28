import type { Alarm, AlarmState } from "../alarm";
import type { AlarmDefinition } from "../alarm/definition";
import { alarmArn, type Site } from "../alarm/notification";
import { longTime } from "../alarm/wording";
import type { StatisticQuery } from "../metrics";

const described = ({ value, reason, reasonData, updatedAt }: AlarmState) => ({
  value,
  reason,
  ...(reasonData && { reasonData }),
  timestamp: longTime(updatedAt),
});

const metricStat = ({ namespace, name, dimensions, stat, unit }: StatisticQuery, period: number) => ({
  metric: { namespace, name, dimensions },
  period,
  stat,
  ...(unit !== undefined && { unit }),
});

const metricsOf = ({ name, watched, period }: AlarmDefinition) =>
  watched.kind === "metric"
    ? [{ id: name, metricStat: metricStat(watched.metric, period), returnData: true }]
    : watched.queries.map((query) => ({
        id: query.id,
        ...(query.label !== undefined && { label: query.label }),
        ...(query.kind === "math" ? { expression: query.source } : { metricStat: metricStat(query.metric, period) }),
        returnData: query.returnData,
      }));

/** What CloudWatch hands to a function when an alarm changes its state; topics get another text. */
export const lambdaEvent = (before: Alarm, after: Alarm, site: Site): string => {
  const { definition, state } = after;
  return JSON.stringify({
    source: "aws.cloudwatch",
    alarmArn: alarmArn(definition.name, site),
    accountId: site.account,
    time: longTime(state.updatedAt),
    region: site.region,
    alarmData: {
      alarmName: definition.name,
      state: described(state),
      previousState: described(before.state),
      configuration: {
        ...(definition.description !== undefined && { description: definition.description }),
        metrics: metricsOf(definition),
      },
    },
  });
};

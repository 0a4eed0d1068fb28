import * as v from "valibot";
import { AwsError } from "../../cloud/awsError";
import type { Operation } from "../../cloud/service";
import { alarmArn } from "../alarm";
import { states } from "../alarm/definition";
import { site } from "../board/actions";
import { Refused } from "../refused";
import { monitoringOperation } from "../wire/dialects";
import { pageOf } from "../wire/page";
import { alarmShape } from "./alarmShape";
import type { Monitored } from "./surroundings";

const names = v.pipe(v.array(v.string()), v.maxLength(100));
const alarmTypes = v.array(v.picklist(["MetricAlarm", "CompositeAlarm"]));
const records = v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 100);
const token = v.exactOptional(v.string());

const access = (action: string, ...named: string[]) =>
  named.map((name) => ({ action: `cloudwatch:${action}`, resource: alarmArn(name, site) }));

const describeAlarms = ({ board }: Monitored) =>
  monitoringOperation(
    "DescribeAlarms",
    v.strictObject({
      AlarmNames: v.exactOptional(names),
      AlarmNamePrefix: v.exactOptional(v.string(), ""),
      AlarmTypes: v.exactOptional(alarmTypes, ["MetricAlarm"]),
      ActionPrefix: v.exactOptional(v.string()),
      StateValue: v.exactOptional(v.picklist(states)),
      MaxRecords: records,
      NextToken: token,
    }),
    {
      access: () => access("DescribeAlarms", "*"),
      run: ({ AlarmNames, AlarmNamePrefix, AlarmTypes, ActionPrefix, StateValue, MaxRecords, NextToken }) => {
        const found = board.all().filter(({ definition: { name, actions }, state }) => {
          if (!AlarmTypes.includes("MetricAlarm")) return false;
          if (AlarmNames && !AlarmNames.includes(name)) return false;
          if (StateValue && state.value !== StateValue) return false;
          const acts = Object.values(actions).flat();
          if (ActionPrefix !== undefined && !acts.some((arn) => arn.startsWith(ActionPrefix))) return false;
          return name.startsWith(AlarmNamePrefix);
        });
        const page = pageOf(found, MaxRecords, NextToken);
        return { MetricAlarms: page.items.map(alarmShape), CompositeAlarms: [], NextToken: page.next };
      },
    },
  );

const describeAlarmHistory = ({ board }: Monitored) =>
  monitoringOperation(
    "DescribeAlarmHistory",
    v.strictObject({
      AlarmName: v.exactOptional(v.string()),
      AlarmTypes: v.exactOptional(alarmTypes, ["MetricAlarm"]),
      HistoryItemType: v.exactOptional(v.picklist(["ConfigurationUpdate", "StateUpdate", "Action"])),
      StartDate: v.exactOptional(v.number(), 0),
      EndDate: v.exactOptional(v.number(), Number.MAX_VALUE),
      ScanBy: v.exactOptional(v.picklist(["TimestampDescending", "TimestampAscending"]), "TimestampDescending"),
      MaxRecords: records,
      NextToken: token,
    }),
    {
      access: ({ AlarmName = "*" }) => access("DescribeAlarmHistory", AlarmName),
      run: ({ AlarmName, AlarmTypes, HistoryItemType, StartDate, EndDate, ScanBy, MaxRecords, NextToken }) => {
        const asked = board.all().filter(({ definition: { name } }) => (AlarmName ?? name) === name);
        const items = (AlarmTypes.includes("MetricAlarm") ? asked : [])
          .flatMap(({ definition: { name } }) => board.history(name).map((item) => ({ name, ...item })))
          .filter(({ type, timestamp }) => {
            const at = timestamp / 1_000;
            return (HistoryItemType ?? type) === type && at >= StartDate && at <= EndDate;
          })
          .sort((one, other) => other.timestamp - one.timestamp);
        if (ScanBy === "TimestampAscending") items.reverse();
        const page = pageOf(items, MaxRecords, NextToken);
        return {
          AlarmHistoryItems: page.items.map(({ name, timestamp, type, summary, data }) => ({
            AlarmName: name,
            AlarmType: "MetricAlarm",
            Timestamp: timestamp / 1_000,
            HistoryItemType: type,
            HistorySummary: summary,
            HistoryData: data,
          })),
          NextToken: page.next,
        };
      },
    },
  );

const setAlarmState = ({ board }: Monitored) =>
  monitoringOperation(
    "SetAlarmState",
    v.strictObject({
      AlarmName: v.string(),
      StateValue: v.picklist(states),
      StateReason: v.pipe(v.string(), v.maxLength(1_023)),
      StateReasonData: v.exactOptional(v.pipe(v.string(), v.maxLength(4_000)), ""),
    }),
    {
      access: ({ AlarmName }) => access("SetAlarmState", AlarmName),
      run: ({ AlarmName, StateValue, StateReason, StateReasonData }) => {
        try {
          board.setState(AlarmName, { value: StateValue, reason: StateReason, reasonData: StateReasonData });
        } catch (error) {
          const unreadable = error instanceof Refused && error.kind === "invalid";
          throw unreadable ? new AwsError("InvalidFormatFault", error.message) : error;
        }
      },
    },
  );

const switchActions = ({ board }: Monitored, name: string, enabled: boolean) =>
  monitoringOperation(name, v.strictObject({ AlarmNames: names }), {
    access: ({ AlarmNames }) => access(name, ...AlarmNames),
    run: ({ AlarmNames }) => {
      for (const alarm of AlarmNames) board.setActionsEnabled(alarm, enabled);
    },
  });

export const alarmOperations = (monitored: Monitored): Record<string, Operation> => ({
  ...describeAlarms(monitored),
  ...describeAlarmHistory(monitored),
  ...setAlarmState(monitored),
  ...switchActions(monitored, "EnableAlarmActions", true),
  ...switchActions(monitored, "DisableAlarmActions", false),
});

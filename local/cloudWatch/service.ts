import { join } from "node:path";
import type { Cloud } from "../cloud/cloud";
import { Journal as JournalFile } from "../cloud/journal";
import type { Service } from "../cloud/service";
import { alarmArn, type StateValue } from "./alarm";
import { site } from "./board/actions";
import { AlarmBoard } from "./board/alarmBoard";
import { type AlarmChange, KeptAlarms } from "./board/keptAlarms";
import { WatchedMetrics } from "./board/watchedMetrics";
import type { Dashboards } from "./dashboards";
import { logsResources, monitoringResources } from "./declared";
import { KeptMetrics } from "./keptMetrics";
import type { LogInput } from "./logs";
import { eventOperations } from "./logsApi/events";
import { filterOperations } from "./logsApi/filters";
import { groupOperations } from "./logsApi/groups";
import { Journal, type MetricTrouble } from "./logsApi/journal";
import { queryOperations } from "./logsApi/queries";
import type { SavedQuery } from "./logsApi/savedQueries";
import type { MetricDatum } from "./metricData";
import { type KeptMinutes, pointsOf } from "./metricPoint";
import { alarmOperations } from "./monitoring/alarms";
import { dashboardOperations } from "./monitoring/dashboards";
import { getMetricData } from "./monitoring/getMetricData";
import { getMetricStatistics } from "./monitoring/getMetricStatistics";
import { listMetrics } from "./monitoring/listMetrics";
import { putMetricData } from "./monitoring/putMetricData";
import { logsDialect, monitoringDialect } from "./wire/dialects";
import { answering } from "./wire/operation";
import { logsProtocol, monitoringProtocol } from "./wire/protocols";

export interface AlarmReport {
  name: string;
  arn: string;
  state: StateValue;
  reason: string;
  updatedAt: number;
  /** What happened to it, actions that failed included; newest first. */
  history: readonly { timestamp: number; type: string; summary: string }[];
}

export interface CloudWatch {
  monitoring: Service;
  logs: Service;
  /** Takes a line that a service writes by itself, as Lambda does for a function. Its group must exist. */
  appendLog: (group: string, stream: string, line: LogInput) => void;
  /** Takes a datum of a service's own metrics. */
  putMetric: (datum: MetricDatum) => void;
  alarms: () => AlarmReport[];
  /** What was meant to become a metric and did not. */
  metricTroubles: () => readonly MetricTrouble[];
}

/** CloudWatch and CloudWatch Logs, two services over one store: what is logged may become metrics, and they alarms. */
export const createCloudWatch = (
  cloud: Cloud,
  /** Where logs, metrics and the states of alarms are kept. @default nowhere */
  { folder }: { folder?: string } = {},
): CloudWatch => {
  const fileOf = <Entry>(name: string) =>
    folder === undefined ? undefined : new JournalFile<Entry>(join(folder, `${name}.jsonl`));
  const newMetrics = () =>
    new WatchedMetrics(
      () => cloud.clock.now(),
      (key) => board.noticed(key),
      metricsFile && ((...minute) => keptMetrics?.note(...minute)),
    );
  const metricsFile = fileOf<KeptMinutes>("metrics");
  const alarmsFile = fileOf<AlarmChange>("alarms");
  const keptAlarms = alarmsFile && new KeptAlarms(alarmsFile);
  const board: AlarmBoard = new AlarmBoard(cloud, () => metrics, keptAlarms);
  let metrics: WatchedMetrics = newMetrics();
  if (metricsFile) metrics.restore(pointsOf(metricsFile.read()));
  const keptMetrics = metricsFile && new KeptMetrics(metricsFile, () => metrics.points());
  const journal = new Journal(cloud, () => metrics, fileOf("logs"));
  const dashboards: Dashboards = new Map();
  const saved = new Map<string, SavedQuery>();
  const kept = { cloud, metrics: () => metrics, board, dashboards, journal, saved };

  const appendLog = (group: string, stream: string, line: LogInput): void =>
    answering(logsDialect, () => {
      if (!journal.store.hasStream(group, stream)) journal.store.createStream(group, stream);
      journal.append(group, stream, [line]);
    });

  return {
    monitoring: {
      signingName: "monitoring",
      protocol: monitoringProtocol,
      operations: {
        ...putMetricData(kept),
        ...listMetrics(kept),
        ...getMetricStatistics(kept),
        ...getMetricData(kept),
        ...alarmOperations(kept),
        ...dashboardOperations(kept),
      },
      resources: monitoringResources(kept),
      reset: () => {
        metrics = newMetrics();
        keptMetrics?.cutDown();
        board.reset();
      },
      close: () => {
        keptMetrics?.close();
        keptAlarms?.close();
      },
    },
    logs: {
      signingName: "logs",
      protocol: logsProtocol,
      operations: {
        ...groupOperations(journal),
        ...eventOperations(journal),
        ...filterOperations(journal),
        ...queryOperations(journal, saved),
      },
      resources: logsResources(kept),
      reset: () => journal.reset(),
      close: () => journal.close(),
    },
    appendLog,
    putMetric: (datum) => answering(monitoringDialect, () => metrics.put([datum])),
    alarms: () =>
      board.all().map(({ definition: { name }, state: { value, reason, updatedAt } }) => ({
        name,
        arn: alarmArn(name, site),
        state: value,
        reason,
        updatedAt,
        history: board.history(name),
      })),
    metricTroubles: () => journal.troubles,
  };
};

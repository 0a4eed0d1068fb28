import type { Access, Cloud } from "../../cloud/cloud";
import type { AlarmBoard } from "../board/alarmBoard";
import type { WatchedMetrics } from "../board/watchedMetrics";
import type { Dashboards } from "../dashboards";

/** What the operations of monitoring work on. */
export interface Monitored {
  cloud: Cloud;
  metrics: () => WatchedMetrics;
  board: AlarmBoard;
  dashboards: Dashboards;
}

/** Of actions that know no resources. */
export const onAll = (action: string): Access => ({ action: `cloudwatch:${action}`, resource: "*" });

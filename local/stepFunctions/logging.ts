import type { Watcher } from "./execution";
import { withoutData } from "./run/history";
import type { LogLevel } from "./stateMachine";

export type OnLog = (group: string, stream: string, line: { timestamp: number; message: string }) => void;

const isFatal = (type: string): boolean => /^Execution(Aborted|Failed|TimedOut)$/.test(type);
const isError = (type: string): boolean => /(Aborted|Failed|TimedOut)$/.test(type) || type === "FailStateEntered";

const isLogged: Record<LogLevel, (type: string) => boolean> = {
  ALL: () => true,
  ERROR: isError,
  FATAL: isFatal,
  OFF: () => false,
};

/** Writes what happens to the log group of the state machine, as far as its level goes. */
export const executionLogs = (onLog: OnLog): Watcher => ({
  happened: ({ arn, startedAt }, { name, logging: { level, includeExecutionData, group } }, event) => {
    if (group === undefined || !isLogged[level](event.type)) return;
    const minute = new Date(startedAt).toISOString().slice(0, 16).replace(/[T:]/g, "-");
    const details = event.details ?? {};
    const message = JSON.stringify({
      id: String(event.id),
      type: event.type,
      details: includeExecutionData ? details : withoutData(details),
      previous_event_id: String(event.previousEventId),
      event_timestamp: String(event.timestamp),
      execution_arn: arn,
      redrive_count: "0",
    });
    try {
      onLog(group, `states/${name}/${minute}`, { timestamp: event.timestamp, message });
    } catch {
      // As on AWS, an execution goes on without its log, should the group be gone.
    }
  },
});

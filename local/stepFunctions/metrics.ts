import type { MetricDatum } from "../cloudWatch/metricData";
import type { End, Watcher } from "./execution";

export type OnMetric = (datum: MetricDatum) => void;

const ends: Record<End["status"], string> = {
  SUCCEEDED: "ExecutionsSucceeded",
  FAILED: "ExecutionsFailed",
  TIMED_OUT: "ExecutionsTimedOut",
  ABORTED: "ExecutionsAborted",
};

/** What Step Functions tells CloudWatch about a state machine. */
export const executionMetrics = (onMetric: OnMetric): Watcher => {
  const put = (machineArn: string, name: string, timestamp: number, value = 1, unit = "Count") =>
    onMetric({
      namespace: "AWS/States",
      name,
      dimensions: { StateMachineArn: machineArn },
      timestamp,
      values: [value],
      unit,
    });
  return {
    started: ({ startedAt }, { arn }) => put(arn, "ExecutionsStarted", startedAt),
    ended: ({ startedAt }, { arn }, { status, stoppedAt }) => {
      // Zeros too, so that rates of failure have something to be a rate of.
      for (const [each, name] of Object.entries(ends)) put(arn, name, stoppedAt, each === status ? 1 : 0);
      put(arn, "ExecutionTime", stoppedAt, stoppedAt - startedAt, "Milliseconds");
    },
  };
};

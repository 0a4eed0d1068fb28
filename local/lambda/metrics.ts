import type { MetricDatum } from "../cloudWatch/metricData";
import type { InvocationResult } from "./contract";

export type OnMetric = (datum: MetricDatum) => void;

export interface FunctionMetrics {
  started: (concurrent: number) => void;
  ended: (result: InvocationResult) => void;
  /** How old the last record of a stream's batch is as it is handed over. */
  iteratorAge: (ms: number) => void;
  /** One more of something that is only counted. */
  count: (
    name: "DestinationDeliveryFailures" | "AsyncEventsReceived" | "AsyncEventsDropped" | "RecursiveInvocationsDropped",
  ) => void;
}

/** What Lambda tells CloudWatch about a function. */
export const functionMetrics = (functionName: string, now: () => number, onMetric: OnMetric): FunctionMetrics => {
  const put = (name: string, value: number, unit = "Count") =>
    onMetric({
      namespace: "AWS/Lambda",
      name,
      dimensions: { FunctionName: functionName },
      timestamp: now(),
      values: [value],
      unit,
    });
  return {
    started: (concurrent) => put("ConcurrentExecutions", concurrent),
    ended: (result) => {
      put("Throttles", result.kind === "throttled" ? 1 : 0);
      if (result.kind === "throttled") return;
      put("Invocations", 1);
      put("Errors", result.kind === "error" ? 1 : 0);
      put("Duration", result.durationMs, "Milliseconds");
    },
    iteratorAge: (ms) => put("IteratorAge", ms, "Milliseconds"),
    count: (name) => put(name, 1),
  };
};

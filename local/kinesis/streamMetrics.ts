import type { MetricDatum } from "../cloudWatch/metricData";

export type OnMetric = (datum: MetricDatum) => void;

/** What Kinesis tells CloudWatch of a stream: each number in its own unit. */
export interface StreamMetrics {
  put: (stream: string, values: Record<string, number>) => void;
}

const unitOf = (name: string): string => {
  if (name.endsWith("Milliseconds")) return "Milliseconds";
  return name.endsWith("Bytes") ? "Bytes" : "Count";
};

export const streamMetrics = (now: () => number, onMetric: OnMetric): StreamMetrics => ({
  put: (stream, values) => {
    for (const [name, value] of Object.entries(values)) {
      onMetric({
        namespace: "AWS/Kinesis",
        name,
        dimensions: { StreamName: stream },
        timestamp: now(),
        values: [value],
        unit: unitOf(name),
      });
    }
  },
});

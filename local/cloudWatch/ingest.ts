import { embeddedMetrics } from "./embeddedMetricFormat";
import { logLine } from "./logLine";
import type { LogInput } from "./logs";
import type { MetricFilter } from "./metricFilter";
import type { MetricStore } from "./metrics";
import { Refused } from "./refused";

/**
 * Takes the metrics out of log events as they are appended: those embedded in the lines, and those that the group's
 * filters find. A line is never refused for its metrics: what did not become one is told in words.
 */
export const ingestMetrics = (
  events: readonly LogInput[],
  filters: readonly MetricFilter[],
  metrics: MetricStore,
): string[] => {
  const reasons: string[] = [];
  for (const { message, timestamp } of events) {
    const line = logLine(message);
    const embedded = embeddedMetrics(line);
    reasons.push(...(embedded?.reasons ?? []));
    const filtered = filters.flatMap((filter) => filter.apply(line, timestamp) ?? []);
    for (const datum of [...(embedded?.data ?? []), ...filtered]) {
      try {
        metrics.put([datum]);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        reasons.push(error.message);
      }
    }
  }
  return reasons;
};

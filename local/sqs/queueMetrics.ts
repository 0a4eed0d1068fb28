import type { Cloud } from "../cloud/cloud";
import type { MetricDatum } from "../cloudWatch/metricData";
import { nameOf } from "./address";
import type { Queues } from "./queues";

const everyMs = 60_000;

const measured: [string, string][] = [
  ["ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessages"],
  ["ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesNotVisible"],
  ["ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesDelayed"],
];

/** Tells CloudWatch once a minute what lies in the queues: nothing of those that have been empty since the last time. */
export const reportQueues = (cloud: Cloud, queues: Queues, putMetric: (datum: MetricDatum) => void): void => {
  const filled = new Set<string>();
  const report = (): void => {
    const timestamp = cloud.clock.now();
    for (const arn of queues.all()) {
      const attributes = queues.attributes(arn);
      const dimensions = { QueueName: nameOf(arn) };
      const counts = measured.map(([name, attribute]) => ({
        name,
        value: Number(attributes[attribute] ?? 0),
        unit: "Count",
      }));
      const empty = counts.every(({ value }) => value === 0);
      if (empty && !filled.delete(arn)) continue;
      if (!empty) filled.add(arn);
      const age = { name: "ApproximateAgeOfOldestMessage", value: queues.oldestAgeMs(arn) / 1_000, unit: "Seconds" };
      for (const { name, value, unit } of [...counts, age]) {
        putMetric({ namespace: "AWS/SQS", name, dimensions, timestamp, values: [value], unit });
      }
    }
    cloud.clock.after(everyMs, "calendar", report);
  };
  cloud.clock.after(everyMs, "calendar", report);
};

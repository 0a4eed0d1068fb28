import * as v from "valibot";
import { AwsError } from "../../cloud/awsError";
import { invalid } from "../refused";
import { plainStatistics } from "../statistic";
import { monitoringOperation } from "../wire/dialects";
import { dimensionList, frameOver, periodSeconds, seconds, toDimensions } from "../wire/metricShapes";
import { type Monitored, onAll } from "./surroundings";

const mostDatapoints = 1_440;

const input = v.strictObject({
  Namespace: v.string(),
  MetricName: v.string(),
  Dimensions: v.exactOptional(dimensionList),
  StartTime: seconds,
  EndTime: seconds,
  Period: periodSeconds,
  Statistics: v.exactOptional(v.array(v.picklist(plainStatistics)), []),
  ExtendedStatistics: v.exactOptional(v.array(v.string()), []),
  Unit: v.exactOptional(v.string()),
});

type Input = v.InferOutput<typeof input>;

interface Shape extends Record<string, unknown> {
  Timestamp: number;
  ExtendedStatistics?: Record<string, number>;
}

const check = ({ StartTime, EndTime, Period, Statistics, ExtendedStatistics }: Input): void => {
  if (StartTime >= EndTime) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  if (Statistics.length === 0 && ExtendedStatistics.length === 0) {
    throw new AwsError(
      "MissingRequiredParameterException",
      "The parameter Statistics or ExtendedStatistics is needed.",
    );
  }
  const asked = Math.ceil((EndTime - StartTime) / (Period * 1_000));
  if (asked > mostDatapoints) {
    throw new AwsError(
      "InvalidParameterCombinationException",
      `You have requested up to ${asked} datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
};

export const getMetricStatistics = ({ cloud, metrics }: Monitored) =>
  monitoringOperation("GetMetricStatistics", input, {
    access: () => onAll("GetMetricStatistics"),
    run: (asked) => {
      check(asked);
      const { start, length, period } = frameOver(asked.StartTime, asked.EndTime, asked.Period, cloud.clock.now());
      const metric = {
        namespace: asked.Namespace,
        name: asked.MetricName,
        dimensions: toDimensions(asked.Dimensions),
        ...(asked.Unit !== undefined && { unit: asked.Unit }),
      };
      const read = (stat: string) =>
        metrics().statistics({ ...metric, stat }, start, start + length * period * 1_000, period);
      const points = new Map<number, Shape>();
      const at = (timestamp: number, unit: string): Shape => {
        const point = points.get(timestamp) ?? { Timestamp: timestamp / 1_000, Unit: unit };
        points.set(timestamp, point);
        return point;
      };
      for (const stat of asked.Statistics) {
        for (const { timestamp, value, unit } of read(stat)) at(timestamp, unit)[stat] = value;
      }
      for (const stat of asked.ExtendedStatistics) {
        for (const { timestamp, value, unit } of read(stat)) {
          const point = at(timestamp, unit);
          point.ExtendedStatistics = { ...point.ExtendedStatistics, [stat]: value };
        }
      }
      return { Label: asked.MetricName, Datapoints: [...points.values()] };
    },
  });

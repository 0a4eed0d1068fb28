import * as v from "valibot";
import { AwsError } from "../../cloud/awsError";
import type { MetricDatum } from "../metricData";
import { invalid } from "../refused";
import { monitoringOperation } from "../wire/dialects";
import { dimensionList, seconds, toDimensions } from "../wire/metricShapes";
import { type Monitored, onAll } from "./surroundings";

const datum = v.strictObject({
  MetricName: v.string(),
  Dimensions: v.exactOptional(dimensionList),
  Timestamp: v.exactOptional(seconds),
  Value: v.exactOptional(v.number()),
  Values: v.exactOptional(v.array(v.number())),
  Counts: v.exactOptional(v.array(v.number())),
  Unit: v.exactOptional(v.string()),
  /** Data of high resolution is kept by the minute, like all other. */
  StorageResolution: v.exactOptional(v.picklist([1, 60])),
});

const input = v.strictObject({
  Namespace: v.string(),
  MetricData: v.pipe(v.array(datum), v.minLength(1), v.maxLength(1_000)),
});

type Datum = v.InferOutput<typeof datum>;

const valuesOf = ({ MetricName, Value, Values, Counts }: Datum): Pick<MetricDatum, "values" | "counts"> => {
  if ((Value === undefined) === (Values === undefined)) {
    throw new AwsError(
      "InvalidParameterCombinationException",
      `The metric ${MetricName} takes either Value or Values.`,
    );
  }
  return { values: Values ?? [Value ?? 0], ...(Counts && { counts: Counts }) };
};

const read = (namespace: string, one: Datum, now: number): MetricDatum => ({
  namespace,
  name: one.MetricName,
  dimensions: toDimensions(one.Dimensions),
  timestamp: one.Timestamp ?? now,
  ...valuesOf(one),
  ...(one.Unit !== undefined && { unit: one.Unit }),
});

export const putMetricData = ({ cloud, metrics }: Monitored) =>
  monitoringOperation("PutMetricData", input, {
    access: ({ Namespace }) => ({ ...onAll("PutMetricData"), context: { "cloudwatch:namespace": Namespace } }),
    run: ({ Namespace, MetricData }) => {
      if (Namespace.startsWith("AWS/")) throw invalid("The value AWS/ for parameter Namespace is invalid.");
      metrics().put(MetricData.map((one) => read(Namespace, one, cloud.clock.now())));
    },
  });

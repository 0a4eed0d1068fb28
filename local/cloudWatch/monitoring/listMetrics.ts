import * as v from "valibot";
import type { Dimensions, MetricId } from "../metricData";
import { monitoringOperation } from "../wire/dialects";
import { fromDimensions } from "../wire/metricShapes";
import { pageOf } from "../wire/page";
import { type Monitored, onAll } from "./surroundings";

const pageSize = 500;

const filters = v.array(v.strictObject({ Name: v.string(), Value: v.exactOptional(v.string()) }));

const input = v.strictObject({
  Namespace: v.exactOptional(v.string()),
  MetricName: v.exactOptional(v.string()),
  Dimensions: v.exactOptional(v.pipe(filters, v.maxLength(10)), []),
  NextToken: v.exactOptional(v.string()),
});

const hasAll = (dimensions: Dimensions, wanted: v.InferOutput<typeof filters>): boolean =>
  wanted.every(({ Name, Value }) => Name in dimensions && (Value === undefined || dimensions[Name] === Value));

const shape = ({ namespace, name, dimensions }: MetricId) => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: fromDimensions(dimensions),
});

export const listMetrics = ({ metrics }: Monitored) =>
  monitoringOperation("ListMetrics", input, {
    access: () => onAll("ListMetrics"),
    run: ({ Namespace, MetricName, Dimensions, NextToken }) => {
      const asked = {
        ...(Namespace !== undefined && { namespace: Namespace }),
        ...(MetricName !== undefined && { name: MetricName }),
      };
      const found = metrics()
        .list(asked)
        .filter(({ dimensions }) => hasAll(dimensions, Dimensions));
      const page = pageOf(found, pageSize, NextToken);
      return { Metrics: page.items.map(shape), NextToken: page.next };
    },
  });

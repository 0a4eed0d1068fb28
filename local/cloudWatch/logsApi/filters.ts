import * as v from "valibot";
import type { Operation } from "../../cloud/service";
import { logsOperation } from "../wire/dialects";
import { pageOf } from "../wire/page";
import { onGroup } from "./access";
import type { Journal, KeptFilter } from "./journal";

interface Declared {
  pattern: string;
  metricTransformation: {
    name: string;
    namespace: string;
    value: string;
    defaultValue?: string | number;
    unit?: string;
    dimensions?: Record<string, string>;
  };
}

/** What the filter's definition has checked. */
const declaredOf = ({ inputs }: KeptFilter): Declared => inputs as unknown as Declared;

const shape = (kept: KeptFilter) => {
  const { pattern, metricTransformation } = declaredOf(kept);
  const { name, namespace, value, defaultValue, unit, dimensions } = metricTransformation;
  return {
    filterName: kept.filter.name,
    logGroupName: kept.filter.group,
    creationTime: kept.createdAt,
    filterPattern: pattern,
    metricTransformations: [
      {
        metricName: name,
        metricNamespace: namespace,
        metricValue: value,
        defaultValue: defaultValue === undefined ? undefined : Number(defaultValue),
        unit,
        dimensions,
      },
    ],
  };
};

export const filterOperations = (journal: Journal): Record<string, Operation> =>
  logsOperation(
    "DescribeMetricFilters",
    v.strictObject({
      logGroupName: v.exactOptional(v.string()),
      filterNamePrefix: v.exactOptional(v.string(), ""),
      metricName: v.exactOptional(v.string()),
      metricNamespace: v.exactOptional(v.string()),
      limit: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 50),
      nextToken: v.exactOptional(v.string()),
    }),
    {
      access: ({ logGroupName = "" }) => onGroup("DescribeMetricFilters", logGroupName),
      run: ({ logGroupName, filterNamePrefix, metricName, metricNamespace, limit, nextToken }) => {
        if (logGroupName !== undefined) journal.store.streams(logGroupName);
        const found = [...journal.filters.values()].filter((kept) => {
          const { name, namespace } = declaredOf(kept).metricTransformation;
          return (
            (logGroupName ?? kept.filter.group) === kept.filter.group &&
            kept.filter.name.startsWith(filterNamePrefix) &&
            (metricName ?? name) === name &&
            (metricNamespace ?? namespace) === namespace
          );
        });
        const page = pageOf(found, limit, nextToken);
        return { metricFilters: page.items.map(shape), nextToken: page.next };
      },
    },
  );

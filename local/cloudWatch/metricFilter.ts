import * as v from "valibot";
import { filterPattern } from "./filterPattern";
import { readSelector, type Selector, select } from "./filterPattern/selector";
import type { LogLine } from "./logLine";
import type { Dimensions, MetricDatum } from "./metricData";
import { invalid, unsupported } from "./refused";

/** The names are those of Pulumi's LogMetricFilter; a property that is not listed is refused by name. */
const input = v.strictObject({
  name: v.string(),
  logGroupName: v.string(),
  pattern: v.pipe(v.string(), v.maxLength(1_024)),
  metricTransformation: v.strictObject({
    namespace: v.string(),
    name: v.string(),
    value: v.string(),
    defaultValue: v.optional(v.union([v.number(), v.pipe(v.string(), v.decimal(), v.transform(Number))])),
    unit: v.optional(v.string()),
    dimensions: v.optional(v.pipe(v.record(v.string(), v.string()), v.maxEntries(3)), {}),
  }),
});

export interface MetricFilter {
  name: string;
  group: string;
  /** What a line that was logged at this moment contributes. */
  apply: (line: LogLine, timestamp: number) => MetricDatum | undefined;
}

const numberOf = (value: unknown): number | undefined => {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
};

/** A number, or a selector of one. */
const valueReader = (written: string): ((line: LogLine) => number | undefined) => {
  const fixed = numberOf(written);
  if (fixed !== undefined) return () => fixed;
  if (!written.startsWith("$.")) throw unsupported(`the metric value ${written}, other than a number or $.path,`);
  const selector = readSelector(written);
  return (line) => numberOf(select(selector, line.json()));
};

type DimensionReader = (line: LogLine) => Dimensions | undefined;

/** Undefined where a line lacks one of them: it then counts for no metric. */
const dimensionReader = (written: Readonly<Record<string, string>>): DimensionReader => {
  const selectors = Object.entries(written).map(([name, path]): [string, Selector] => [name, readSelector(path)]);
  return (line) => {
    const found: Record<string, string> = {};
    for (const [name, selector] of selectors) {
      const value = select(selector, line.json());
      if (!["string", "number", "boolean"].includes(typeof value) || value === "") return undefined;
      found[name] = String(value);
    }
    return found;
  };
};

export const defineMetricFilter = (given: Readonly<Record<string, unknown>>): MetricFilter => {
  const parsed = v.safeParse(input, given);
  if (!parsed.success) {
    const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`);
    throw invalid(`metric filter ${String(given["name"])}: ${problems.join("; ")}`);
  }
  const { name, logGroupName: group, pattern, metricTransformation } = parsed.output;
  const { defaultValue, unit, dimensions } = metricTransformation;
  if (defaultValue !== undefined && Object.keys(dimensions).length > 0) {
    throw invalid(`metric filter ${name}: a default value does not go with dimensions`);
  }
  const matches = filterPattern(pattern);
  const readValue = valueReader(metricTransformation.value);
  const readDimensions = dimensionReader(dimensions);
  return {
    name,
    group,
    apply: (line, timestamp) => {
      const value = matches(line) ? readValue(line) : defaultValue;
      const found = value === undefined ? undefined : readDimensions(line);
      if (value === undefined || !found) return undefined;
      return {
        namespace: metricTransformation.namespace,
        name: metricTransformation.name,
        dimensions: found,
        timestamp,
        values: [value],
        ...(unit !== undefined && { unit }),
      };
    },
  };
};

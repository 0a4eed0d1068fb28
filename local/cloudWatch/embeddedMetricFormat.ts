import * as v from "valibot";
import { type LogLine, logLine } from "./logLine";
import { type Dimensions, datumTrouble, type MetricDatum } from "./metricData";

const directive = v.object({
  Namespace: v.string(),
  Dimensions: v.array(v.pipe(v.array(v.string()), v.maxLength(30, "at most 30 dimensions"))),
  Metrics: v.pipe(
    v.array(
      v.object({
        Name: v.string(),
        Unit: v.optional(v.string()),
        StorageResolution: v.optional(v.picklist([1, 60])),
      }),
    ),
    v.maxLength(100, "at most 100 metrics"),
  ),
});

type Directive = v.InferOutput<typeof directive>;

const metadata = v.object({
  Timestamp: v.pipe(v.number(), v.integer(), v.minValue(0)),
  CloudWatchMetrics: v.array(directive),
});

export interface Embedded {
  data: MetricDatum[];
  /** Why something that was meant to be a metric did not become one. */
  reasons: string[];
}

type Root = Record<string, unknown>;

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The values that a set of dimensions points to. */
const dimensionsOf = (names: readonly string[], root: Root): Dimensions => {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = root[name];
    if (typeof value !== "string") throw new Error(`the dimension ${name} must be a text at the root`);
    found[name] = value;
  }
  return found;
};

const valuesOf = (name: string, root: Root): number[] => {
  const value = root[name];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (!values.every((one): one is number => typeof one === "number")) {
    throw new Error(`the metric ${name} must be a number, or a list of numbers, at the root`);
  }
  if (values.length > 100) throw new Error(`the metric ${name} has more than 100 values`);
  return values;
};

const read = ({ Namespace, Dimensions, Metrics }: Directive, timestamp: number, root: Root): Embedded => {
  const data: MetricDatum[] = [];
  const reasons: string[] = [];
  const collect = (names: readonly string[], { Name, Unit }: Directive["Metrics"][number]) => {
    const datum: MetricDatum = {
      namespace: Namespace,
      name: Name,
      dimensions: dimensionsOf(names, root),
      timestamp,
      values: valuesOf(Name, root),
      ...(Unit !== undefined && { unit: Unit }),
    };
    const trouble = datumTrouble(datum);
    if (trouble) throw new Error(trouble);
    data.push(datum);
  };
  for (const metric of Metrics) {
    for (const names of Dimensions) {
      try {
        collect(names, metric);
      } catch (error) {
        reasons.push(text(error));
      }
    }
  }
  return { data, reasons: [...new Set(reasons)] };
};

/**
 * The metrics that a line of a log carries in embedded metric format, or undefined where it carries none. Each metric
 * stands for itself: one that is malformed is left out with a reason, as CloudWatch does, and the others are taken.
 * High resolution is kept as one-minute data: shorter periods are refused when they are asked for.
 */
export const embeddedMetrics = (given: string | LogLine): Embedded | undefined => {
  const line = typeof given === "string" ? logLine(given) : given;
  if (!line.text.includes('"_aws"')) return undefined;
  const root = line.json();
  if (!root || !("_aws" in root)) return undefined;
  const parsed = v.safeParse(metadata, root["_aws"]);
  if (!parsed.success) {
    return {
      data: [],
      reasons: parsed.issues.map((issue) => `_aws.${v.getDotPath(issue) ?? ""}: ${issue.message}`),
    };
  }
  const { Timestamp, CloudWatchMetrics } = parsed.output;
  const all = CloudWatchMetrics.map((one) => read(one, Timestamp, root));
  return { data: all.flatMap(({ data }) => data), reasons: all.flatMap(({ reasons }) => reasons) };
};

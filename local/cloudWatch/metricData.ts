import { invalid } from "./refused";

export type Dimensions = Readonly<Record<string, string>>;

/** What makes a metric one metric. The order of its dimensions does not. */
export interface MetricId {
  namespace: string;
  name: string;
  dimensions: Dimensions;
}

/** A number of values that were measured at one moment. */
export interface MetricDatum extends MetricId {
  /** Epoch milliseconds. */
  timestamp: number;
  values: readonly number[];
  /** How often each value occurred; once, unless given. */
  counts?: readonly number[];
  unit?: string;
}

export const noUnit = "None";

const rates = ["Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"].flatMap((unit) => [
  unit,
  unit.replace("bytes", "bits").replace("Bytes", "Bits"),
]);

const units: ReadonlySet<string> = new Set([
  "Seconds",
  "Microseconds",
  "Milliseconds",
  "Percent",
  "Count",
  "Count/Second",
  ...rates,
  ...rates.map((unit) => `${unit}/Second`),
  noUnit,
]);

const mostDimensions = 30;
const mostValues = 150;
const largest = 2 ** 360;

export const dimensionKey = (dimensions: Dimensions): string => JSON.stringify(Object.entries(dimensions).sort());

/** Says what is wrong with a datum, or nothing. */
export const datumTrouble = (datum: MetricDatum): string | undefined => {
  const at = `metric ${datum.name}`;
  const { namespace, name, dimensions, timestamp, values, counts, unit } = datum;
  if (!/^[\w./#: -]{1,255}$/.test(namespace)) return `${at}: "${namespace}" is not a namespace`;
  if (name.length === 0 || name.length > 255) return `${at}: a name has 1 to 255 characters`;
  const entries = Object.entries(dimensions);
  if (entries.length > mostDimensions) return `${at}: more than ${mostDimensions} dimensions`;
  const odd = entries.find(([key, value]) => !key || key.length > 255 || !value.trim() || value.length > 1_024);
  if (odd) return `${at}: the dimension ${odd[0]} needs a name of 1 to 255 and a value of 1 to 1024 characters`;
  if (!Number.isFinite(timestamp)) return `${at}: a timestamp is needed`;
  if (values.length === 0 || values.length > mostValues) return `${at}: 1 to ${mostValues} values are needed`;
  const bad = values.find((value) => !Number.isFinite(value) || Math.abs(value) > largest);
  if (bad !== undefined) return `${at}: the value ${bad} is out of range`;
  if (counts && counts.length !== values.length) return `${at}: as many counts as values are needed`;
  if (counts?.some((count) => !(count > 0 && Number.isFinite(count)))) return `${at}: a count must be above 0`;
  if (unit !== undefined && !units.has(unit)) return `${at}: there is no unit ${unit}`;
  return undefined;
};

export const checkDatum = (datum: MetricDatum): void => {
  const trouble = datumTrouble(datum);
  if (trouble) throw invalid(trouble);
};

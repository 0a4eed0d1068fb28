import type { Bucket } from "./bucket";
import type { MetricId } from "./metricData";
import { type PlainCounts, ValueCounts } from "./valueCounts";

/** One minute of one metric. */
export interface MetricPoint {
  id: MetricId;
  unit: string;
  /** Since the epoch. */
  minute: number;
  bucket: Bucket;
}

type PlainMinute = readonly [
  minute: number,
  count: number,
  sum: number,
  min: number,
  max: number,
  values?: PlainCounts,
];

/** Minutes of one metric as they stand, as plain data. */
export interface KeptMinutes extends MetricId {
  unit: string;
  minutes: PlainMinute[];
}

const asPlain = ({ minute, bucket: { count, sum, min, max, values } }: MetricPoint): PlainMinute =>
  values ? [minute, count, sum, min, max, values.plain()] : [minute, count, sum, min, max];

const perLine = 500;

/** Plain data of points; those of one metric that follow each other are put together. */
export const keptMinutes = (points: Iterable<MetricPoint>): KeptMinutes[] => {
  const kept: KeptMinutes[] = [];
  let before: MetricPoint | undefined;
  for (const point of points) {
    const last = kept.at(-1);
    const same = before?.id === point.id && before.unit === point.unit;
    if (last && same && last.minutes.length < perLine) last.minutes.push(asPlain(point));
    else kept.push({ ...point.id, unit: point.unit, minutes: [asPlain(point)] });
    before = point;
  }
  return kept;
};

export function* pointsOf(kept: Iterable<KeptMinutes>): Iterable<MetricPoint> {
  for (const { namespace, name, dimensions, unit, minutes } of kept) {
    const id = { namespace, name, dimensions };
    for (const [minute, count, sum, min, max, values] of minutes) {
      yield { id, unit, minute, bucket: { count, sum, min, max, values: values && ValueCounts.from(values) } };
    }
  }
}

/** About what a minute takes in a file, and each value that it tells apart. */
const bytesOfMinute = 60;
const bytesOfValue = 24;

/** The newest points for which there is room. */
export const newestPoints = (points: MetricPoint[], bytes: number): MetricPoint[] => {
  const sizeOf = ({ bucket: { values } }: MetricPoint) => bytesOfMinute + bytesOfValue * (values?.different ?? 0);
  let room = bytes - points.reduce((sum, point) => sum + sizeOf(point), 0);
  if (room >= 0) return points;
  let first = Number.NEGATIVE_INFINITY;
  for (const point of points.toSorted((one, other) => one.minute - other.minute)) {
    if (room >= 0 && point.minute > first) break;
    first = point.minute;
    room += sizeOf(point);
  }
  return points.filter(({ minute }) => minute > first);
};

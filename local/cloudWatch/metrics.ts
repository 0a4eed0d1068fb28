import { addBucket, addValue, type Bucket, emptyBucket } from "./bucket";
import { checkDatum, dimensionKey, type MetricDatum, type MetricId, noUnit } from "./metricData";
import type { MetricPoint } from "./metricPoint";
import { invalid, unsupported } from "./refused";
import { emptySeries, type Frame, type Series } from "./series";
import { statisticOf } from "./statistic";

export const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long CloudWatch keeps one-minute data, and how far from the present it takes new data. */
const keptMs = 15 * dayMs;
const oldestMs = 14 * dayMs;
const newestMs = 2 * hourMs;

export interface StatisticQuery extends MetricId {
  /** Sum, Average, Minimum, Maximum, SampleCount or a percentile such as p99.9. */
  stat: string;
  /** Only data that was put with this unit; data of every unit, unless given. */
  unit?: string;
}

export interface Datapoint {
  /** Epoch milliseconds at which its period begins. */
  timestamp: number;
  value: number;
  unit: string;
}

export interface MetricFilterBy {
  namespace?: string;
  name?: string;
}

export type MinuteChanged = (bucket: Bucket, id: MetricId, unit: string, minute: number) => void;

type Minutes = Map<number, Bucket>;

interface Metric {
  id: MetricId;
  byUnit: Map<string, Minutes>;
}

const keyOf = ({ namespace, name, dimensions }: MetricId): string =>
  `${namespace}\u0000${name}\u0000${dimensionKey(dimensions)}`;

/** Metric data in buckets of one minute, kept for 15 days by the clock that is handed in. */
export class MetricStore {
  private readonly metrics = new Map<string, Metric>();
  private sweptAt: number;

  constructor(
    private readonly now: () => number,
    /** Is told of each minute that has changed. */
    private readonly changed?: MinuteChanged,
  ) {
    this.sweptAt = now();
  }

  /** Takes over minutes as they were before; of one minute the last counts. */
  restore(points: Iterable<MetricPoint>): void {
    for (const { id, unit, minute, bucket } of points) this.minutesOf(this.metricOf(id), unit).set(minute, bucket);
    this.sweep(this.now());
  }

  /** Every minute of every metric. */
  *points(): Iterable<MetricPoint> {
    for (const { id, byUnit } of this.metrics.values()) {
      for (const [unit, minutes] of byUnit) {
        for (const [minute, bucket] of minutes) yield { id, unit, minute, bucket };
      }
    }
  }

  /** Stores all of the data or, where one is refused, none. */
  put(data: readonly MetricDatum[]): void {
    const now = this.now();
    for (const datum of data) {
      checkDatum(datum);
      if (datum.timestamp < now - oldestMs || datum.timestamp > now + newestMs) {
        throw invalid(`metric ${datum.name}: a timestamp lies at most two weeks back and two hours ahead`);
      }
    }
    for (const datum of data) this.store(datum);
    if (now >= this.sweptAt + hourMs) this.sweep(now);
  }

  /** The data points of the periods from `start` to before `end`, oldest first; periods without data have none. */
  statistics(query: StatisticQuery, start: number, end: number, period: number): Datapoint[] {
    const from = start - (start % minuteMs);
    const frame = { start: from, period, length: Math.max(0, Math.ceil((end - from) / (period * 1_000))) };
    const unit = query.unit ?? this.onlyUnit(query);
    return this.series(query, frame).flatMap((value, at) =>
      value === undefined ? [] : [{ timestamp: from + at * period * 1_000, value, unit }],
    );
  }

  /** As `statistics`, aligned with a frame that begins at a full minute. */
  series(query: StatisticQuery, frame: Frame): Series {
    if (frame.period % 60 !== 0 || frame.period < 60) {
      throw unsupported(`a period of ${frame.period} s, other than a multiple of 60 s,`);
    }
    const read = statisticOf(query.stat);
    const units = this.minutes(query);
    if (units.length === 0) return emptySeries(frame);
    const each = frame.period / 60;
    const first = frame.start / minuteMs;
    return Array.from({ length: frame.length }, (_, at) => {
      const all = emptyBucket();
      for (const minutes of units) {
        for (let minute = first + at * each; minute < first + (at + 1) * each; minute++) {
          const bucket = minutes.get(minute);
          if (bucket) addBucket(all, bucket);
        }
      }
      return all.count > 0 ? read(all) : undefined;
    });
  }

  list({ namespace, name }: MetricFilterBy = {}): MetricId[] {
    this.sweep(this.now());
    return [...this.metrics.values()]
      .map(({ id }) => id)
      .filter((id) => (namespace ?? id.namespace) === id.namespace && (name ?? id.name) === id.name);
  }

  private store({ namespace, name, dimensions, timestamp, values, counts, unit = noUnit }: MetricDatum): void {
    const metric = this.metricOf({ namespace, name, dimensions });
    const minutes = this.minutesOf(metric, unit);
    const minute = Math.floor(timestamp / minuteMs);
    const bucket = minutes.get(minute) ?? emptyBucket();
    minutes.set(minute, bucket);
    values.forEach((value, at) => {
      addValue(bucket, value, counts?.[at] ?? 1);
    });
    this.changed?.(bucket, metric.id, unit, minute);
  }

  private metricOf(id: MetricId): Metric {
    const key = keyOf(id);
    const metric = this.metrics.get(key) ?? { id, byUnit: new Map<string, Minutes>() };
    this.metrics.set(key, metric);
    return metric;
  }

  private minutesOf({ byUnit }: Metric, unit: string): Minutes {
    const minutes: Minutes = byUnit.get(unit) ?? new Map();
    byUnit.set(unit, minutes);
    return minutes;
  }

  private minutes(query: StatisticQuery): Minutes[] {
    const byUnit = this.metrics.get(keyOf(query))?.byUnit;
    if (!byUnit) return [];
    if (query.unit === undefined) return [...byUnit.values()];
    const minutes = byUnit.get(query.unit);
    return minutes ? [minutes] : [];
  }

  private onlyUnit(query: StatisticQuery): string {
    const [only, another] = this.metrics.get(keyOf(query))?.byUnit.keys() ?? [];
    return another === undefined && only !== undefined ? only : noUnit;
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    const oldest = Math.floor((now - keptMs) / minuteMs);
    for (const [key, { byUnit }] of this.metrics) {
      for (const [unit, minutes] of byUnit) {
        for (const minute of minutes.keys()) if (minute < oldest) minutes.delete(minute);
        if (minutes.size === 0) byUnit.delete(unit);
      }
      if (byUnit.size === 0) this.metrics.delete(key);
    }
  }
}

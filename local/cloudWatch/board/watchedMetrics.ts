import { dimensionKey, type MetricDatum, type MetricId } from "../metricData";
import type { MetricPoint } from "../metricPoint";
import { MetricStore, type MinuteChanged, minuteMs } from "../metrics";

export const metricKey = ({ namespace, name, dimensions }: MetricId): string =>
  `${namespace}\u0000${name}\u0000${dimensionKey(dimensions)}`;

/** A metric store that tells of what is put, and knows each metric's newest minute. */
export class WatchedMetrics extends MetricStore {
  readonly #newest = new Map<string, number>();

  constructor(
    now: () => number,
    private readonly told: (key: string) => void,
    changed?: MinuteChanged,
  ) {
    super(now, changed);
  }

  override restore(points: Iterable<MetricPoint>): void {
    super.restore(points);
    for (const { id, minute } of this.points()) this.#note(metricKey(id), minute * minuteMs);
  }

  override put(data: readonly MetricDatum[]): void {
    super.put(data);
    for (const datum of data) {
      const key = metricKey(datum);
      this.#note(key, datum.timestamp - (datum.timestamp % minuteMs));
      this.told(key);
    }
  }

  /** When the newest minute that has data of this metric began. */
  newest(key: string): number {
    return this.#newest.get(key) ?? Number.NEGATIVE_INFINITY;
  }

  #note(key: string, minute: number): void {
    this.#newest.set(key, Math.max(minute, this.newest(key)));
  }
}

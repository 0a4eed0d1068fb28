import { dimensionKey, type MetricDatum, type MetricId } from "../metricData";
import { MetricStore, minuteMs } from "../metrics";

export const metricKey = ({ namespace, name, dimensions }: MetricId): string =>
  `${namespace}\u0000${name}\u0000${dimensionKey(dimensions)}`;

/** A metric store that tells of what is put, and knows each metric's newest minute. */
export class WatchedMetrics extends MetricStore {
  readonly #newest = new Map<string, number>();

  constructor(
    now: () => number,
    private readonly told: (key: string) => void,
  ) {
    super(now);
  }

  override put(data: readonly MetricDatum[]): void {
    super.put(data);
    for (const datum of data) {
      const key = metricKey(datum);
      const minute = datum.timestamp - (datum.timestamp % minuteMs);
      this.#newest.set(key, Math.max(minute, this.#newest.get(key) ?? minute));
      this.told(key);
    }
  }

  /** When the newest minute that has data of this metric began. */
  newest(key: string): number {
    return this.#newest.get(key) ?? Number.NEGATIVE_INFINITY;
  }
}

import { BoundedJournal } from "../cloud/boundedJournal";
import type { Journal } from "../cloud/journal";
import { LazyJournal } from "../cloud/lazyJournal";
import type { Bucket } from "./bucket";
import type { MetricId } from "./metricData";
import { type KeptMinutes, keptMinutes, type MetricPoint, newestPoints } from "./metricPoint";

/** A minute that is written to without a pause is written down once in a while only. */
const laterMs = 1_000;

/** Writes down each minute of a metric as it stands, some time after it changed. */
export class KeptMetrics {
  readonly #changed = new Map<Bucket, MetricPoint>();
  readonly #journal: LazyJournal<KeptMinutes>;

  constructor(journal: Journal<KeptMinutes>, points: () => Iterable<MetricPoint>) {
    const bounded = new BoundedJournal(journal, (bytes) => keptMinutes(newestPoints([...points()], bytes)));
    this.#journal = new LazyJournal(bounded, () => this.#collect(), laterMs);
  }

  note(bucket: Bucket, id: MetricId, unit: string, minute: number): void {
    if (this.#changed.has(bucket)) return;
    this.#changed.set(bucket, { id, unit, minute, bucket });
    this.#journal.touch();
  }

  /** Begins anew with what there is now. */
  cutDown(): void {
    this.#journal.cutDown();
  }

  close(): void {
    this.#journal.close();
  }

  #collect(): KeptMinutes[] {
    const changed = keptMinutes(this.#changed.values());
    this.#changed.clear();
    return changed;
  }
}

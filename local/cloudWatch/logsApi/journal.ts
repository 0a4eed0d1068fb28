import { BoundedJournal } from "../../cloud/boundedJournal";
import type { Cloud } from "../../cloud/cloud";
import type { Journal as JournalFile } from "../../cloud/journal";
import { LazyJournal } from "../../cloud/lazyJournal";
import { ingestMetrics } from "../ingest";
import { type Appended, type LogInput, LogStore } from "../logs";
import type { LogChange } from "../logs/change";
import type { MetricFilter } from "../metricFilter";
import type { MetricStore } from "../metrics";

/** A metric filter, and how it was declared. */
export interface KeptFilter {
  filter: MetricFilter;
  createdAt: number;
  inputs: Readonly<Record<string, unknown>>;
}

/** Why something in a group's lines did not become a metric. */
export interface MetricTrouble {
  group: string;
  reason: string;
}

const keptTroubles = 100;
const laterMs = 200;
const mostBytes = 64 * 2 ** 20;

/** Log groups with what their lines lead to: metrics. */
export class Journal {
  store: LogStore;
  readonly filters = new Map<string, KeptFilter>();
  /** The last hundred, newest last. */
  troubles: MetricTrouble[] = [];
  readonly #declared = new Map<string, number | undefined>();
  readonly #changes: LogChange[] = [];
  readonly #kept: LazyJournal<LogChange> | undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly metrics: () => MetricStore,
    private readonly file?: JournalFile<LogChange>,
  ) {
    this.store = this.#beginWith(file?.read() ?? []);
    if (!file) return;
    const bounded = new BoundedJournal(file, (bytes) => this.store.story(bytes), mostBytes);
    this.#kept = new LazyJournal(bounded, () => this.#changes.splice(0), laterMs);
  }

  /** A group that a reset leaves. One that was kept from before takes over how long it is kept now. */
  declareGroup(name: string, retentionInDays: number | undefined): void {
    if (this.store.hasGroup(name) && !this.#declared.has(name)) this.store.setRetention(name, retentionInDays);
    else this.store.createGroup(name, retentionInDays);
    this.#declared.set(name, retentionInDays);
  }

  putFilter(filter: MetricFilter, inputs: Readonly<Record<string, unknown>>): void {
    this.store.streams(filter.group);
    this.filters.set(`${filter.group}\u0000${filter.name}`, { filter, createdAt: this.cloud.clock.now(), inputs });
  }

  filtersOf(group: string): KeptFilter[] {
    return [...this.filters.values()].filter(({ filter }) => filter.group === group);
  }

  append(group: string, stream: string, events: readonly LogInput[]): Appended {
    const appended = this.store.append(group, stream, events);
    const filters = this.filtersOf(group).map(({ filter }) => filter);
    const reasons = ingestMetrics(appended.accepted, filters, this.metrics());
    this.troubles = [...this.troubles, ...reasons.map((reason) => ({ group, reason }))].slice(-keptTroubles);
    return appended;
  }

  reset(): void {
    this.store = this.#beginWith([]);
    this.troubles = [];
    for (const [name, retention] of this.#declared) this.store.createGroup(name, retention);
    this.#kept?.cutDown();
  }

  close(): void {
    this.#kept?.close();
  }

  #beginWith(story: Iterable<LogChange>): LogStore {
    const changed = (change: LogChange) => {
      this.#changes.push(change);
      this.#kept?.touch();
    };
    return new LogStore({ now: () => this.cloud.clock.now(), story, ...(this.file && { changed }) });
  }
}

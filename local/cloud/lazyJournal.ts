import type { BoundedJournal } from "./boundedJournal";

/**
 * For what is plenty and promised to nobody, such as logs: it is collected and written together, a moment later. Whoever
 * dies before loses that moment.
 */
export class LazyJournal<Entry> {
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly journal: BoundedJournal<Entry>,
    private readonly collect: () => readonly Entry[],
    private readonly laterMs: number,
  ) {}

  /** There is something to collect. */
  touch(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => this.flush(), this.laterMs).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.journal.append(this.collect());
  }

  /** Begins anew with what counts now. */
  cutDown(): void {
    this.collect();
    this.journal.cutDown();
  }

  close(): void {
    this.flush();
    this.#closed = true;
    this.journal.close();
  }
}

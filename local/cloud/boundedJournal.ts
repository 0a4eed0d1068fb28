import type { Journal } from "./journal";

const bytesByDefault = 32 * 2 ** 20;

/** A journal that begins anew with what still counts, at the start and whenever it has grown too long since. */
export class BoundedJournal<Entry> {
  #most = 0;

  constructor(
    private readonly journal: Journal<Entry>,
    /** What still counts; where it can be cut down, to about so many bytes. */
    private readonly story: (bytes: number) => Iterable<Entry>,
    private readonly mostBytes = bytesByDefault,
  ) {
    this.cutDown();
  }

  append(entries: readonly Entry[]): void {
    this.journal.appendAll(entries);
    if (this.journal.bytes > this.#most) this.cutDown();
  }

  /** What still counts may be long itself: it is not written again before as much has come on top. */
  cutDown(): void {
    this.journal.rewrite(this.story(this.mostBytes / 2));
    this.#most = Math.max(this.mostBytes, 2 * this.journal.bytes);
  }

  close(): void {
    this.journal.close();
  }
}

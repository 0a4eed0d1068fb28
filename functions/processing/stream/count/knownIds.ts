import { digestBytes } from "./digest";
import { DigestSet } from "./digestSet";
import { mostEntries, mostPrints, Prints, printOf } from "./prints";

/** Of each log. Duplicates are mostly of what came shortly before: those are known without a look at the table. */
export const usuallyWhole = 8_192;

/**
 * The ids of a log. The latest are kept whole; of those before, some bits and which entry has all of it: little more than 4
 * bytes, where the whole takes 22 to 32. What is not among them is new for certain, and that is nearly everything. What
 * seems to be is looked up in its entry.
 */
export class KnownIds {
  private latest = new DigestSet();
  /** The entry of the first of the latest, and of it and each after it, how many of the latest there are with it. */
  private firstEntry = 0;
  private ends: number[] = [];
  private readonly older: Prints[] = [];
  private readonly mostWhole: number;

  constructor(mostWhole: number) {
    this.mostWhole = Math.min(mostWhole, mostPrints);
  }

  get bytes(): number {
    return this.older.reduce((sum, { bytes }) => sum + bytes, this.latest.bytes);
  }

  /** Of an entry, all in one buffer. Entries come in the order of their numbers. */
  take(number: number, ids: Uint8Array): void {
    if (this.latest.size > 0 && number - this.firstEntry >= mostEntries) this.putAway();
    for (let from = 0; from < ids.length; from += digestBytes) {
      if (!this.latest.add(ids, from)) continue;
      if (this.latest.size === 1) this.firstEntry = number;
      this.ends[number - this.firstEntry] = this.latest.size;
      if (this.latest.size >= this.mostWhole) this.putAway();
    }
  }

  /** Whether it is among the latest. */
  has(id: Uint8Array): boolean {
    return this.latest.has(id);
  }

  /** The entries in which it may be, if it is not among the latest. */
  entriesWith(id: Uint8Array): number[] {
    const print = printOf(id);
    const found: number[] = [];
    for (const prints of this.older) prints.addEntries(print, found);
    return found;
  }

  private putAway(): void {
    this.older.push(new Prints(this.firstEntry, this.latest, this.ends));
    this.latest = new DigestSet();
    this.ends = [];
  }
}

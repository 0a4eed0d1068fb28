import { digestBytes } from "./digest";
import { DigestSet } from "./digestSet";

/** Of each log. Duplicates are mostly of what came shortly before: those are known without a look at the table. */
export const usuallyWhole = 16_384;

const wordsEach = 2;
const smallest = 32;
/** Where in a digest its print is: not where a set looks first, so that neighbours there do not share it. */
const printAt = 4;

const printOf = (bytes: Uint8Array, from: number): number =>
  ((bytes[from + printAt] ?? 0) |
    ((bytes[from + printAt + 1] ?? 0) << 8) |
    ((bytes[from + printAt + 2] ?? 0) << 16) |
    ((bytes[from + printAt + 3] ?? 0) << 24)) >>>
  0;

/** In pairs: the number of an entry, and the print of an id that is in it, by print. */
type Prints = Uint32Array;

/** As numbers of 64 bits: the second of each pair weighs more, on every machine that Lambda has. */
const sorted = (prints: Prints): Prints => {
  const copy = prints.slice();
  new BigUint64Array(copy.buffer).sort();
  return copy;
};

/** The first pair that has this print or one after it. */
const placeOf = (prints: Prints, print: number): number => {
  let from = 0;
  let to = prints.length / wordsEach;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((prints[middle * wordsEach + 1] ?? 0) < print) from = middle + 1;
    else to = middle;
  }
  return from;
};

/**
 * The ids of a log. The latest are kept whole; of those before, 32 bits and the number of the entry that has all of it: 8
 * bytes, where the whole takes 25 to 50. What is not among them is new for certain, and that is nearly everything. What
 * seems to be is looked up in its entry.
 */
export class KnownIds {
  private latest = new DigestSet();
  private prints: Prints = new Uint32Array(0);
  private used = 0;
  private readonly older: Prints[] = [];

  constructor(private readonly mostWhole: number) {}

  get bytes(): number {
    return this.latest.bytes + this.prints.byteLength + this.older.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Of an entry, all in one buffer. */
  take(number: number, ids: Uint8Array): void {
    for (let from = 0; from < ids.length; from += digestBytes) {
      if (!this.latest.add(ids, from)) continue;
      if (this.used === this.prints.length) this.grow();
      this.prints[this.used] = number;
      this.prints[this.used + 1] = printOf(ids, from);
      this.used += wordsEach;
      if (this.latest.size === this.mostWhole) this.putAway();
    }
  }

  /** Whether it is among the latest. */
  has(id: Uint8Array): boolean {
    return this.latest.has(id);
  }

  /** The entries in which it may be, if it is not among the latest. */
  entriesWith(id: Uint8Array): number[] {
    const print = printOf(id, 0);
    return this.older.flatMap((prints) => {
      const entries: number[] = [];
      for (let at = placeOf(prints, print) * wordsEach; prints[at + 1] === print; at += wordsEach)
        entries.push(prints[at] ?? 0);
      return entries;
    });
  }

  private grow(): void {
    const larger = new Uint32Array(Math.max(smallest, this.prints.length * 2));
    larger.set(this.prints);
    this.prints = larger;
  }

  private putAway(): void {
    this.older.push(sorted(this.prints.subarray(0, this.used)));
    this.latest = new DigestSet();
    this.used = 0;
  }
}

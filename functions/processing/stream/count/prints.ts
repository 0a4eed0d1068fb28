import { digestBytes } from "./digest";
import type { DigestSet } from "./digestSet";

const bucketBits = 10;
const buckets = 2 ** bucketBits;
const ofBucket = buckets - 1;
/** Where in a digest its print is: not where a set looks first, so that neighbours there do not share it. */
const printAt = 4;

/** So many entries can be told apart: their place among them goes where in a print its bucket is. */
export const mostEntries = buckets;
/** That many ids. */
export const mostPrints = 0xffff;

/** 32 bits of a digest. */
export const printOf = (bytes: Uint8Array, from = 0): number =>
  ((bytes[from + printAt] ?? 0) |
    ((bytes[from + printAt + 1] ?? 0) << 8) |
    ((bytes[from + printAt + 2] ?? 0) << 16) |
    ((bytes[from + printAt + 3] ?? 0) << 24)) >>>
  0;

/**
 * In which entries of a log some of its ids are, by their prints. Gathered by the lowest bits of their prints, each needs only
 * the others, and where they were has room for the place of its entry: 4 bytes an id, and 2 KB for all of them.
 */
export class Prints {
  /** Of each bucket, where its prints begin; its end is where the next begin. */
  private readonly starts = new Uint16Array(buckets + 1);
  private readonly packed: Uint32Array;

  constructor(
    private readonly firstEntry: number,
    ids: DigestSet,
    /** Of each entry from the first on: how many of the ids are in it or before it. Entries without ids may have none. */
    ends: readonly (number | undefined)[],
  ) {
    this.packed = new Uint32Array(ids.size);
    const all = ids.all();
    for (let from = 0; from < all.length; from += digestBytes) this.count(printOf(all, from));
    for (let bucket = 0; bucket < buckets; bucket++)
      this.starts[bucket + 1] = (this.starts[bucket + 1] ?? 0) + (this.starts[bucket] ?? 0);
    const next = this.starts.slice();
    let place = 0;
    for (let at = 0; at < ids.size; at++) {
      while ((ends[place] ?? 0) <= at) place++;
      const print = printOf(all, at * digestBytes);
      const bucket = print & ofBucket;
      const to = next[bucket] ?? 0;
      this.packed[to] = print - bucket + place;
      next[bucket] = to + 1;
    }
  }

  get bytes(): number {
    return this.starts.byteLength + this.packed.byteLength;
  }

  /** Adds the numbers of those entries that have an id with this print. */
  addEntries(print: number, found: number[]): void {
    const bucket = print & ofBucket;
    const end = this.starts[bucket + 1] ?? 0;
    for (let at = this.starts[bucket] ?? 0; at < end; at++) {
      const packed = this.packed[at] ?? 0;
      if (packed >>> bucketBits === print >>> bucketBits) found.push(this.firstEntry + (packed & ofBucket));
    }
  }

  private count(print: number): void {
    const after = (print & ofBucket) + 1;
    this.starts[after] = (this.starts[after] ?? 0) + 1;
  }
}

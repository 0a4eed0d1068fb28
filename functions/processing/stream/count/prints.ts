import { digestBytes } from "./digest";
import type { DigestSet } from "./digestSet";

const bucketBits = 10;
const buckets = 2 ** bucketBits;
const ofBucket = buckets - 1;
/** Where in a digest its print is: not where a set looks first, so that neighbours there do not share it. */
const printAt = 4;
const wordBytes = 4;
/** Of each bucket, where its prints begin; its end is where the next begin. Filled up to a whole word. */
const startsBytes = (buckets + 2) * 2;

/** So many entries can be told apart: their place among them goes where in a print its bucket is. */
export const mostEntries = buckets;
/** That many ids. */
export const mostPrints = 0xffff;

/** How many bytes the prints of so many ids take. */
export const printsBytes = (ids: number): number => startsBytes + ids * wordBytes;

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
  private readonly starts: Uint16Array;
  private readonly packed: Uint32Array;

  /** Of the bytes that another had. They begin where a word may begin. */
  constructor(readonly bytes: Uint8Array) {
    this.starts = new Uint16Array(bytes.buffer, bytes.byteOffset, buckets + 1);
    const words = (bytes.length - startsBytes) / wordBytes;
    this.packed = new Uint32Array(bytes.buffer, bytes.byteOffset + startsBytes, words);
  }

  static of(
    ids: DigestSet,
    /** Of each entry from the first on: how many of the ids are in it or before it. Entries without ids may have none. */
    ends: readonly (number | undefined)[],
  ): Prints {
    const prints = new Prints(new Uint8Array(printsBytes(ids.size)));
    prints.fill(ids, ends);
    return prints;
  }

  /** Adds the places of those entries that have an id with this print. */
  addPlaces(print: number, found: number[]): void {
    const bucket = print & ofBucket;
    const end = this.starts[bucket + 1] ?? 0;
    for (let at = this.starts[bucket] ?? 0; at < end; at++) {
      const packed = this.packed[at] ?? 0;
      if (packed >>> bucketBits === print >>> bucketBits) found.push(packed & ofBucket);
    }
  }

  private fill(ids: DigestSet, ends: readonly (number | undefined)[]): void {
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

  private count(print: number): void {
    const after = (print & ofBucket) + 1;
    this.starts[after] = (this.starts[after] ?? 0) + 1;
  }
}

import { digestBytes } from "./digest";

const wordsEach = digestBytes / 4;
const smallest = 16;
/** Fuller than this, looking something up takes too many steps. */
const fullest = 0.7;

const scratch = Buffer.alloc(digestBytes);
const scratchWords = new Uint32Array(scratch.buffer, scratch.byteOffset, wordsEach);

/** Copied to where words may begin, until the next reading: in what DynamoDB answers, digests begin anywhere. */
const read = (bytes: Uint8Array, from: number): Uint32Array => {
  for (let at = 0; at < digestBytes; at++) scratch[at] = bytes[from + at] ?? 0;
  return scratchWords;
};

/**
 * A set of digests in one piece of memory: 25 to 50 bytes each, where a set of strings takes twice as much, and nothing
 * for the garbage collector to walk through.
 */
export class DigestSet {
  private words = new Uint32Array(smallest * wordsEach);
  private taken = new Uint8Array(smallest);
  size = 0;

  get bytes(): number {
    return this.words.byteLength + this.taken.byteLength;
  }

  /** `from`: where in `bytes` the digest begins. */
  has(bytes: Uint8Array, from = 0): boolean {
    return this.taken[this.placeOf(read(bytes, from), 0)] === 1;
  }

  /** False where it was there already. */
  add(bytes: Uint8Array, from = 0): boolean {
    return this.addWords(read(bytes, from), 0);
  }

  /** Calls with a buffer, and where in it a digest begins. */
  forEach(visit: (bytes: Uint8Array, from: number) => void): void {
    const bytes = new Uint8Array(this.words.buffer);
    for (let place = 0; place < this.taken.length; place++)
      if (this.taken[place] === 1) visit(bytes, place * digestBytes);
  }

  private addWords(words: Uint32Array, from: number): boolean {
    const place = this.placeOf(words, from);
    if (this.taken[place] === 1) return false;
    this.put(place, words, from);
    this.size++;
    if (this.size > this.taken.length * fullest) this.grow();
    return true;
  }

  /** Where it is, or where it would go. Digests are random already, so that their first bits will do. */
  private placeOf(words: Uint32Array, from: number): number {
    const mask = this.taken.length - 1;
    for (let place = (words[from] ?? 0) & mask; ; place = (place + 1) & mask)
      if (this.taken[place] !== 1 || this.isAt(place, words, from)) return place;
  }

  private isAt(place: number, words: Uint32Array, from: number): boolean {
    const at = place * wordsEach;
    for (let word = 0; word < wordsEach; word++) if (this.words[at + word] !== words[from + word]) return false;
    return true;
  }

  private put(place: number, words: Uint32Array, from: number): void {
    this.taken[place] = 1;
    for (let word = 0; word < wordsEach; word++) this.words[place * wordsEach + word] = words[from + word] ?? 0;
  }

  private grow(): void {
    const { words, taken } = this;
    this.words = new Uint32Array(words.length * 2);
    this.taken = new Uint8Array(taken.length * 2);
    for (let place = 0; place < taken.length; place++) {
      const from = place * wordsEach;
      if (taken[place] === 1) this.put(this.placeOf(words, from), words, from);
    }
  }
}

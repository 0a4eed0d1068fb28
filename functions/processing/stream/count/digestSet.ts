import { digestBytes } from "./digest";

const wordsEach = digestBytes / 4;
const smallestSlots = 16;
/** Fuller than this, looking something up takes too many steps. */
const fullest = 2 / 3;
const smallestRoom = 8;
/** So many are moved in no time: twice the room then, and later less, so that little lies idle. */
const few = 1_024;
const growth = 1.25;

const scratch = Buffer.alloc(digestBytes);
const scratchWords = new Uint32Array(scratch.buffer, scratch.byteOffset, wordsEach);

/** Copied to where words may begin, until the next reading: in what DynamoDB answers, digests begin anywhere. */
const read = (bytes: Uint8Array, from: number): Uint32Array => {
  for (let at = 0; at < digestBytes; at++) scratch[at] = bytes[from + at] ?? 0;
  return scratchWords;
};

/**
 * A set of digests, each of which has a number: the first 0, and so on. In two pieces of memory, 22 to 32 bytes each, where a
 * set of strings takes three times as much, and nothing for the garbage collector to walk through.
 */
export class DigestSet {
  /** One after another, by their numbers. */
  private words = new Uint32Array(smallestRoom * wordsEach);
  /** Where a digest is looked for: its number, and one more, so that 0 is nobody's. */
  private slots = new Uint32Array(smallestSlots);
  size = 0;

  get bytes(): number {
    return this.words.byteLength + this.slots.byteLength;
  }

  /** `from`: where in `bytes` the digest begins. */
  has(bytes: Uint8Array, from = 0): boolean {
    return this.numberOf(bytes, from) >= 0;
  }

  /** -1 where it is not there. */
  numberOf(bytes: Uint8Array, from = 0): number {
    return (this.slots[this.slotOf(read(bytes, from), 0)] ?? 0) - 1;
  }

  /** False where it was there already. */
  add(bytes: Uint8Array, from = 0): boolean {
    const before = this.size;
    this.number(bytes, from);
    return this.size > before;
  }

  /** Its number, which it gets now if it has none. */
  number(bytes: Uint8Array, from = 0): number {
    const words = read(bytes, from);
    const slot = this.slotOf(words, 0);
    const taken = this.slots[slot] ?? 0;
    if (taken > 0) return taken - 1;
    const at = this.size * wordsEach;
    if (at === this.words.length) this.makeRoom();
    for (let word = 0; word < wordsEach; word++) this.words[at + word] = words[word] ?? 0;
    this.size++;
    this.slots[slot] = this.size;
    if (this.size > this.slots.length * fullest) this.makeSlots();
    return this.size - 1;
  }

  /** By their numbers; calls with a buffer, and where in it a digest begins. */
  forEach(visit: (bytes: Uint8Array, from: number) => void): void {
    const bytes = this.all();
    for (let from = 0; from < this.size * digestBytes; from += digestBytes) visit(bytes, from);
  }

  /** One after another, until the next is added. */
  all(): Uint8Array {
    return new Uint8Array(this.words.buffer, 0, this.size * digestBytes);
  }

  /** Where it is, or where it would go. Digests are random already, so that their first bits will do. */
  private slotOf(words: Uint32Array, from: number): number {
    const mask = this.slots.length - 1;
    for (let slot = (words[from] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const taken = this.slots[slot] ?? 0;
      if (taken === 0 || this.isAt((taken - 1) * wordsEach, words, from)) return slot;
    }
  }

  private isAt(at: number, words: Uint32Array, from: number): boolean {
    for (let word = 0; word < wordsEach; word++) if (this.words[at + word] !== words[from + word]) return false;
    return true;
  }

  private makeRoom(): void {
    const larger = new Uint32Array(Math.ceil(this.size * (this.size < few ? 2 : growth)) * wordsEach);
    larger.set(this.words);
    this.words = larger;
  }

  private makeSlots(): void {
    this.slots = new Uint32Array(this.slots.length * 2);
    for (let number = 0; number < this.size; number++)
      this.slots[this.slotOf(this.words, number * wordsEach)] = number + 1;
  }
}

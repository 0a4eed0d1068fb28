import { digestBytes } from "./digest";
import { DigestSet } from "./digestSet";
import { NumberSet } from "./numberSet";

/** Bits of a digest that neither a set nor the choice of a log looks at. */
const levelAt = 8;
export const highestLevel = 32;

/** The highest level at which a user is in the sample: by chance, half of them each time, and whoever asks the same ones. */
export const levelOf = (bytes: Uint8Array, from = 0): number => {
  const word =
    (bytes[from + levelAt] ?? 0) |
    ((bytes[from + levelAt + 1] ?? 0) << 8) |
    ((bytes[from + levelAt + 2] ?? 0) << 16) |
    ((bytes[from + levelAt + 3] ?? 0) << 24);
  return word === 0 ? highestLevel : 31 - Math.clz32(word & -word);
};

/**
 * The users of a measure: each of them, at level 0. Where only so many may be kept, it is half of them, or a half of that,
 * chosen by their digests: what is kept depends on who was there, and not on the order, how often, or in how many parts.
 */
export class UserSet {
  private readonly kept = new NumberSet();
  private reached = 0;

  constructor(
    private readonly most = Number.POSITIVE_INFINITY,
    /** Where users have their numbers: sets whose users are mostly the same share it, and have little more than a bit of each. */
    private readonly digests = new DigestSet(),
  ) {}

  /** Each one that is kept stands for `2 ** level`. */
  get level(): number {
    return this.reached;
  }

  /** How many there are: exact at level 0, estimated above. */
  get size(): number {
    return this.kept.size * 2 ** this.level;
  }

  /** Without what it shares. */
  get bytes(): number {
    return this.kept.bytes;
  }

  /** Whether adding it would change nothing. */
  has(user: Uint8Array, from = 0): boolean {
    return levelOf(user, from) < this.level || this.keeps(user, from);
  }

  add(bytes: Uint8Array, from = 0): void {
    if (levelOf(bytes, from) < this.level) return;
    this.kept.add(this.digests.number(bytes, from));
    while (this.kept.size > this.most && this.level < highestLevel) this.raise(this.level + 1);
  }

  /** All digests in one buffer. */
  addAll(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += digestBytes) this.add(bytes, from);
  }

  /** Those who are in both are one. */
  addSet(other: UserSet): void {
    this.raise(other.level);
    other.forEach((bytes, from) => {
      this.add(bytes, from);
    });
  }

  /** Leaves out whoever is not in the sample of that level. */
  raise(level: number): void {
    if (level <= this.level) return;
    this.reached = level;
    const all = this.digests.all();
    this.kept.forEach((number) => {
      if (levelOf(all, number * digestBytes) < level) this.kept.delete(number);
    });
  }

  /** Of those who are kept, how many are in the sample of that level. */
  countAt(level: number): number {
    if (level <= this.level) return this.kept.size;
    let count = 0;
    this.forEach((bytes, from) => {
      if (levelOf(bytes, from) >= level) count++;
    });
    return count;
  }

  /** How many are in both of those who are in the sample of that level, which is not below either's own. */
  countIn(other: UserSet, level: number): number {
    let count = 0;
    this.forEach((bytes, from) => {
      if (levelOf(bytes, from) >= level && other.keeps(bytes, from)) count++;
    });
    return count;
  }

  private keeps(bytes: Uint8Array, from: number): boolean {
    const number = this.digests.numberOf(bytes, from);
    return number >= 0 && this.kept.has(number);
  }

  private forEach(visit: (bytes: Uint8Array, from: number) => void): void {
    const all = this.digests.all();
    this.kept.forEach((number) => {
      visit(all, number * digestBytes);
    });
  }
}

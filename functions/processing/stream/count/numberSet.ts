/** Of 256 numbers that follow each other. */
const pageWords = 8;
const growth = 1.25;

/** With room for so many and some more, so that not each time all of it is moved. */
const enlarged = (words: Uint32Array<ArrayBuffer>, least: number): Uint32Array<ArrayBuffer> => {
  const larger = new Uint32Array(Math.max(least, Math.ceil(words.length * growth)));
  larger.set(words);
  return larger;
};

const bitOf = (number: number): number => 1 << (number & 31);

/** `page`: as it is told, one more than its place. */
const placeOf = (page: number, number: number): number => (page - 1) * pageWords + ((number >>> 5) & 7);

/**
 * A set of numbers from 0 on. A bit for each up to the largest, but for none of 256 that follow each other where none of them is
 * there: little more than a bit each where most are there, and some 40 bytes each where hardly any is.
 */
export class NumberSet {
  /** Which page has the bits of 256 numbers, and one more: 0 where there is none. */
  private pages: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  private bits: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  private used = 0;
  size = 0;

  get bytes(): number {
    return this.pages.byteLength + this.bits.byteLength;
  }

  has(number: number): boolean {
    const page = this.pages[number >>> 8] ?? 0;
    return page > 0 && (this.wordOf(page, number) & bitOf(number)) !== 0;
  }

  add(number: number): void {
    const page = this.pageOf(number);
    const word = this.wordOf(page, number);
    if ((word & bitOf(number)) !== 0) return;
    this.bits[placeOf(page, number)] = word | bitOf(number);
    this.size++;
  }

  delete(number: number): void {
    if (!this.has(number)) return;
    const page = this.pageOf(number);
    this.bits[placeOf(page, number)] = this.wordOf(page, number) & ~bitOf(number);
    this.size--;
  }

  /** From the smallest on. One that is visited may be deleted. */
  forEach(visit: (number: number) => void): void {
    for (let at = 0; at < this.pages.length; at++) {
      if ((this.pages[at] ?? 0) === 0) continue;
      for (let number = at << 8; number < (at + 1) << 8; number++) if (this.has(number)) visit(number);
    }
  }

  private wordOf(page: number, number: number): number {
    return this.bits[placeOf(page, number)] ?? 0;
  }

  private pageOf(number: number): number {
    const at = number >>> 8;
    if (at >= this.pages.length) this.pages = enlarged(this.pages, at + 1);
    const page = this.pages[at] ?? 0;
    if (page > 0) return page;
    this.used++;
    if (this.used * pageWords > this.bits.length) this.bits = enlarged(this.bits, this.used * pageWords);
    this.pages[at] = this.used;
    return this.used;
  }
}

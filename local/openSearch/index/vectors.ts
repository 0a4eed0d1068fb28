/** The vectors of one field, side by side. */
export class Vectors {
  readonly #there = new Set<number>();
  #all: Float32Array;

  constructor(readonly dimension: number) {
    this.#all = new Float32Array(dimension * 64);
  }

  set(ordinal: number, vector: Float32Array): void {
    const end = (ordinal + 1) * this.dimension;
    if (end > this.#all.length) {
      const larger = new Float32Array(Math.max(end, this.#all.length * 2));
      larger.set(this.#all);
      this.#all = larger;
    }
    this.#all.set(vector, ordinal * this.dimension);
    this.#there.add(ordinal);
  }

  remove(ordinal: number): void {
    this.#there.delete(ordinal);
  }

  /** Where each begins in `all`. */
  each(visit: (ordinal: number, all: Float32Array, at: number) => void): void {
    for (const ordinal of this.#there) visit(ordinal, this.#all, ordinal * this.dimension);
  }
}

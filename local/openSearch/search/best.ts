/** Keeps the best of what is offered, no more than `most`: a heap whose root is the worst of them. */
export class Best<T> {
  readonly #heap: T[] = [];

  constructor(
    private readonly most: number,
    /** Below 0 where the first comes before the second; never 0 of two that differ. */
    private readonly compare: (a: T, b: T) => number,
  ) {}

  offer(one: T): void {
    if (this.#heap.length < this.most) {
      this.#heap.push(one);
      this.#rise(this.#heap.length - 1);
    } else if (this.most > 0 && this.compare(one, this.#at(0)) < 0) {
      this.#heap[0] = one;
      this.#sink(0);
    }
  }

  sorted(): T[] {
    return this.#heap.toSorted(this.compare);
  }

  #at(place: number): T {
    return this.#heap[place] as T;
  }

  #swap(a: number, b: number): void {
    const kept = this.#at(a);
    this.#heap[a] = this.#at(b);
    this.#heap[b] = kept;
  }

  #rise(from: number): void {
    for (let place = from; place > 0; ) {
      const above = (place - 1) >> 1;
      if (this.compare(this.#at(above), this.#at(place)) >= 0) return;
      this.#swap(place, above);
      place = above;
    }
  }

  #sink(from: number): void {
    for (let place = from; ; ) {
      let worst = place;
      for (const below of [2 * place + 1, 2 * place + 2]) {
        if (below < this.#heap.length && this.compare(this.#at(below), this.#at(worst)) > 0) worst = below;
      }
      if (worst === place) return;
      this.#swap(place, worst);
      place = worst;
    }
  }
}

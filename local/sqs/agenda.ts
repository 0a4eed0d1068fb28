interface Entry {
  due: number;
  id: string;
}

/** What is due when, in order. Whoever takes something off the agenda leaves its entry behind; `live` tells. */
export class Agenda {
  readonly #entries: Entry[] = [];

  constructor(private readonly live: (entry: Entry) => boolean) {}

  add(due: number, id: string): void {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.due ?? 0) <= due) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, { due, id });
  }

  first(): Entry | undefined {
    for (let entry = this.#entries[0]; entry; entry = this.#entries[0]) {
      if (this.live(entry)) return entry;
      this.#entries.shift();
    }
    return undefined;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}

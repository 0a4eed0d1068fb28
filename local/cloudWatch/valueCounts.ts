const mostValues = 512;
const firstGrowth = 1.02;

/** The counts as plain data. */
export interface PlainCounts {
  growth?: number;
  counts: readonly (readonly [value: number, count: number])[];
}

/**
 * How often each value occurred, in bounded memory. Exact up to 512 different values; beyond that values are rounded
 * to steps of 2 %, an error of 1 %, which fit as long as the largest is less than 25,000 times the smallest; beyond
 * that the steps double.
 */
export class ValueCounts {
  private counts = new Map<number, number>();
  private growth: number | undefined;

  static from({ growth, counts }: PlainCounts): ValueCounts {
    const made = new ValueCounts();
    made.growth = growth;
    made.counts = new Map(counts);
    return made;
  }

  plain(): PlainCounts {
    return { ...(this.growth !== undefined && { growth: this.growth }), counts: [...this.counts] };
  }

  add(value: number, count: number): void {
    const kept = this.rounded(value);
    this.counts.set(kept, (this.counts.get(kept) ?? 0) + count);
    while (this.different > mostValues) this.coarsen();
  }

  addAll(other: ValueCounts): void {
    for (const [value, count] of other.counts) this.add(value, count);
  }

  /** How many different values are told apart. */
  get different(): number {
    return this.counts.size;
  }

  /** The smallest value that at least this share of all values does not exceed. */
  quantile(share: number): number {
    const ascending = [...this.counts].sort(([one], [other]) => one - other);
    const total = ascending.reduce((sum, [, count]) => sum + count, 0);
    let left = share * total;
    let reached = Number.NaN;
    for (const [value, count] of ascending) {
      reached = value;
      left -= count;
      if (left <= total * Number.EPSILON) break;
    }
    return reached;
  }

  private rounded(value: number): number {
    if (this.growth === undefined || value === 0) return value;
    const step = Math.log(this.growth);
    return Math.sign(value) * Math.exp(Math.round(Math.log(Math.abs(value)) / step) * step);
  }

  private coarsen(): void {
    this.growth = this.growth === undefined ? firstGrowth : this.growth ** 2;
    const finer = this.counts;
    this.counts = new Map();
    for (const [value, count] of finer) {
      const kept = this.rounded(value);
      this.counts.set(kept, (this.counts.get(kept) ?? 0) + count);
    }
  }
}

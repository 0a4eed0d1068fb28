import { refusal } from "./refuse";

/**
 * Counts how often each of up to `most` likenesses has come, in memory that depends on their number alone: at most 48 bytes each,
 * outside of the heap. 64 bits of a hash tell a million bookings apart.
 */
export interface Occurrences {
  /** How often it came before, and counts it. */
  next: (likeness: string) => number;
}

const fullest = 1 / 2;

export const occurrences = (most: number): Occurrences => {
  let slots = 1_024;
  let used = 0;
  let high = new Uint32Array(slots);
  let low = new Uint32Array(slots);
  let counts = new Uint32Array(slots);

  const slotOf = (first: number, second: number): number => {
    let at = (first ^ second) & (slots - 1);
    while (counts[at] !== 0 && !(high[at] === first && low[at] === second)) at = (at + 1) & (slots - 1);
    return at;
  };

  const grow = (): void => {
    const [oldHigh, oldLow, oldCounts] = [high, low, counts];
    slots *= 2;
    high = new Uint32Array(slots);
    low = new Uint32Array(slots);
    counts = new Uint32Array(slots);
    for (const [from, count] of oldCounts.entries()) {
      if (count === 0) continue;
      const [first = 0, second = 0] = [oldHigh[from], oldLow[from]];
      const at = slotOf(first, second);
      high[at] = first;
      low[at] = second;
      counts[at] = count;
    }
  };

  return {
    next: (likeness) => {
      const first = Number.parseInt(likeness.slice(0, 8), 16);
      const second = Number.parseInt(likeness.slice(8, 16), 16);
      const at = slotOf(first, second);
      const before = counts[at] ?? 0;
      if (before === 0) {
        if (used === most) throw refusal("file", `must have at most ${most} different bookings`);
        used++;
        high[at] = first;
        low[at] = second;
      }
      counts[at] = before + 1;
      if (used > slots * fullest) grow();
      return before;
    },
  };
};

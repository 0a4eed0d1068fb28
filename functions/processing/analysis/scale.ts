/** Straight from 0 at `worst`, or anything beyond, to 1 at `best`. `worst` may be the larger. */
export const between =
  (worst: number, best: number) =>
  (value: number): number =>
    Math.min(1, Math.max(0, (value - worst) / (best - worst)));

/** Six decimals, and no negative zero: a rating claims no more than its inputs, and prints the same everywhere. */
export const rounded = (value: number): number => (Math.abs(value) < 1e9 ? Math.round(value * 1e6) / 1e6 + 0 : value);

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

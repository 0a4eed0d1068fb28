/** By code units: the same on every machine, and many times faster than by language. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

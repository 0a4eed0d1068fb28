/** The provider writes every figure as a text, and `None` where it has none. */
export const text = (value: number | undefined): string => (value === undefined ? "None" : String(value));

const rounded = (value: number | undefined, digits: number): number | undefined =>
  value === undefined || !Number.isFinite(value) ? undefined : Number(value.toFixed(digits));

export const ratio = (value: number | undefined): string => text(rounded(value, 3));

export const money = (value: number | undefined): string => text(rounded(value, 2));

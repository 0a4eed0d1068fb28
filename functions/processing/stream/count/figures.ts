import { add, type Decimal, formatDecimal, multiply, parseDecimal, toDecimal, zero } from "./decimal";

/** What is known of one measure of one variant. Conversions without a value, and exposures, are only counted. */
export interface Figures {
  count: number;
  /** How many of them had a value; the rest is about these. */
  valued: number;
  sum: Decimal;
  squares: Decimal;
  min: number;
  max: number;
}

export const none: Figures = {
  count: 0,
  valued: 0,
  sum: zero,
  squares: zero,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
};

export const one = (value: number | undefined): Figures => {
  if (value === undefined) return { ...none, count: 1 };
  const sum = toDecimal(value);
  return { count: 1, valued: 1, sum, squares: multiply(sum, sum), min: value, max: value };
};

/** Adds up without loss, in whatever order. */
export const both = (a: Figures, b: Figures): Figures => ({
  count: a.count + b.count,
  valued: a.valued + b.valued,
  sum: b.valued ? add(a.sum, b.sum) : a.sum,
  squares: b.valued ? add(a.squares, b.squares) : a.squares,
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
});

/** Figures by `variant|measure`. */
export type FiguresByName = Map<string, Figures>;

export const nameOf = (variant: string, measure: string): string => `${variant}|${measure}`;

export const addTo = (total: FiguresByName, name: string, more: Figures): void => {
  total.set(name, both(total.get(name) ?? none, more));
};

type Packed = [count: number] | [count: number, valued: number, sum: string, squares: string, min: number, max: number];

const pack = ({ count, valued, sum, squares, min, max }: Figures): Packed =>
  valued === 0 ? [count] : [count, valued, formatDecimal(sum), formatDecimal(squares), min, max];

const unpack = (packed: Packed): Figures => {
  if (packed.length === 1) return { ...none, count: packed[0] };
  const [count, valued, sum, squares, min, max] = packed;
  return { count, valued, sum: parseDecimal(sum), squares: parseDecimal(squares), min, max };
};

/** As text, since a sum may have more digits than a number of DynamoDB's. */
export const packFigures = (figures: FiguresByName): string =>
  JSON.stringify(Object.fromEntries([...figures].map(([name, value]) => [name, pack(value)])));

export const unpackFigures = (text: string): FiguresByName =>
  new Map(Object.entries(JSON.parse(text) as Record<string, Packed>).map(([name, value]) => [name, unpack(value)]));

import { invalidPattern } from "../errors";
import type { Test } from "./match";

const limit = 5e9;

/** EventBridge compares numbers of at most six decimals within ±5,000,000,000; what is beyond matches no numeric test. */
export const isComparable = (value: number): boolean =>
  Math.abs(value) <= limit && (Number.isInteger(value) || Number(value.toFixed(6)) === value);

export const comparable = (value: unknown, what: string, place: string): number => {
  if (typeof value !== "number") throw invalidPattern(`Value of ${what} must be numeric`, place);
  if (Math.abs(value) > limit) throw invalidPattern("Value must be between -5.0E9 and 5.0E9, inclusive", place);
  if (!isComparable(value)) throw invalidPattern(`Only values upto 6 decimals are supported: ${value}`, place);
  return value;
};

const onNumbers =
  (test: (value: number) => boolean): Test =>
  (value) =>
    typeof value === "number" && isComparable(value) && test(value);

type Comparison = (bound: number) => (value: number) => boolean;

const equal: Comparison = (bound) => (value) => value === bound;

const above: ReadonlyMap<unknown, Comparison> = new Map<unknown, Comparison>([
  [">", (bound) => (value) => value > bound],
  [">=", (bound) => (value) => value >= bound],
]);

const below: ReadonlyMap<unknown, Comparison> = new Map<unknown, Comparison>([
  ["<", (bound) => (value) => value < bound],
  ["<=", (bound) => (value) => value <= bound],
]);

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? null));

/** `["=", n]`, one bound, or a lower bound followed by an upper one. */
export const parseNumeric = (operand: unknown, place: string): Test => {
  if (!Array.isArray(operand)) throw invalidPattern("Value of numeric must be an array.", place);
  const [operator, first, second, top, ...more]: unknown[] = operand;
  if (typeof operator !== "string") {
    throw invalidPattern(`Invalid member in numeric match: ${shown(operator)}`, place);
  }
  const lower = above.get(operator);
  const single = operator === "=" ? equal : below.get(operator);
  if (single) {
    const bound = comparable(first, operator === "=" ? "equals" : operator, place);
    if (operand.length > 2) throw invalidPattern("Too many elements in numeric expression", place);
    return onNumbers(single(bound));
  }
  if (!lower) throw invalidPattern(`Unrecognized numeric range operator: ${operator}`, place);
  const bottom = comparable(first, operator, place);
  if (operand.length === 2) return onNumbers(lower(bottom));
  if (typeof second !== "string") throw invalidPattern(`Bad value in numeric range: ${shown(second)}`, place);
  const upper = below.get(second);
  if (!upper) throw invalidPattern(`Bad numeric range operator: ${second}`, place);
  const end = comparable(top, second, place);
  if (more.length > 0) throw invalidPattern("Too many terms in numeric range expression", place);
  if (bottom >= end) throw invalidPattern("Bottom must be less than top", place);
  const [isAbove, isBelow] = [lower(bottom), upper(end)];
  return onNumbers((value) => isAbove(value) && isBelow(value));
};

import { invalid } from "../refused";
import type { Series } from "../series";
import { isArray, point, type Single, type Value, valueAt } from "./values";

const bool = (value: boolean): number => (value ? 1 : 0);

const binary = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
  "^": (a: number, b: number) => a ** b,
  "<": (a: number, b: number) => bool(a < b),
  "<=": (a: number, b: number) => bool(a <= b),
  ">": (a: number, b: number) => bool(a > b),
  ">=": (a: number, b: number) => bool(a >= b),
  "==": (a: number, b: number) => bool(a === b),
  "!=": (a: number, b: number) => bool(a !== b),
  AND: (a: number, b: number) => bool(a !== 0 && b !== 0),
  OR: (a: number, b: number) => bool(a !== 0 || b !== 0),
} as const;

export type BinaryOperator = keyof typeof binary;

const aliases: Record<string, BinaryOperator> = { "&&": "AND", "||": "OR" };

/** The one name of an operator that can be written in two ways. */
export const canonical = (written: string): BinaryOperator => aliases[written] ?? (written as BinaryOperator);

/** What cannot be computed is not a number, and neither is what is computed from that: not even by a comparison. */
const compute = (operator: BinaryOperator, left: number, right: number): number =>
  Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : binary[operator](left, right);

const hasPoint = (value: Single, at: number): boolean => typeof value !== "number" && value[at] !== undefined;

/** Of two series, one that lacks a point counts as 0 there; where both lack it, so does the result. */
const join = (operator: BinaryOperator, left: Single, right: Single, length: number): Series =>
  Array.from({ length }, (_, at) => {
    if (!hasPoint(left, at) && !hasPoint(right, at)) return undefined;
    const one = typeof left === "number" ? left : (left[at] ?? 0);
    const other = typeof right === "number" ? right : (right[at] ?? 0);
    return point(compute(operator, one, other));
  });

/** Applies an operator to numbers, series and arrays of series, as far as they go together. */
export const applyOperator = (operator: BinaryOperator, left: Value, right: Value, length: number): Value => {
  if (typeof left === "number" && typeof right === "number") return compute(operator, left, right);
  if (isArray(left)) {
    if (isArray(right)) throw invalid(`metric math: ${operator} does not go between two arrays of time series`);
    return { members: left.members.map((member) => join(operator, member, right, length)) };
  }
  if (isArray(right)) return { members: right.members.map((member) => join(operator, left, member, length)) };
  return join(operator, left, right, length);
};

/** IF: chosen moment by moment. Where the condition is missing, so is the result; a missing true value counts as 0. */
export const choose = (condition: Single, yes: Single, no: Single | undefined, length: number): Single => {
  if (typeof condition === "number" && typeof yes === "number" && typeof no === "number") {
    return Number.isNaN(condition) ? Number.NaN : condition !== 0 ? yes : no;
  }
  return Array.from({ length }, (_, at) => {
    const met = valueAt(condition, at);
    if (met === undefined) return undefined;
    if (met === 0) return no === undefined ? undefined : valueAt(no, at);
    return typeof yes === "number" ? point(yes) : (yes[at] ?? (typeof condition === "number" ? undefined : 0));
  });
};

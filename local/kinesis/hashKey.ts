import { createHash } from "node:crypto";
import { invalidArgument } from "./errors";

/** Hash keys are 128 bits wide. Here they are kept as 32 digits of hex, which sort as the numbers do. */
export type HashKey = string;

const keys = 2n ** 128n;

export const toHashKey = (number: bigint): HashKey => number.toString(16).padStart(32, "0");

export const toDecimal = (key: HashKey): string => BigInt(`0x${key}`).toString();

/** Where a record goes that names no hash key itself. */
export const hashOf = (partitionKey: string): HashKey => createHash("md5").update(partitionKey).digest("hex");

/** A hash key as a call names it. */
export const readHashKey = (decimal: string, parameter: string): HashKey => {
  const number = BigInt(decimal);
  if (number < keys) return toHashKey(number);
  throw invalidArgument(
    `Invalid ${parameter}. ${parameter} must be in the range: [0, 2^128-1]. Specified value was ${decimal}`,
  );
};

export interface Range {
  /** Both ends belong to it. */
  from: HashKey;
  to: HashKey;
}

export const before = (key: HashKey): HashKey => toHashKey(BigInt(`0x${key}`) - 1n);

export const isAdjacent = (lower: Range, upper: Range): boolean => lower.to === before(upper.from);

/** The whole space in equal parts. */
export const evenRanges = (count: number): Range[] => {
  const bound = (at: number): bigint => (keys * BigInt(at)) / BigInt(count);
  return Array.from({ length: count }, (_, at) => ({ from: toHashKey(bound(at)), to: toHashKey(bound(at + 1) - 1n) }));
};

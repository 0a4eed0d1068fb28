import * as v from "valibot";
import { dataTypes } from "../fundamentals/dataTypes";

/** Field types that several events share. */

const symbolPattern = /^[A-Z0-9][A-Z0-9.-]{0,15}$/;

/** `AAPL`, or the table's own spelling `ASSET#AAPL`; the bare symbol comes out. */
export const assetId = v.pipe(
  v.string("must be a string"),
  v.description("ticker symbol, such as AAPL; ASSET#AAPL means the same"),
  v.transform((value) => (value.startsWith("ASSET#") ? value.slice("ASSET#".length) : value)),
  v.regex(symbolPattern, "must be a ticker symbol of 1 to 16 of A-Z 0-9 . - such as AAPL"),
);

const isCalendarDay = (value: string): boolean => {
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
};

export const day = v.pipe(
  v.string("must be a string"),
  v.regex(/^\d{4}-\d{2}-\d{2}$/, "must be a date as YYYY-MM-DD"),
  v.check(isCalendarDay, "must be a day that exists"),
  v.description("a day as YYYY-MM-DD"),
);

/** How urgent work is, most urgent first. */
export const priorities = ["high", "medium", "low"] as const;
export type Priority = (typeof priorities)[number];
export const priority = v.picklist(priorities, "must be high, medium or low");

export const dataType = v.picklist(dataTypes, `must be one of ${dataTypes.join(", ")}`);

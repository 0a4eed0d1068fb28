import * as v from "valibot";
import type { Dimensions } from "../metricData";
import { unsupported } from "../refused";
import type { Frame } from "../series";

export const dimensionList = v.pipe(
  v.array(v.strictObject({ Name: v.string(), Value: v.string() })),
  v.maxLength(30, "a metric has at most 30 dimensions"),
);

export const seconds = v.pipe(
  v.number(),
  v.transform((value) => Math.round(value * 1_000)),
);

export const periodSeconds = v.pipe(v.number(), v.integer(), v.minValue(1));

export const toDimensions = (list: readonly { Name: string; Value: string }[] = []): Dimensions =>
  Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));

export const fromDimensions = (dimensions: Dimensions) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

const minuteMs = 60_000;
const keptMs = 16 * 24 * 60 * minuteMs;
const aheadMs = 3 * 60 * minuteMs;

/** The periods from `start` to `end`, without those in which nothing can be: older than what is kept, or yet to come. */
export const frameOver = (start: number, end: number, period: number, now: number): Frame => {
  if (period % 60 !== 0) throw unsupported(`a period of ${period} s, other than a multiple of 60 s,`);
  const length = period * 1_000;
  const from = start - (start % minuteMs);
  const skipped = Math.max(0, Math.floor((now - keptMs - from) / length));
  const first = from + skipped * length;
  return { start: first, period, length: Math.max(0, Math.ceil((Math.min(end, now + aheadMs) - first) / length)) };
};

import type { Series } from "../series";
import { point, type Single, valueAt } from "./values";

/** Gaps take the last value before them; what lies before the first value stays missing. */
export const fillRepeat = (points: Series): Series => {
  let last: number | undefined;
  return points.map((value) => {
    last = value ?? last;
    return last;
  });
};

/** Gaps become a straight line; what lies before the first or after the last value stays missing. */
export const fillLinear = (points: Series): Series =>
  points.map((value, at) => {
    if (value !== undefined) return value;
    const left = points.findLastIndex((one, index) => index < at && one !== undefined);
    const right = points.findIndex((one, index) => index > at && one !== undefined);
    const from = points[left];
    const to = points[right];
    if (from === undefined || to === undefined) return undefined;
    return point(from + ((to - from) * (at - left)) / (right - left));
  });

export const fillWith =
  (filler: Single) =>
  (points: Series): Series =>
    points.map((value, at) => value ?? valueAt(filler, at));

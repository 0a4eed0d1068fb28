import { invalid } from "../refused";
import type { Series } from "../series";

export interface SeriesArray {
  readonly members: readonly Series[];
}

/** A number that could not be computed is NaN, and becomes missing points. */
export type Single = number | Series;

/** What an expression can come to. */
export type Value = Single | SeriesArray;

type Point = number | undefined;

export const isArray = (value: Value): value is SeriesArray => typeof value === "object" && "members" in value;

const describe = (value: Value): string => {
  if (typeof value === "number") return "a number";
  return isArray(value) ? "an array of time series" : "a time series";
};

export const wrongKind = (where: string, needed: string, given: Value): Error =>
  invalid(`metric math: ${where} takes ${needed}, not ${describe(given)}`);

/** Only finite results become points: what was divided by zero is dropped. */
export const point = (value: Point): Point => (value !== undefined && Number.isFinite(value) ? value : undefined);

/** The same number at any moment, or the point that a series has there. */
export const valueAt = (value: Single, at: number): Point => (typeof value === "number" ? point(value) : value[at]);

export const present = (points: Series): number[] => points.filter((value) => value !== undefined);

export const single = (where: string, value: Value): Single => {
  if (isArray(value)) throw wrongKind(where, "a number or a time series", value);
  return value;
};

/** Changes each series by itself. */
export const eachSeries = (where: string, value: Value, change: (points: Series) => Series): Value => {
  if (typeof value === "number") throw wrongKind(where, "a time series or an array of them", value);
  return isArray(value) ? { members: value.members.map(change) } : change(value);
};

/** Changes each point by itself; a missing one stays missing. */
export const eachPoint =
  (change: (value: number) => number) =>
  (points: Series): Series =>
    points.map((value) => (value === undefined ? undefined : point(change(value))));

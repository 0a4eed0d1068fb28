import type { Frame, Series } from "../series";
import { point } from "./values";

type Change = (value: number, before: number, seconds: number) => number;

/** Computes each point from itself and the last one before it; the first has none, and is dropped. */
const fromPrevious =
  (change: Change) =>
  (points: Series, { period }: Frame): Series => {
    let last: { value: number; at: number } | undefined;
    return points.map((value, at) => {
      if (value === undefined) return undefined;
      const before = last;
      last = { value, at };
      return before && point(change(value, before.value, (at - before.at) * period));
    });
  };

const runningSum = (points: Series): Series => {
  let sum = 0;
  return points.map((value) => {
    sum += value ?? 0;
    return value === undefined ? undefined : sum;
  });
};

/** Functions that make a series of a series, or of each in an array. */
export const perSeries: Record<string, (points: Series, frame: Frame) => Series> = {
  DIFF: fromPrevious((value, before) => value - before),
  DIFF_TIME: fromPrevious((_value, _before, seconds) => seconds),
  RATE: fromPrevious((value, before, seconds) => (value - before) / seconds),
  RUNNING_SUM: runningSum,
};

/** Functions that make a point of a point. */
export const perPoint: Record<string, (value: number) => number> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

interface Aggregate {
  /** Over all points of one series. */
  ofSeries: (values: readonly number[]) => number;
  /** Over what an array's series have at one moment, of which at least one has something. */
  ofMoment: (values: readonly number[], members: number) => number;
}

const same = (compute: (values: readonly number[]) => number): Aggregate => ({ ofSeries: compute, ofMoment: compute });

/** Functions that make a number of a series, and a series of an array. */
export const aggregates: Record<string, Aggregate> = {
  SUM: same(sum),
  MIN: same((values) => (values.length > 0 ? Math.min(...values) : Number.NaN)),
  MAX: same((values) => (values.length > 0 ? Math.max(...values) : Number.NaN)),
  AVG: {
    ofSeries: (values) => sum(values) / values.length,
    ofMoment: (values, members) => sum(values) / members,
  },
};

/** By what an array can be sorted. */
export const sortable: readonly string[] = Object.keys(aggregates);

/** In the order of a figure of each; those without a point come last. */
export const sortSeries = (members: readonly Series[], by: string, order: string): readonly Series[] => {
  const ranked = members.map((points) => {
    const values = points.filter((value) => value !== undefined);
    return { points, rank: values.length > 0 ? aggregates[by]?.ofSeries(values) : undefined };
  });
  const sign = order === "DESC" ? -1 : 1;
  return ranked
    .sort((one, other) => {
      if (one.rank === undefined || other.rank === undefined)
        return Number(one.rank === undefined) - Number(other.rank === undefined);
      return sign * (one.rank - other.rank);
    })
    .map(({ points }) => points);
};

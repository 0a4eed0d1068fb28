import type { Series } from "../series";
import { comparisons } from "./comparison";
import type { AlarmDefinition, StateValue } from "./definition";

/**
 * How many periods CloudWatch looks back beyond the evaluation periods, to have real data points instead of missing
 * ones: AWS tells only of 5 for 3. A breaching point is therefore still seen two periods after it.
 */
const extraPeriods = 2;

export const evaluationRange = ({ evaluationPeriods }: Pick<AlarmDefinition, "evaluationPeriods">): number =>
  evaluationPeriods + extraPeriods;

export interface JudgedPoint {
  /** Its place in the series. */
  at: number;
  value: number;
  breaching: boolean;
}

export interface Judgement {
  /** Undefined: the alarm stays as it is. */
  state: StateValue | undefined;
  /** The real data points that were judged, newest first. */
  points: readonly JudgedPoint[];
  /** How many missing ones stood in for the rest. */
  filled: number;
}

type Rule = Pick<AlarmDefinition, "comparison" | "threshold" | "evaluationPeriods" | "datapointsToAlarm" | "missing">;

const realPoints = (series: Series, { comparison, threshold }: Rule): JudgedPoint[] =>
  series
    .flatMap((value, at) =>
      value === undefined ? [] : [{ at, value, breaching: comparisons[comparison].breaches(value, threshold) }],
    )
    .reverse();

/** Too few real data points, and missing ones say nothing: what the real ones alone can tell. */
const judgeSparse = (
  points: readonly JudgedPoint[],
  needed: number,
  length: number,
): StateValue | "premature" | "unknown" => {
  if (points.filter(({ breaching }) => breaching).length >= needed) return "ALARM";
  if (points.some(({ breaching }) => !breaching)) return "OK";
  const oldest = points.at(-1);
  return oldest && length - oldest.at >= needed ? "premature" : "unknown";
};

/** Judges the periods of the evaluation range, oldest first, as CloudWatch does where data is missing. */
export const judge = (series: Series, rule: Rule): Judgement => {
  const { evaluationPeriods, datapointsToAlarm: needed = evaluationPeriods, missing } = rule;
  const points = realPoints(series, rule).slice(0, evaluationPeriods);
  const filled = evaluationPeriods - points.length;
  const breaching = points.filter((point) => point.breaching).length;
  const decided = (state: StateValue | undefined): Judgement => ({ state, points, filled });
  if (filled === 0 || missing === "notBreaching") return decided(breaching >= needed ? "ALARM" : "OK");
  if (missing === "breaching") return decided(breaching + filled >= needed ? "ALARM" : "OK");
  const alone = judgeSparse(points, needed, series.length);
  if (alone !== "premature" && alone !== "unknown") return decided(alone);
  if (missing === "ignore") return decided(undefined);
  return decided(alone === "premature" ? "ALARM" : "INSUFFICIENT_DATA");
};

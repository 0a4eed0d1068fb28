import type { Frame } from "../series";
import { comparisons } from "./comparison";
import type { AlarmDefinition, StateValue } from "./definition";
import type { JudgedPoint, Judgement } from "./judge";
import { counted, javaNumber, longTime, shortTime, wasOrWere } from "./wording";

const mostListed = 5;

const timeOf = ({ at }: JudgedPoint, frame: Frame): number => frame.start + at * frame.period * 1_000;

const listed = (points: readonly JudgedPoint[], frame: Frame): string =>
  `[${points
    .slice(0, mostListed)
    .map((point) => `${javaNumber(point.value)} (${shortTime(timeOf(point, frame))})`)
    .join(", ")}]`;

/** What missing data points were taken for, where that mattered. */
const standIns = ({ missing }: AlarmDefinition, filled: number): string => {
  if (filled === 0 || missing === "missing" || missing === "ignore") return "";
  const taken = missing === "breaching" ? "Breaching" : "NonBreaching";
  return ` and ${counted(filled, "missing datapoint")} ${wasOrWere(filled)} treated as [${taken}]`;
};

/** "3 out of the last 4 datapoints" where datapointsToAlarm is given, "3 datapoints" where all have to agree. */
const share = ({ evaluationPeriods, datapointsToAlarm }: AlarmDefinition, telling: number): string =>
  datapointsToAlarm === undefined
    ? counted(telling, "datapoint")
    : `${telling} out of the last ${evaluationPeriods} datapoints`;

const minimum = ({ evaluationPeriods, datapointsToAlarm }: AlarmDefinition, state: StateValue): string => {
  if (datapointsToAlarm === undefined) return "";
  return state === "ALARM"
    ? ` (minimum ${counted(datapointsToAlarm, "datapoint")} for OK -> ALARM transition)`
    : ` (minimum ${counted(evaluationPeriods - datapointsToAlarm + 1, "datapoint")} for ALARM -> OK transition)`;
};

export const reasonFor = (
  alarm: AlarmDefinition,
  state: StateValue,
  { points, filled }: Judgement,
  frame: Frame,
): string => {
  if (state === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${counted(filled, "datapoint")} ${wasOrWere(filled)} unknown.`;
  }
  const periods = counted(alarm.evaluationPeriods, "period");
  if (points.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${periods}${standIns(alarm, filled)}.`;
  }
  const telling = points.filter(({ breaching }) => breaching === (state === "ALARM"));
  if (telling.length === 0) {
    const received = `${counted(points.length, "datapoint")} ${wasOrWere(points.length)} received for ${periods}`;
    return `Threshold Crossed: ${received}${standIns(alarm, filled)}.`;
  }
  const not = state === "ALARM" ? "" : "not ";
  const threshold = `the threshold (${javaNumber(alarm.threshold)})`;
  const relation = `${wasOrWere(telling.length)} ${not}${comparisons[alarm.comparison].words} ${threshold}`;
  const start = `Threshold Crossed: ${share(alarm, telling.length)}`;
  const end = `${standIns(alarm, filled)}${minimum(alarm, state)}.`;
  return telling.length < mostListed
    ? `${start} ${listed(telling, frame)} ${relation}${end}`
    : `${start} ${relation}. The most recent datapoints which crossed the threshold: ${listed(telling, frame)}${end}`;
};

/** The same for programs. */
export const reasonDataFor = (alarm: AlarmDefinition, { points }: Judgement, frame: Frame, now: number): string => {
  const { watched, period, threshold } = alarm;
  const oldest = points.at(-1);
  return JSON.stringify({
    version: "1.0",
    queryDate: longTime(now),
    ...(oldest && { startDate: longTime(timeOf(oldest, frame)) }),
    ...(watched.kind === "metric" && { statistic: watched.metric.stat }),
    period,
    recentDatapoints: points.map(({ value }) => value).reverse(),
    threshold,
    evaluatedDatapoints: points.map((point) => ({ timestamp: longTime(timeOf(point, frame)), value: point.value })),
  });
};

import * as v from "valibot";
import { day } from "../../events/fields";
import { validate } from "../../events/validate";
import { dayMs } from "../event";
import { refusal } from "../refusal";

export const windows = ["hour", "day", "total"] as const;

/** More than these is not one answer. */
export const mostDays = 62;
export const mostDaysByHour = 3;
const defaultDays = 14;

const confidenceRule = "must be a number from 0.5 to 0.999";

const word = v.pipe(v.string("must be a string"), v.minLength(1, "must not be empty"), v.maxLength(64));

const requestSchema = v.strictObject({
  experimentId: word,
  /** The first and the last day, in UTC. */
  from: v.optional(day),
  to: v.optional(day),
  /** Beside the total, each window of the days. */
  window: v.optional(v.picklist(windows, `must be one of ${windows.join(", ")}`), "total"),
  /** With whom the others are compared; otherwise the experiment's row says it. */
  control: v.optional(word),
  confidence: v.optional(
    v.pipe(v.number(confidenceRule), v.minValue(0.5, confidenceRule), v.maxValue(0.999, confidenceRule)),
    0.95,
  ),
});

/** What another team may ask: `aws lambda invoke --payload '{"experimentId": "…"}'`. */
export type ResultsQuery = v.InferInput<typeof requestSchema>;

/** A query that was checked. */
export interface ResultsRequest {
  experimentId: string;
  days: string[];
  window: (typeof windows)[number];
  control: string | undefined;
  confidence: number;
}

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

const daysBetween = (from: string, to: string): string[] => {
  const first = Date.parse(from);
  const count = (Date.parse(to) - first) / dayMs + 1;
  return Array.from({ length: Math.max(0, Math.min(count, mostDays + 1)) }, (_, at) => isoDay(first + at * dayMs));
};

export const parseResultsRequest = (input: unknown, now: number): ResultsRequest => {
  const { experimentId, window, control, confidence, ...asked } = validate(requestSchema, input, "query");
  const to = asked.to ?? isoDay(now);
  const from = asked.from ?? isoDay(Date.parse(to) - (window === "hour" ? 0 : defaultDays - 1) * dayMs);
  const days = daysBetween(from, to);
  if (days.length === 0) throw refusal("query.to", "must not be before from");
  const most = window === "hour" ? mostDaysByHour : mostDays;
  if (days.length > most) throw refusal("query.from", `must be at most ${most} days before the end`);
  return { experimentId, days, window, control, confidence };
};

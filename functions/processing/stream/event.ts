import * as v from "valibot";
import { validate } from "../events/validate";
import { Failure } from "../failure";
import { refusal } from "./refusal";
import { endOf, hourOf } from "./window";

export const word = v.pipe(
  v.string("must be a string"),
  v.regex(/^[A-Za-z0-9][\w.:-]{0,63}$/, "must be a word of 1 to 64 of A-Z a-z 0-9 _ . : -"),
);

const identifier = v.pipe(
  v.string("must be a string"),
  v.minLength(1, "must not be empty"),
  v.maxLength(128, "must have at most 128 characters"),
);

const moment = "must be a moment in milliseconds since 1970";

const largest = 1e15;
const smallest = 1e-15;
const amountRule = `must be a number: 0, or from ${smallest} to ${largest} on either side of it`;
const amount = v.pipe(
  v.number(amountRule),
  v.check((value) => value === 0 || (Math.abs(value) >= smallest && Math.abs(value) <= largest), amountRule),
);

const common = {
  eventId: identifier,
  eventVersion: v.optional(v.pipe(v.string(), v.regex(/^\d{1,4}\.\d{1,4}$/, "must look like 1.0")), "1.0"),
  timestamp: v.pipe(v.number(moment), v.integer(moment), v.minValue(0, moment), v.maxValue(8.64e15, moment)),
  experimentId: word,
  userId: identifier,
  /** What the user was shown, where the producer knows; otherwise the assignment says it. */
  variant: v.optional(word),
  /** Kept as it is, however it is nested. */
  properties: v.optional(
    v.custom<Record<string, unknown>>(
      (value) => typeof value === "object" && value !== null && !Array.isArray(value),
      "must be an object",
    ),
  ),
};

/** The newest form of events that is known here. */
export const version = "1.0";

export const eventTypes = ["exposure", "conversion", "metric"] as const;

const eventSchema = v.variant(
  "eventType",
  [
    v.looseObject({ ...common, eventType: v.literal("exposure") }),
    v.looseObject({ ...common, eventType: v.literal("conversion"), goal: word, value: v.optional(amount) }),
    v.looseObject({ ...common, eventType: v.literal("metric"), metric: word, value: amount }),
  ],
  `must be one of ${eventTypes.join(", ")}`,
);

/** Something that a user of an experiment saw or did. Fields that are not known here are kept beside those that are. */
export type StreamEvent = v.InferOutput<typeof eventSchema>;

const minuteMs = 60_000;
export const dayMs = 86_400_000;

/** Clocks of producers may be ahead by so much. */
export const aheadMs = 5 * minuteMs;
/** Events may come so late: a phone that was out of reach for a week. */
export const lateMs = 7 * dayMs;

const major = (value: string): number => Number(value.split(".")[0]);

/**
 * Throws a Failure that names the field. Time is measured by when the stream took the record in, so that a record means
 * the same however often and however late it is delivered.
 */
export const readEvent = (value: unknown, arrivedAt: number): StreamEvent => {
  const event = validate(eventSchema, value, "event");
  if (major(event.eventVersion) > major(version)) {
    throw new Failure("permanent", `event.eventVersion is newer than ${version}, the newest known here: quarantined`, {
      origin: "input",
      field: "event.eventVersion",
    });
  }
  if (event.timestamp > arrivedAt + aheadMs)
    throw refusal("event.timestamp", `must be at most ${aheadMs / minuteMs} minutes after the event arrived`);
  if (event.timestamp < arrivedAt - lateMs)
    throw refusal("event.timestamp", `must be at most ${lateMs / dayMs} days before the event arrived`);
  return event;
};

/**
 * Throws a Failure where it is no longer known which events of its hour were counted: what was kept for long and is sent once
 * more would be counted, and gone with the hour, before it is in any day.
 */
export const requireKnownHour = ({ timestamp }: StreamEvent, now: number, keptMs: number): void => {
  if (endOf(hourOf(timestamp)) + keptMs <= now)
    throw refusal("event.timestamp", `must be of the last ${keptMs / dayMs} days: nothing else is known of its hour`);
};

/** What is counted of an event, as it is written in the tables. */
export const measureOf = (event: StreamEvent): string => {
  if (event.eventType === "conversion") return `conversion:${event.goal}`;
  return event.eventType === "metric" ? `metric:${event.metric}` : "exposure";
};

export const amountOf = (event: StreamEvent): number | undefined =>
  event.eventType === "exposure" ? undefined : event.value;

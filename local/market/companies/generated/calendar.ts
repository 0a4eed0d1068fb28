import { addDays, type Day, lastDayOf, monthOf, weekdayAfter } from "../../days";

/** When a company's quarters end, and when it reports them. */
export interface ReportingPlan {
  /** 0, 1 or 2: quarters end in March, April or May, and every three months from there. */
  phase: number;
  /** 0 to 3: which of its quarters is the first of its fiscal year. */
  firstQuarter: number;
  /** The weekday, counted from the middle of the month after, on which it reports. */
  slot: number;
}

const phases = 3;
/** As many weekdays as the longest month has, and one more, so that some company reports on every weekday of the year. */
export const slots = 24;
const daysUntilFirstSlot = 15;
const march = 2;

/** By its place in the list a company gets a phase and a slot; the list fills all of both. */
export const reportingPlan = (place: number, firstQuarter: number): ReportingPlan => ({
  phase: place % phases,
  slot: Math.floor(place / phases) % slots,
  firstQuarter,
});

/** The first fiscal year that is generated begins in this year. */
const firstYear = 2014;

/** The last day of a company's quarter, counted from the first that is generated. */
export const endOfQuarter = ({ phase, firstQuarter }: ReportingPlan, quarter: number): Day =>
  lastDayOf(firstYear * 12 + march + phase + 3 * (firstQuarter + quarter));

/** How many quarters are over by the day. */
export const quartersOver = (plan: ReportingPlan, day: Day): number => {
  const months = monthOf(addDays(day, 1)) - 1 - (firstYear * 12 + march + plan.phase + 3 * plan.firstQuarter);
  return Math.max(0, Math.floor(months / 3) + 1);
};

export const reportDay = ({ slot }: ReportingPlan, quarterEnd: Day): Day =>
  weekdayAfter(addDays(quarterEnd, daysUntilFirstSlot), slot);

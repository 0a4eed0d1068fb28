/** Days are texts, such as 2026-08-24: they compare and sort as they are. */
export type Day = string;

const dayMs = 86_400_000;

export const dayOf = (time: number): Day => new Date(time).toISOString().slice(0, 10);

const timeOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

export const addDays = (day: Day, days: number): Day => dayOf(timeOf(day) + days * dayMs);

/** Days since 1970. */
export const dayNumber = (day: Day): number => timeOf(day) / dayMs;

/** Months since the year 0, January of which is 0. */
export const monthOf = (day: Day): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

export const lastDayOf = (month: number): Day => dayOf(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0));

/** 1970 began with a Thursday; Monday is 0. */
const weekdayOf = (number: number): number => (((number + 3) % 7) + 7) % 7;

/** The weekday that comes so many weekdays after the first one on or after `day`. */
export const weekdayAfter = (day: Day, weekdays: number): Day => {
  const number = dayNumber(day);
  // A Saturday or a Sunday counts from the Friday before, one weekday later.
  const weekday = weekdayOf(number);
  const [from, left] = weekday > 4 ? [number - (weekday - 4), weekdays + 1] : [number, weekdays];
  const days = weekdayOf(from) + left;
  return dayOf((from - weekdayOf(from) + Math.floor(days / 5) * 7 + (days % 5)) * dayMs);
};

const newYork = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/New_York",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

export const newYorkDayOf = (time: number): Day => newYork.format(time);

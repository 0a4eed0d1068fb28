import type { Schedule } from "../schedule";
import { parseDays } from "./day";
import { fields, InvalidSchedule, parseField } from "./field";

const minute = 60_000;
const day = 1440 * minute;

/** Reads minutes, hours, day-of-month, month, day-of-week and year. */
export const parseCron = (texts: readonly string[]): Schedule => {
  const [minutesText, hoursText, dayOfMonth, monthText, dayOfWeek, yearText, ...more] = texts;
  if (
    minutesText === undefined ||
    hoursText === undefined ||
    dayOfMonth === undefined ||
    monthText === undefined ||
    dayOfWeek === undefined ||
    yearText === undefined ||
    more.length > 0
  ) {
    throw new InvalidSchedule(`A cron expression has six fields, not ${texts.length}`);
  }
  const minutes = parseField(minutesText, fields.minutes);
  const hours = parseField(hoursText, fields.hours);
  const months = parseField(monthText, fields.month);
  const years = parseField(yearText, fields.year);
  const daysOf = parseDays(dayOfMonth, dayOfWeek);

  const inDay = (midnight: number, from: number): number | undefined => {
    for (const hour of hours) {
      for (const one of minutes) {
        const time = midnight + (hour * 60 + one) * minute;
        if (time >= from) return time;
      }
    }
    return undefined;
  };

  const next = (after: number): number | undefined => {
    const from = Math.floor(after / minute) * minute + minute;
    for (const year of years) {
      if (Date.UTC(year + 1, 0) <= from) continue;
      for (const month of months) {
        if (Date.UTC(year, month) <= from) continue;
        for (const date of daysOf(year, month)) {
          const midnight = Date.UTC(year, month - 1, date);
          const time = midnight + day > from ? inDay(midnight, from) : undefined;
          if (time !== undefined) return time;
        }
      }
    }
    return undefined;
  };
  return { next };
};

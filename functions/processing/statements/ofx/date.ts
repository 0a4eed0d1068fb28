import { calendarDay, readDate } from "../date";

const moment =
  /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})?(\d{2})?(?:\.\d{1,6})?)?\s*(?:\[([+-]?\d{1,2})(?:\.\d{1,2})?(?::[\w/+-]{0,12})?\])?$/;

/** The zone's day, not Greenwich's: the bank's own day is what its statement shows. */
export const dayOfMoment = (text: string): string | undefined => {
  const found = moment.exec(text.trim());
  if (!found) return readDate(text)?.days.YMD;
  const [, year, month, day, hour = "0", minute = "0", second = "0", zone = "0"] = found;
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60 || Math.abs(Number(zone)) > 14) return undefined;
  return calendarDay(Number(year), Number(month), Number(day));
};

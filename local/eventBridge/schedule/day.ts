import { fields, InvalidSchedule, parseField, parseValue } from "./field";

/** The days of a month (1 to 12) on which a schedule is due, in order. */
export type DaysOf = (year: number, month: number) => readonly number[];

const lastDay = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** 1 for Sunday, as the expressions count. */
const weekday = (year: number, month: number, day: number): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

const [sunday, saturday] = [1, 7];

/** The weekday nearest to a day that does not leave the month. */
const nearestWeekday = (year: number, month: number, day: number): number => {
  switch (weekday(year, month, day)) {
    case saturday:
      return day === 1 ? 3 : day - 1;
    case sunday:
      return day === lastDay(year, month) ? day - 2 : day + 1;
    default:
      return day;
  }
};

const parseDayOfMonth = (text: string): DaysOf => {
  const special = text.toUpperCase();
  if (special === "L") return (year, month) => [lastDay(year, month)];
  if (special === "LW") return (year, month) => [nearestWeekday(year, month, lastDay(year, month))];
  if (special.endsWith("W")) {
    const day = parseValue(text.slice(0, -1), fields.dayOfMonth);
    return (year, month) => (day <= lastDay(year, month) ? [nearestWeekday(year, month, day)] : []);
  }
  const days = parseField(text, fields.dayOfMonth);
  return (year, month) => {
    const last = lastDay(year, month);
    return days.filter((day) => day <= last);
  };
};

const daysWith = (year: number, month: number, wanted: (weekday: number) => boolean): number[] => {
  const first = weekday(year, month, 1);
  const days = Array.from({ length: lastDay(year, month) }, (_, index) => index + 1);
  return days.filter((day) => wanted(((first + day - 2) % 7) + 1));
};

const parseDayOfWeek = (text: string): DaysOf => {
  const [day = "", nth, ...more] = text.split("#");
  if (nth !== undefined) {
    const wanted = parseValue(day, fields.dayOfWeek);
    if (more.length > 0 || !/^[1-5]$/.test(nth)) {
      throw new InvalidSchedule(`The day-of-week field has ${text}; after # comes one number from 1 to 5`);
    }
    return (year, month) => daysWith(year, month, (one) => one === wanted).slice(Number(nth) - 1, Number(nth));
  }
  if (/[^,]L$/i.test(text)) {
    const wanted = parseValue(text.slice(0, -1), fields.dayOfWeek);
    return (year, month) => daysWith(year, month, (one) => one === wanted).slice(-1);
  }
  // Alone, L is the last day of the week.
  const wanted = new Set(text.toUpperCase() === "L" ? [saturday] : parseField(text, fields.dayOfWeek));
  return (year, month) => daysWith(year, month, (one) => wanted.has(one));
};

/** Joins the two day fields, of which one must leave the choice to the other. */
export const parseDays = (dayOfMonth: string, dayOfWeek: string): DaysOf => {
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    throw new InvalidSchedule("Exactly one of day-of-month and day-of-week must be ?");
  }
  return dayOfWeek === "?" ? parseDayOfMonth(dayOfMonth) : parseDayOfWeek(dayOfWeek);
};

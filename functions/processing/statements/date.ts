import { monthOf } from "./months";
import { type DateOrder, dateOrders } from "./statement";

/** A date as it is written: the same whichever order is meant, or one day for each order that makes one. */
export interface WrittenDate {
  days: Readonly<Partial<Record<DateOrder, string>>>;
  /** Only two digits of the year are written. */
  short: boolean;
  /** Dots are what countries use that write the day first. */
  dotted: boolean;
}

const longest = 40;
const earliest = 1900;
const latest = 2100;
/** Two digits from here on are of the last century. */
const pivot = 70;

const time =
  /(?:(?:T|,?\s+)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2})?)$/;
const weekday = /^\p{L}{2,10}\.?,?\s+(?=\d)/u;
const numeric = /^(\d{1,4})([./\-\s])\s?(\d{1,2})\2\s?(\d{1,4})\.?$/;
const compact = /^\d{8}$/;
const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?[\s.\-/]*(?:de\s+)?(\p{L}+)\.?[\s.,\-/]*(?:de\s+)?(\d{4}|\d{2})$/u;
const monthFirst = /^(\p{L}+)\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?(?:,\s*|[\s\-/]+)(\d{4}|\d{2})$/u;
const yearFirst = /^(\d{4})[\s.\-/]*(\p{L}+)\.?[\s.\-/]*(\d{1,2})$/u;

const yearOf = (text: string): number | undefined => {
  if (text.length === 4) return Number(text);
  if (text.length !== 2) return undefined;
  return Number(text) + (Number(text) >= pivot ? 1900 : 2000);
};

const longMonths = [1, 3, 5, 7, 8, 10, 12];

const daysIn = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return longMonths.includes(month) ? 31 : 30;
};

const two = (value: number): string => String(value).padStart(2, "0");

/** The day as YYYY-MM-DD where there is one. */
export const calendarDay = (year: number | undefined, month: number, day: number): string | undefined =>
  year === undefined || year < earliest || year > latest || month < 1 || month > 12 || day < 1
    ? undefined
    : day > daysIn(year, month)
      ? undefined
      : `${year}-${two(month)}-${two(day)}`;

const ofParts = (order: DateOrder, parts: readonly [string, string, string]): string | undefined => {
  const at = (letter: string) => parts[order.indexOf(letter)] ?? "";
  const [day, month] = [at("D"), at("M")];
  if (day.length > 2 || month.length > 2) return undefined;
  return calendarDay(yearOf(at("Y")), Number(month), Number(day));
};

const inEveryOrder = (day: string | undefined): WrittenDate | undefined =>
  day === undefined ? undefined : { days: { DMY: day, MDY: day, YMD: day }, short: false, dotted: false };

const inOrders = (parts: (order: DateOrder) => readonly [string, string, string]): WrittenDate["days"] => {
  const days: Partial<Record<DateOrder, string>> = {};
  for (const order of dateOrders) {
    const day = ofParts(order, parts(order));
    if (day !== undefined) days[order] = day;
  }
  return days;
};

const named = (text: string): WrittenDate | undefined => {
  const [, day, dayMonth, dayYear] = dayFirst.exec(text) ?? [];
  if (day && dayMonth && dayYear)
    return inEveryOrder(calendarDay(yearOf(dayYear), monthOf(dayMonth) ?? 0, Number(day)));
  const [, month, monthDay, monthYear] = monthFirst.exec(text) ?? [];
  if (month && monthDay && monthYear) {
    return inEveryOrder(calendarDay(yearOf(monthYear), monthOf(month) ?? 0, Number(monthDay)));
  }
  const [, year, yearMonth, yearDay] = yearFirst.exec(text) ?? [];
  if (year && yearMonth && yearDay)
    return inEveryOrder(calendarDay(yearOf(year), monthOf(yearMonth) ?? 0, Number(yearDay)));
  return undefined;
};

const eightDigits = (text: string): WrittenDate["days"] =>
  inOrders((order) =>
    order === "YMD"
      ? [text.slice(0, 4), text.slice(4, 6), text.slice(6)]
      : [text.slice(0, 2), text.slice(2, 4), text.slice(4)],
  );

const takeApart = (bare: string): WrittenDate | undefined => {
  const [, first, separator, second, third] = numeric.exec(bare) ?? [];
  if (first && second && third) {
    const days = inOrders(() => [first, second, third]);
    const short = first.length < 4 && third.length < 4;
    return Object.keys(days).length === 0 ? undefined : { days, short, dotted: separator === "." };
  }
  if (compact.test(bare)) {
    const days = eightDigits(bare);
    return Object.keys(days).length === 0 ? undefined : { days, short: false, dotted: false };
  }
  return named(bare);
};

const take = (text: string): WrittenDate | undefined => {
  const bare = text.trim().replace(time, "").trim();
  // A word in front may also be the month.
  return takeApart(bare) ?? (weekday.test(bare) ? takeApart(bare.replace(weekday, "")) : undefined);
};

/** The dates of a statement stand in order, so that most lines repeat the one above. */
let last: { text: string; date: WrittenDate | undefined } = { text: "", date: undefined };

/** Takes a date apart; undefined where a text is none. The time of day is left out: a statement's days are the bank's. */
export const readDate = (text: string): WrittenDate | undefined => {
  if (text.length > longest) return undefined;
  if (text !== last.text) last = { text, date: take(text) };
  return last.date;
};

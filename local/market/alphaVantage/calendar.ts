import type { Company } from "../companies/company";
import { addDays, type Day } from "../days";
import { money } from "./text";

/** Reports of the last days are still in the calendar: over a weekend, a Friday's too. */
const daysKept = 3;

const horizons: Readonly<Record<string, number>> = { "3month": 91, "6month": 182, "12month": 365 };

export const horizonDays = (horizon: string): number | undefined => horizons[horizon];

const lineEnd = "\r\n";

const header = (timeOfTheDay: boolean): string[] => [
  "symbol",
  "name",
  "reportDate",
  "fiscalDateEnding",
  "estimate",
  "currency",
  ...(timeOfTheDay ? ["timeOfTheDay"] : []),
];

const csv = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.join(",")}${lineEnd}`).join("");

export interface CalendarQuestion {
  companies: readonly Company[];
  day: Day;
  days: number;
  timeOfTheDay: boolean;
}

/** Answers EARNINGS_CALENDAR: a line for each report that is due, by symbol. */
export const calendarAnswer = ({ companies, day, days, timeOfTheDay }: CalendarQuestion): string => {
  const rows = companies.flatMap((company) =>
    company
      .dueBetween(addDays(day, -daysKept), addDays(day, days))
      .map(({ reportedDate, fiscalDateEnding, estimatedEps, reportTime }) => [
        company.profile.symbol,
        company.profile.name,
        reportedDate,
        fiscalDateEnding,
        estimatedEps === undefined ? "" : money(estimatedEps),
        "USD",
        // Until a week before, nobody knows the hour.
        ...(timeOfTheDay ? [reportedDate <= addDays(day, 7) ? reportTime : ""] : []),
      ]),
  );
  return csv([header(timeOfTheDay), ...rows.sort(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0))]);
};

/** A notice that fell into the CSV writer: its first word, a letter a column. */
export const letterCalendar = (timeOfTheDay: boolean): string => {
  const columns = header(timeOfTheDay);
  return csv([columns, [..."Information"].slice(0, columns.length)]);
};

/** The same calendar with broken lines among the good ones. */
export const brokenCalendar = (calendar: string): string => {
  const [head = "", ...lines] = calendar.split(lineEnd).filter((line) => line !== "");
  const broken = [
    "GNXQ,Genoxquill Bio",
    "VRDX,Verdanix Software,2026-13-45,2026-10-31,0.41,USD,",
    "BRDW,Breadwyn Foods,2026-12-01,2026-10-31,n/a,USD,",
    ",,,,,,",
    '"QLMN,Quillmont Systems,2026-12-01',
  ];
  return [
    head,
    ...lines.flatMap((line, at) => [line, ...broken.slice(at, at + 1)]),
    ...broken.slice(lines.length),
    "",
  ].join(lineEnd);
};

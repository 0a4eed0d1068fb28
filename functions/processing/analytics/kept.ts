import { readTogether } from "../aws/readTogether";
import type { TransactItem } from "../aws/transact";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { readBooks, readMonth } from "./books";
import { monthsKey, shelfLife, standingKey } from "./keys";
import type { Month } from "./months";
import type { Standing } from "./status";
import { grouped } from "./sum";

/** All is read again once a day at least: whatever no event told of is then seen too. */
const wholeAfterMs = 86_400_000;
/** What an item and a transaction have room for, with some to spare for the figures. */
const mostYearBytes = 300 * 1_024;
const mostBytes = 2 * 1_024 * 1_024;
const mostYears = 40;

interface Year {
  year: string;
  /** As they are stored: lists of maps cost those who send and store them several times what text does. */
  months: string;
}

const yearsOf = (months: readonly Month[]): Year[] =>
  grouped(months, ({ month }) => month.slice(0, 4)).map(([year, own]) => ({ year, months: JSON.stringify(own) }));

/** A person's books as they are now. */
export interface Current {
  months: Month[];
  /** Years whose kept sums are to be written; undefined where all of them are. */
  changed: ReadonlySet<string> | undefined;
}

/** The years that are kept; undefined where one of those that should be there is not. */
const readKept = async (kept: string, { years }: Standing, run: Run): Promise<Month[] | undefined> => {
  const keys = years.map((year) => monthsKey(kept, year));
  const rows = await readTogether(env("ANALYTICS_STATUS_TABLE"), keys, undefined, run);
  if (rows.length !== years.length) return undefined;
  return rows.flatMap((row) => JSON.parse(String(row["months"])) as Month[]);
};

const isOverdue = ({ whole_at }: Standing, now: number): boolean =>
  whole_at === undefined || now - Date.parse(whole_at) > wholeAfterMs;

/** Reads the months that changed and takes the others as they are kept; all of them where that is not enough. */
export const readCurrent = async (owner: string, kept: string, standing: Standing, run: Run): Promise<Current> => {
  const whole = async (): Promise<Current> => ({ months: await readBooks(owner, run), changed: undefined });
  const { stale } = standing;
  if (stale === "all" || isOverdue(standing, run.now())) return whole();
  const known = await readKept(kept, standing, run);
  if (!known) return whole();
  const again = await Promise.all(stale.map((month) => readMonth(owner, month, run)));
  const months = [...known.filter(({ month }) => !stale.includes(month)), ...again.filter((one) => one !== undefined)];
  return {
    months: months.sort((a, b) => (a.month < b.month ? -1 : 1)),
    changed: new Set(stale.map((month) => month.slice(0, 4))),
  };
};

const bytesOf = ({ months }: Year): number => Buffer.byteLength(months);

const sizeOf = (years: readonly Year[]): { fits: boolean; bytes: number } => {
  const each = years.map(bytesOf);
  const bytes = each.reduce((sum, one) => sum + one, 0);
  const fits = years.length <= mostYears && each.every((one) => one <= mostYearBytes) && bytes <= mostBytes;
  return { fits, bytes };
};

/** What is written, with the figures, so that the next computation can rest on it. Where it does not fit, that one reads all. */
export const keptItems = (
  kept: string,
  before: Standing,
  { months, changed }: Current,
  now: number,
): { standing: Standing; items: TransactItem[]; bytes: number } => {
  const TableName = env("ANALYTICS_STATUS_TABLE");
  const years = yearsOf(months);
  const { fits, bytes } = sizeOf(years);
  const present = years.map(({ year }) => year);
  const gone = before.years.filter((year) => !present.includes(year));
  const written = years.filter(({ year }) => changed?.has(year) ?? true);
  const standing: Standing = {
    ...before,
    ...standingKey(kept),
    version: before.version + 1,
    stale: fits ? [] : "all",
    years: fits ? present : before.years,
    ...(changed === undefined && { whole_at: new Date(now).toISOString() }),
    ...shelfLife(kept, now),
  };
  if (!fits) return { standing, items: [], bytes };
  return {
    standing,
    bytes,
    items: [
      ...written.map(({ year, months: own }) => ({
        Put: { TableName, Item: { ...monthsKey(kept, year), months: own, ...shelfLife(kept, now) } },
      })),
      ...gone.map((year) => ({ Delete: { TableName, Key: monthsKey(kept, year) } })),
    ],
  };
};

import { isCurrency } from "../../ledger/money";
import { readNumeral } from "../amount";
import { readDate } from "../date";
import { directionOf } from "./direction";
import { type Role, rankOf, roles } from "./headers";

/** Where each role's column is. */
export type Columns = Partial<Record<Role, number>>;

export const isComplete = (columns: Columns): boolean =>
  columns.date !== undefined &&
  (columns.amount !== undefined || columns.debit !== undefined || columns.credit !== undefined);

/** The columns that a line of headings names, if it is one. */
export const namedColumns = (headings: readonly string[]): Columns | undefined => {
  const columns: Columns = {};
  const taken = new Set<number>();
  for (const role of roles) {
    const ranked = headings
      .map((heading, at) => ({ at, rank: heading.length > 80 || taken.has(at) ? undefined : rankOf(role, heading) }))
      .flatMap(({ at, rank }) => (rank === undefined ? [] : [{ at, rank }]))
      .sort((one, other) => one.rank - other.rank);
    const [best] = ranked;
    if (!best) continue;
    columns[role] = best.at;
    taken.add(best.at);
  }
  return isComplete(columns) ? columns : undefined;
};

const filled = (rows: readonly (readonly string[])[], at: number): string[] =>
  rows.flatMap((row) => ((row[at] ?? "").trim() === "" ? [] : [row[at] ?? ""]));

/** Of the cells that are filled nearly all must be what the column is taken for. */
const nearlyAll = 0.9;

const mostly = (cells: readonly string[], is: (cell: string) => boolean): boolean =>
  cells.length > 0 && cells.filter(is).length >= cells.length * nearlyAll;

const isMoney = (cell: string): boolean => {
  const numeral = readNumeral(cell);
  return numeral !== undefined && (numeral.negative !== undefined || /[.,]\d{1,4}$/.test(numeral.digits));
};

/** Digits, with the sign where one is written: enough to compare sums within one column. */
const rough = (cell: string): number => {
  const numeral = readNumeral(cell);
  if (!numeral) return Number.NaN;
  const value = Number(numeral.digits.replace(/[.,]/g, ""));
  return numeral.negative ? -value : value;
};

/** Whether each balance follows from the one before it, or after it, by the amount. */
const isBalanceOf = (rows: readonly (readonly string[])[], balance: number, amount: number): boolean => {
  const steps = rows.length - 1;
  if (steps < 2) return false;
  const sums = rows.map((row) => rough(row[balance] ?? ""));
  const amounts = rows.map((row) => rough(row[amount] ?? ""));
  const follows = (at: number) => (sums[at + 1] ?? Number.NaN) - (sums[at] ?? Number.NaN);
  const count = (fits: (at: number) => boolean) => Array.from({ length: steps }, (_, at) => at).filter(fits).length;
  const downwards = count((at) => follows(at) === amounts[at + 1]);
  const upwards = count((at) => -follows(at) === amounts[at]);
  return Math.max(downwards, upwards) >= steps * nearlyAll;
};

const amountAmong = (rows: readonly (readonly string[])[], money: readonly number[]): Columns | undefined => {
  const [first, second, third] = money;
  if (first === undefined || third !== undefined) return undefined;
  if (second === undefined) return { amount: first };
  if (isBalanceOf(rows, second, first)) return { amount: first, balance: second };
  if (isBalanceOf(rows, first, second)) return { amount: second, balance: first };
  return undefined;
};

/**
 * The columns as their content tells them, where there is no line of headings. Undefined where that would be a guess:
 * money in two columns of which neither is the other's balance could be debit and credit, or the other way round.
 */
export const columnsByContent = (rows: readonly (readonly string[])[]): Columns | undefined => {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const all = Array.from({ length: width }, (_, at) => at);
  const dates = all.filter((at) => mostly(filled(rows, at), (cell) => readDate(cell) !== undefined));
  const [date] = dates;
  const rest = all.filter((at) => !dates.includes(at));
  const money = rest.filter((at) => mostly(filled(rows, at), isMoney));
  const numbers = rest.filter((at) => mostly(filled(rows, at), (cell) => readNumeral(cell) !== undefined));
  const amounts = amountAmong(rows, money.length > 0 ? money : numbers);
  if (date === undefined || amounts === undefined) return undefined;
  const words = rest.filter((at) => !numbers.includes(at) && !money.includes(at));
  const currency = words.find((at) => mostly(filled(rows, at), (cell) => isCurrency(cell.trim())));
  const direction = words.find((at) => mostly(filled(rows, at), (cell) => directionOf(cell) !== undefined));
  const length = (at: number) => filled(rows, at).reduce((sum, cell) => sum + cell.length, 0);
  const texts = words
    .filter((at) => at !== currency && at !== direction)
    .sort((one, other) => length(other) - length(one));
  const [description, memo] = texts;
  return {
    date,
    ...amounts,
    ...(currency !== undefined && { currency }),
    ...(direction !== undefined && { direction }),
    ...(description !== undefined && { description }),
    ...(memo !== undefined && { memo }),
  };
};

import { readNumeral } from "../amount";
import { bounds } from "../bounds";
import { readDate } from "../date";
import { refusal } from "../refuse";
import { type Columns, columnsByContent, namedColumns } from "./columns";
import { currencyOfHeading } from "./headers";
import { type CsvRecord, recordReader } from "./records";
import { settledColumns } from "./settled";

/** How a CSV file is laid out. */
export interface Layout {
  delimiter: string;
  /** Everything up to this line comes before the bookings. */
  headerLine: number;
  width: number;
  columns: Columns;
  /** Named in a heading. */
  currency?: string;
}

const delimiters = [",", ";", "\t", "|"];
const told = /^\uFEFF?sep=(.)\s*$/i;

interface Row {
  line: number;
  cells: string[];
}

const isDated = ({ cells }: Row, { date }: Columns): boolean =>
  date !== undefined && readDate(cells[date] ?? "") !== undefined;

const hasMoney = ({ cells }: Row, { amount, debit, credit }: Columns): boolean =>
  [amount, debit, credit].some((at) => at !== undefined && readNumeral(cells[at] ?? "") !== undefined);

const understood = (rows: readonly Row[], columns: Columns): Row[] =>
  rows.filter((row) => isDated(row, columns) && hasMoney(row, columns));

const withHeadings = (delimiter: string, rows: readonly Row[]): Layout | undefined => {
  for (const [at, { line, cells }] of rows.slice(0, bounds.preambleRecords).entries()) {
    const columns = namedColumns(cells);
    if (!columns) continue;
    const below = understood(rows.slice(at + 1), columns);
    const money = [columns.amount, columns.debit, columns.credit].flatMap((one) =>
      one === undefined ? [] : [cells[one] ?? ""],
    );
    const currency = money.map(currencyOfHeading).find((one) => one !== undefined);
    const layout = {
      delimiter,
      headerLine: line,
      width: cells.length,
      columns: settledColumns(columns, { headings: cells, rows: below }),
    };
    return currency === undefined ? layout : { ...layout, currency };
  }
  return undefined;
};

const widest = (rows: readonly Row[]): number => {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [most] = [...counts].sort(([width, count], [otherWidth, other]) => other - count || otherWidth - width);
  return most?.[0] ?? 0;
};

const looksLikeBooking = ({ cells }: Row): boolean =>
  cells.some((cell) => readDate(cell) !== undefined) &&
  cells.some((cell) => readNumeral(cell) !== undefined && readDate(cell) === undefined);

const byContent = (delimiter: string, rows: readonly Row[]): Layout | undefined => {
  const width = widest(rows.filter(looksLikeBooking));
  const fitting = rows.filter((row) => row.cells.length === width && looksLikeBooking(row));
  const columns = columnsByContent(fitting.map(({ cells }) => cells));
  const [first] = columns ? understood(fitting, columns) : [];
  return columns && first ? { delimiter, headerLine: first.line - 1, width, columns } : undefined;
};

const isRow = (record: CsvRecord): record is Row => "cells" in record;

/** The layout under which most of a file's beginning makes sense. */
export const layoutOf = (head: string, whole: boolean): Layout => {
  const said = told.exec(head.slice(0, 10).split(/[\r\n]/)[0] ?? "")?.[1];
  const tried = (said === undefined ? delimiters : [said]).flatMap((delimiter) => {
    const reader = recordReader(delimiter);
    const rows = [...reader.push(head), ...(whole ? reader.end() : [])].filter(isRow);
    const layout = withHeadings(delimiter, rows) ?? byContent(delimiter, rows);
    if (!layout) return [];
    const below = rows.filter(({ line }) => line > layout.headerLine);
    return [{ layout, bookings: understood(below, layout.columns).length, rows: below.length }];
  });
  const [best] = tried.sort((one, other) => other.bookings - one.bookings || other.layout.width - one.layout.width);
  if (best && (best.bookings > 0 || best.rows === 0)) return best.layout;
  throw refusal(
    "file",
    best
      ? "has no line with a date and an amount below its headings"
      : "has no columns that are certain to be the date and the amount: give it a line of headings such as Date,Description,Amount",
  );
};

import { bounds } from "../bounds";
import { readDate } from "../date";
import type { ReadLine } from "../entry";
import { joined, plain, shown } from "../text";
import { isNotBooked } from "./direction";
import type { CsvRecord } from "./records";
import { saysSum, sumOf, type Wrong } from "./sum";
import type { CsvSurvey } from "./survey";

/** What banks write where the bookings are summed up. */
const sums = new Set(
  "total totals sum summe gesamt saldo solde balance opening closing endsaldo anfangssaldo kontostand subtotal totale totaal suma".split(
    " ",
  ),
);

const isSum = (cells: readonly string[]): boolean => {
  const first = cells.find((cell) => cell.trim() !== "");
  return first !== undefined && sums.has(plain(first).split(" ")[0] ?? "");
};

const bad = (line: number, { field, reason }: Wrong): ReadLine => ({ bad: { line, field, reason } });

/** One record of a CSV file as a booking, as a remark, or as a line that could not be read. */
export const readRecord = (record: CsvRecord, { layout, dateOrder, decimalMark, currency }: CsvSurvey): ReadLine => {
  const { line } = record;
  if (line <= layout.headerLine) return "remark";
  if ("problem" in record) return bad(line, { field: "line", reason: record.problem });
  const { cells } = record;
  const { columns } = layout;
  const cell = (at: number | undefined): string => (at === undefined ? "" : (cells[at] ?? ""));
  const written = cell(columns.date).trim();
  const paid = saysSum(cells, columns);
  if (isNotBooked(cell(columns.state))) return "remark";
  // Sums, page numbers and disclaimers stand below the bookings, or between them.
  if (!/\d/.test(written) && (!paid || isSum(cells))) return "remark";
  if (cells.length > layout.width && cells.slice(layout.width).some((extra) => extra.trim() !== "")) {
    return bad(line, { field: "line", reason: `must have ${layout.width} columns, has ${cells.length}` });
  }
  if (written === "") return bad(line, { field: "date", reason: "is missing" });
  const date = readDate(written)?.days[dateOrder];
  if (date === undefined) return bad(line, { field: "date", reason: `must be a day that exists, as ${dateOrder}` });
  const sum = sumOf(cells, { columns, mark: decimalMark, currency });
  if ("reason" in sum) return bad(line, sum);
  const payee = shown(cell(columns.payee));
  const bankId = shown(cell(columns.bankId), bounds.bankIdCharacters);
  return {
    entry: {
      line,
      date,
      ...sum,
      description: joined([cell(columns.payee), cell(columns.description), cell(columns.memo)]),
      ...(payee && { payee }),
      ...(bankId && { bankId }),
    },
  };
};

import * as v from "valibot";
import { day } from "../events/fields";
import { Failure } from "../failure";
import { cellsOf, linesOf } from "./csv";
import { isAbsent, numberIn } from "./numeral";
import { nameOfRow, readRow, symbolText } from "./readRow";
import type { CalendarRow, Refused } from "./rows";

const needed = ["symbol", "reportDate", "fiscalDateEnding"];

interface Header {
  columns: ReadonlyMap<string, number>;
  width: number;
}

const headerOf = (line = ""): Header => {
  const names = cellsOf(line)?.map((name) => name.trim()) ?? [];
  return { columns: new Map(names.map((name, at) => [name, at])), width: names.length };
};

const lackingIn = ({ columns }: Header): string | undefined => needed.find((name) => !columns.has(name));

/** Columns may come, go and change places, save for those without which a row says nothing. */
export const isEarningsCalendar = (csv: string): boolean => lackingIn(headerOf(linesOf(csv)[0])) === undefined;

const word = v.pipe(v.string(), v.maxLength(100, "must have at most 100 characters"));

const rowSchema = v.object({
  symbol: symbolText,
  name: v.pipe(v.string(), v.maxLength(500, "must have at most 500 characters")),
  reportDate: day,
  fiscalDateEnding: day,
  estimate: v.exactOptional(v.number()),
  currency: v.exactOptional(word),
  timeOfDay: v.exactOptional(word),
});

const fieldsOf = (cells: readonly string[], { columns }: Header) => {
  const read = (column: string): string => cells[columns.get(column) ?? -1]?.trim() ?? "";
  const estimate = numberIn(read("estimate"));
  const currency = read("currency");
  const timeOfDay = read("timeOfTheDay");
  return {
    symbol: read("symbol"),
    name: read("name"),
    reportDate: read("reportDate"),
    fiscalDateEnding: read("fiscalDateEnding"),
    ...(estimate !== undefined && { estimate }),
    ...(!isAbsent(currency) && { currency }),
    ...(!isAbsent(timeOfDay) && { timeOfDay }),
  };
};

/** The rows of a calendar. One that does not fit its header, or names no real day, is left out with the reason. */
export const parseEarningsCalendar = (csv: string): { rows: CalendarRow[]; refused: Refused[] } => {
  const [first, ...lines] = linesOf(csv);
  const header = headerOf(first);
  const lacking = lackingIn(header);
  if (lacking) {
    throw new Failure("validation", `calendar.${lacking} is missing`, {
      origin: "provider",
      field: `calendar.${lacking}`,
    });
  }
  const rows: CalendarRow[] = [];
  const refused: Refused[] = [];
  for (const [index, line] of lines.entries()) {
    const place = `line ${index + 2}`;
    const cells = cellsOf(line);
    if (cells?.length !== header.width) {
      const reason = cells ? `row has ${cells.length} cells, not ${header.width}` : "row has quotes out of place";
      refused.push({ at: nameOfRow(cells?.[header.columns.get("symbol") ?? -1], place), reason });
      continue;
    }
    const fields = fieldsOf(cells, header);
    const row = readRow(rowSchema, fields, { kind: "row", at: nameOfRow(fields.symbol, place) }, refused);
    if (row) rows.push(row);
  }
  return { rows, refused };
};

import { noMarkEvidence, noteMark, readNumeral } from "../amount";
import { bounds } from "../bounds";
import { currencyOf } from "../currency";
import { readDate } from "../date";
import { decideOrder, noOrderEvidence, noteOrder } from "../dateOrder";
import { decideMark } from "../decimalMark";
import type { DateOrder, DecimalMark, Hints } from "../statement";
import { type Layout, layoutOf } from "./layout";
import { type RecordReader, recordReader } from "./records";

/** Everything about a CSV file that has to be known before its first line can be read. */
export interface CsvSurvey {
  layout: Layout;
  dateOrder: DateOrder;
  decimalMark: DecimalMark;
  currency: string | undefined;
}

export interface CsvSurveyor {
  push: (text: string) => void;
  end: () => CsvSurvey;
}

/** Looks at every date and every sum of a file: what is ambiguous on one line is often settled by another. */
export const surveyCsv = (hints: Hints): CsvSurveyor => {
  const orders = noOrderEvidence();
  const marks = noMarkEvidence();
  let head = "";
  let layout: Layout | undefined;
  let reader: RecordReader | undefined;

  const note = (records: ReturnType<RecordReader["push"]>, { columns, headerLine, currency }: Layout): void => {
    const { date, amount, debit, credit, balance } = columns;
    for (const record of records) {
      if (!("cells" in record) || record.line <= headerLine) continue;
      const { cells } = record;
      const day = date === undefined ? undefined : readDate(cells[date] ?? "");
      // What stands on a line without a date is a remark, and no witness.
      if (!day) continue;
      noteOrder(orders, day);
      const said =
        columns.currency === undefined ? undefined : currencyOf((cells[columns.currency] ?? "").trim().toUpperCase());
      for (const at of [amount, debit, credit, balance]) {
        const numeral = at === undefined ? undefined : readNumeral(cells[at] ?? "");
        if (numeral) noteMark(marks, numeral.digits, said ?? numeral.currency ?? hints.currency ?? currency);
      }
    }
  };

  const begin = (whole: boolean): { layout: Layout; reader: RecordReader } => {
    layout = layoutOf(head, whole);
    reader = recordReader(layout.delimiter);
    note(reader.push(head), layout);
    head = "";
    return { layout, reader };
  };

  return {
    push: (text) => {
      if (layout && reader) return note(reader.push(text), layout);
      head += text;
      if (head.length >= bounds.headCharacters) begin(false);
    },
    end: () => {
      const known = layout && reader ? { layout, reader } : begin(true);
      note(known.reader.end(), known.layout);
      return {
        layout: known.layout,
        dateOrder: decideOrder(orders, hints.dateOrder),
        decimalMark: decideMark(marks, hints.decimalMark),
        currency: hints.currency ?? known.layout.currency,
      };
    },
  };
};

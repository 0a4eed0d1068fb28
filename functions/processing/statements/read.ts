import { bounds } from "./bounds";
import { readRecord } from "./csv/entries";
import { recordReader } from "./csv/records";
import type { CsvSurvey } from "./csv/survey";
import { decoded } from "./encoding";
import type { ReadLine } from "./entry";
import { likeness } from "./identity";
import { occurrences } from "./occurrences";
import { ofxReader } from "./ofx/document";
import type { Portion, StatementSource } from "./statement";
import type { Survey } from "./survey";

interface LineReader {
  push: (text: string) => ReadLine[];
  end: () => ReadLine[];
}

const csvReader = (csv: CsvSurvey): LineReader => {
  const records = recordReader(csv.layout.delimiter);
  return {
    push: (text) => records.push(text).map((record) => readRecord(record, csv)),
    end: () => records.end().map((record) => readRecord(record, csv)),
  };
};

/** The bookings of a surveyed file, and its bad lines, in the order in which they stand; always the same from the same file. */
export async function* read(source: StatementSource, { csv, encoding, currency }: Survey): AsyncGenerator<Portion> {
  const reader = csv ? csvReader(csv) : ofxReader(currency);
  const seen = occurrences(bounds.entries);
  const portion = (lines: readonly ReadLine[]): Portion => {
    const some: Portion = { entries: [], badLines: [], remarks: 0 };
    for (const line of lines) {
      if (line === "remark") some.remarks++;
      else if ("bad" in line) some.badLines.push(line.bad);
      else some.entries.push({ ...line.entry, occurrence: seen.next(likeness(line.entry)) });
    }
    return some;
  };
  for await (const text of decoded(source, encoding)) yield portion(reader.push(text));
  yield portion(reader.end());
}

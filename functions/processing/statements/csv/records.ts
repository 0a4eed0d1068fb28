import { bounds } from "../bounds";
import { countLines, endOfLine } from "./lines";
import { quote, quotedRecord } from "./quoted";

/** A record of a CSV file, and the line on which it begins; or why there is none. */
export type CsvRecord = { line: number; cells: string[] } | { line: number; problem: string };

export interface RecordReader {
  /** The records that are complete with this piece of the text. */
  push: (text: string) => CsvRecord[];
  /** What is left once there is no more text. */
  end: () => CsvRecord[];
}

const tooLong = `must have at most ${bounds.recordCharacters} characters`;
const tooWide = `must have at most ${bounds.columns} columns`;

const record = (line: number, cells: string[]): CsvRecord =>
  cells.length > bounds.columns ? { line, problem: tooWide } : { line, cells };

/** Reads RFC 4180 and what passes for it, in pieces of any size. What it holds on to is bounded. */
export const recordReader = (delimiter: string): RecordReader => {
  let pending = "";
  let line = 1;
  /** Inside a line that is too long. */
  let skipping = false;

  const take = (text: string, last: boolean): CsvRecord[] => {
    const records: CsvRecord[] = [];
    let at = 0;
    let nextQuote = text.indexOf(quote);
    while (at < text.length) {
      const ending = endOfLine(text, at, last);
      const end = ending?.end ?? text.length;
      if (skipping && !ending) {
        at = text.endsWith("\r") ? text.length - 1 : text.length;
        break;
      }
      if (!skipping && end - at > bounds.recordCharacters) {
        records.push({ line, problem: tooLong });
        skipping = true;
        continue;
      }
      if (nextQuote >= 0 && nextQuote < at) nextQuote = text.indexOf(quote, at);
      if (!skipping && nextQuote >= 0 && nextQuote < end) {
        const read = quotedRecord({ text, delimiter, from: at, last });
        if (read === "unfinished") break;
        if (read !== "unclosed") {
          records.push(record(line, read.cells));
          line += countLines(text.slice(at, read.next));
          at = read.next;
          continue;
        }
        // The quote was an inch sign, or was forgotten: its line is taken as it stands.
      }
      if (!ending) break;
      const content = text.slice(at, ending.end);
      if (!skipping && content.trim() !== "") records.push(record(line, content.split(delimiter)));
      skipping = false;
      line++;
      at = ending.next;
    }
    pending = text.slice(at);
    return records;
  };

  return {
    push: (text) => take(pending + text, false),
    end: () => take(pending, true),
  };
};

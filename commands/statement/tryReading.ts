import { read } from "../../functions/processing/statements/read";
import type { BadLine, Entry, Hints, StatementSource } from "../../functions/processing/statements/statement";
import { type Survey, survey } from "../../functions/processing/statements/survey";

/** What a file would bring. */
export interface Reading {
  survey: Survey;
  entryCount: number;
  /** The first of them. */
  entries: Entry[];
  badLineCount: number;
  badLines: BadLine[];
  remarks: number;
}

/** Reads a statement to its end, and keeps the first of what is in it. */
export const tryReading = async (
  source: StatementSource,
  hints: Hints,
  most: number,
  mostBad: number,
): Promise<Reading> => {
  const found = await survey(source, hints);
  const reading: Reading = { survey: found, entryCount: 0, entries: [], badLineCount: 0, badLines: [], remarks: 0 };
  for await (const { entries, badLines, remarks } of read(source, found)) {
    reading.entryCount += entries.length;
    reading.badLineCount += badLines.length;
    reading.remarks += remarks;
    reading.entries.push(...entries.slice(0, Math.max(0, most - reading.entries.length)));
    reading.badLines.push(...badLines.slice(0, Math.max(0, mostBad - reading.badLines.length)));
  }
  return reading;
};

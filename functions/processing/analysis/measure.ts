import type { Books, Period, Shelf } from "./books";
import { type Reading, startReading } from "./reading";
import { rounded } from "./scale";
import type { Input } from "./schema";

export interface MeasureDefinition {
  name: string;
  shelf: Shelf;
  value: (read: Reading, period: Period) => number;
  /** From the value to how good that is, 0 to 1. */
  score: (value: number) => number;
  /** The value in words. */
  show: (value: number) => string;
  /** Less than 1 for a substitute of what should have been measured. */
  certainty?: number;
}

export interface Found {
  name: string;
  fiscal_date: string;
  value: number;
  shown: string;
  score: number;
  /** How far it can be relied on, by its age. */
  certainty: number;
  inputs: Input[];
}

export interface Measured {
  found?: Found;
  /** What is missing for the newest period, whether or not an older one could take its place. */
  missing: readonly string[];
}

/** Computes a measure for the newest period that has all it needs. What is older counts for less, and says of when it is. */
export const measure = (books: Books, definition: MeasureDefinition): Measured => {
  const { name, shelf, value, score, show, certainty = 1 } = definition;
  let missing: readonly string[] | undefined;
  for (const period of shelf.periods) {
    if (period.freshness <= 0) break;
    const read = startReading(books);
    const result = value(read, period);
    if (read.missing.length === 0 && !Number.isFinite(result)) read.missing.push(`a finite ${name} (${period.date})`);
    if (read.missing.length > 0) {
      missing ??= read.missing;
      continue;
    }
    const alongside = shelf === books.latest ? 1 : read.overviewFreshness();
    const sure = certainty * period.freshness * alongside;
    if (sure <= 0) {
      missing ??= [books.latest.lacking];
      continue;
    }
    const found: Found = {
      name,
      fiscal_date: period.date,
      value: rounded(result),
      shown: show(result),
      score: rounded(score(result)),
      certainty: sure,
      inputs: read.inputs,
    };
    return { found, missing: missing ?? [] };
  }
  return { missing: missing ?? [shelf.lacking] };
};

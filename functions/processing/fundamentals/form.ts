import * as v from "valibot";
import type { Period } from "./report";

/** What a field of a report holds: a number, words, a word that becomes a key of an index, or a day. */
export type Kind = "figure" | "text" | "key" | "day";

/** A report as it stands in an answer. */
export interface Listed {
  /** Where: `annualReports.0`, or nothing where the answer is the report. */
  at: string;
  period: Period;
  raw: unknown;
}

/** How AlphaVantage writes what it knows of one type. */
export interface Form {
  /** A whole answer; out come the company it is about, and its reports as they are. */
  answer: v.GenericSchema<unknown, { symbol: string; listed: Listed[] }>;
  /** The field that says when a report's period ended. */
  fiscalDate: string;
  /** What a field is called here. */
  nameOf: (field: string) => string;
  /** Our names of fields that must be of their kind where they are there. */
  kinds: ReadonlyMap<string, Kind>;
}

const figure = v.exactOptional(v.pipe(v.number(), v.finite()));

/** The figures that a report of one type may have. Others are kept too, under the names that the provider gives them. */
export const figuresNamed = <const Names extends readonly string[]>(names: Names) =>
  v.object(v.entriesFromList(names, figure));

interface Known {
  figures: { entries: Readonly<Record<string, unknown>> };
  texts: readonly string[];
  keys?: readonly string[];
  days?: readonly string[];
}

export const kindsOf = ({ figures, texts, keys = [], days = [] }: Known): ReadonlyMap<string, Kind> =>
  new Map<string, Kind>([
    ...Object.keys(figures.entries).map((name) => [name, "figure"] as const),
    ...texts.map((name) => [name, "text"] as const),
    ...keys.map((name) => [name, "key"] as const),
    ...days.map((name) => [name, "day"] as const),
  ]);

const mostReports = 1_000;
/** Either list of an answer may be empty, or lacking: that of a young company, for one. */
export const reportList = v.nullish(
  v.pipe(v.array(v.unknown()), v.maxLength(mostReports, `must have at most ${mostReports} reports`)),
  () => [],
);

export const listedIn = (field: string, period: Period, reports: readonly unknown[]): Listed[] =>
  reports.map((raw, at) => ({ at: `${field}.${at}`, period, raw }));

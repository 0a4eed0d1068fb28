import type { Segment } from "../index/segment";
import type { Mapping } from "../mapping/mapping";

/** An index as a search sees it. */
export interface View {
  name: string;
  uuid: string;
  mapping: Mapping;
  segment: Segment;
}

/** A word that is looked for in a field: what a highlighter marks. */
export type Word = readonly [field: string, term: string];

export interface Query {
  /** By ordinal: below 0 is no match. Documents that are gone may have a score too. */
  score: (view: View) => Float64Array;
  /** How many Lucene counts where it has made the query for this index. */
  clauses: (view: View) => number;
  words: (view: View) => readonly Word[];
}

export type ParseQuery = (source: unknown) => Query;

/** Makes one kind of query of what stands under its name. */
export type QueryKind = (source: unknown, parse: ParseQuery) => Query;

export const nothing = ({ segment }: View): Float64Array => new Float64Array(segment.size).fill(-1);

export const noWords = (): readonly Word[] => [];

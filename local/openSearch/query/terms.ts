import { illegalArgument } from "../errors";
import { bm25, keptLength } from "../index/bm25";
import type { Field, NumberField, Span } from "../mapping/field";
import { nothing, type View } from "./query";

/** Throws where a field cannot be searched. Undefined: there is none, so that nothing matches. */
export const searchable = ({ mapping }: View, path: string): Field | undefined => {
  const field = mapping.fields.get(path);
  if (field && !field.indexed) {
    throw illegalArgument(`Cannot search on field [${path}] since it is not indexed.`);
  }
  return field;
};

/** Adds what a term scores to where it matches; `scores` below 0 become it. */
export const scoreTerm = (view: View, field: Field, term: string, boost: number): Float64Array => {
  const scores = nothing(view);
  const postings = view.segment.postings(field.path);
  const posting = postings?.terms.get(term);
  if (!postings || !posting) return scores;
  const weigh = bm25(postings, posting.documents, boost);
  const { ordinals, frequencies } = posting;
  for (let at = 0; at < ordinals.length; at++) {
    const ordinal = ordinals[at] as number;
    // What is found by exact terms is kept without lengths.
    const length = field.kind === "text" ? keptLength(postings.lengths[ordinal] as number) : 1;
    scores[ordinal] = weigh(frequencies[at] as number, length);
  }
  return scores;
};

/** The same score for all documents with any of these terms. */
export const markTerms = (view: View, path: string, terms: Iterable<string>, score: number): Float64Array => {
  const scores = nothing(view);
  const postings = view.segment.postings(path);
  for (const term of terms) {
    for (const ordinal of postings?.terms.get(term)?.ordinals ?? []) scores[ordinal] = score;
  }
  return scores;
};

/** The same score for all documents with a number that passes. */
export const markNumbers = (
  view: View,
  { path }: NumberField,
  passes: (value: number) => boolean,
  score: number,
): Float64Array => {
  const scores = nothing(view);
  const { documents } = view.segment;
  for (let ordinal = 0; ordinal < documents.length; ordinal++) {
    const values = documents[ordinal]?.content.values.get(path) as readonly number[] | undefined;
    if (values?.some(passes)) scores[ordinal] = score;
  }
  return scores;
};

export const within =
  ({ from, to }: Span) =>
  (value: number): boolean =>
    value >= from && value <= to;

/** As a value of this field is looked up by itself: exactly. */
export const scoreValue = (view: View, path: string, value: unknown, boost: number): Float64Array => {
  const field = searchable(view, path);
  if (!field) return nothing(view);
  if (field.kind === "number") return markNumbers(view, field, within(field.span(value, undefined)), boost);
  if (field.kind === "vector") throw illegalArgument(`KNN vector [${path}] does not support exact searching`);
  return scoreTerm(view, field, field.kind === "term" ? field.term(value) : String(value), boost);
};

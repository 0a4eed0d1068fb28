import type { Json } from "../json";
import type { Field } from "../mapping/field";
import type { Mapping, Values } from "../mapping/mapping";

/** A field's terms with how often each stands in it, and how many they are in all. */
export interface Terms {
  counts: ReadonlyMap<string, number>;
  length: number;
}

/** A document as a search sees it. */
export interface Content {
  values: Values;
  terms: ReadonlyMap<string, Terms>;
}

export interface Document {
  id: string;
  source: Json;
  version: number;
  seqNo: number;
  content: Content;
}

const termsOf = (field: Field, values: readonly unknown[]): Terms | undefined => {
  if (!field.indexed || (field.kind !== "text" && field.kind !== "term")) return undefined;
  const counts = new Map<string, number>();
  if (field.kind === "term") {
    for (const value of values) counts.set(value as string, 1);
    return { counts, length: counts.size };
  }
  let length = 0;
  for (const value of values) {
    for (const { term } of field.analyzer(value as string)) {
      counts.set(term, (counts.get(term) ?? 0) + 1);
      length++;
    }
  }
  return { counts, length };
};

/** Reads a document by its index's mapping; throws where it does not fit. */
export const contentOf = (source: Json, id: string, mapping: Mapping): Content => {
  const values = mapping.read(source, id);
  const terms = new Map<string, Terms>();
  for (const [path, given] of values) {
    const field = mapping.fields.get(path);
    const found = field && termsOf(field, given);
    if (found) terms.set(path, found);
  }
  return { values, terms };
};

import { illegalArgument, notHere } from "../errors";
import type { Json } from "../json";
import { isObject } from "../json";
import type { NumberField, Span } from "../mapping/field";
import { valuesClauses } from "./clauses";
import { nothing, noWords, type QueryKind } from "./query";
import { asObject, boostOf, malformed } from "./source";
import { markNumbers, markTerms, searchable } from "./terms";

const bounds = ["gt", "gte", "lt", "lte"];

/** `gt` leaves out all that a value stands for, as a whole day, and `lte` takes it in. */
const passing = (field: NumberField, said: Json): ((value: number) => boolean) => {
  const format = said["format"] === undefined ? undefined : String(said["format"]);
  const [gt, gte, lt, lte] = bounds.map((name): Span | undefined => {
    const value = said[name] ?? undefined;
    if (typeof value === "string" && /^now|\|\|/.test(value)) throw notHere(`date math [${value}]`);
    return value === undefined ? undefined : field.span(value, format);
  });
  return (value) =>
    (!gt || value > gt.to) && (!gte || value >= gte.from) && (!lt || value < lt.from) && (!lte || value <= lte.to);
};

const termsWithin = (terms: Iterable<string>, said: Json, normal: (value: unknown) => string): string[] => {
  const [gt, gte, lt, lte] = bounds.map((name) => (said[name] == null ? undefined : normal(said[name])));
  return [...terms].filter(
    (term) =>
      (gt === undefined || term > gt) &&
      (gte === undefined || term >= gte) &&
      (lt === undefined || term < lt) &&
      (lte === undefined || term <= lte),
  );
};

export const range: QueryKind = (source) => {
  const entries = Object.entries(asObject(source, "range"));
  const [path = "", said] = entries[0] ?? [];
  if (entries.length !== 1 || !isObject(said)) throw malformed("[range] query requires one field with its bounds");
  const stranger = Object.keys(said).find((name) => ![...bounds, "boost", "format"].includes(name));
  if (stranger) throw notHere(`[${stranger}] in the [range] query`);
  const boost = boostOf(said);
  return {
    score: (view) => {
      const field = searchable(view, path);
      if (!field) return nothing(view);
      if (field.kind === "number") return markNumbers(view, field, passing(field, said), boost);
      if (field.kind !== "term") {
        throw illegalArgument(`Field [${path}] of type [${field.type}] does not support range queries`);
      }
      const { terms = new Map() } = view.segment.postings(path) ?? {};
      return markTerms(view, path, termsWithin(terms.keys(), said, field.term), boost);
    },
    clauses: ({ mapping }) => valuesClauses(mapping.fields.get(path)),
    words: noWords,
  };
};

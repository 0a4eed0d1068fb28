import { illegalArgument, knownOnly, notHere } from "../errors";
import { valueClauses, valuesClauses } from "./clauses";
import { nothing, noWords, type QueryKind, type View, type Word } from "./query";
import { asObject, boostOf, malformed, oneField } from "./source";
import { markNumbers, markTerms, scoreValue, searchable, within } from "./terms";

const exactWord = ({ mapping }: View, path: string, value: unknown): Word[] => {
  const field = mapping.fields.get(path);
  if (field?.kind === "term") return [[path, field.term(value)]];
  return field?.kind === "text" ? [[path, String(value)]] : [];
};

export const term: QueryKind = (source) => {
  const { field, options } = oneField(source, "term", "value", ["value", "boost"]);
  const { value } = options;
  if (Array.isArray(value)) throw malformed("[term] query does not support array of values");
  const boost = boostOf(options);
  return {
    score: (view) => scoreValue(view, field, value, boost),
    clauses: ({ mapping }) => valueClauses(mapping.fields.get(field)),
    words: (view) => exactWord(view, field, value),
  };
};

export const terms: QueryKind = (source) => {
  const { boost: _, ...fields } = asObject(source, "terms");
  const boost = boostOf(asObject(source, "terms"));
  const entries = Object.entries(fields);
  const [path = "", values] = entries[0] ?? [];
  if (entries.length !== 1) throw malformed("[terms] query requires a field name, and only one");
  if (!Array.isArray(values)) throw notHere(`a [terms] query of [${path}] by anything but a list`);
  return {
    score: (view) => {
      const field = searchable(view, path);
      if (!field) return nothing(view);
      if (field.kind === "vector") throw illegalArgument(`KNN vector [${path}] does not support exact searching`);
      if (field.kind !== "number") {
        const wanted = values.map((value) => (field.kind === "term" ? field.term(value) : String(value)));
        return markTerms(view, path, wanted, boost);
      }
      const spans = values.map((value) => within(field.span(value, undefined)));
      return markNumbers(view, field, (value) => spans.some((passes) => passes(value)), boost);
    },
    clauses: ({ mapping }) => valuesClauses(mapping.fields.get(path)),
    words: (view) => values.flatMap((value) => exactWord(view, path, value)),
  };
};

export const prefix: QueryKind = (source) => {
  const { field: path, options } = oneField(source, "prefix", "value", ["value", "boost"]);
  const beginning = String(options["value"]);
  const boost = boostOf(options);
  const expanded = (view: View): string[] => {
    const field = searchable(view, path);
    if (!field) return [];
    if (field.kind !== "term" && field.kind !== "text") {
      throw illegalArgument(
        `Can only use prefix queries on keyword, text and wildcard fields - not on [${path}] which is of type [${field.type}]`,
      );
    }
    const wanted = field.kind === "term" ? field.term(beginning) : beginning;
    return [...(view.segment.postings(path)?.terms.keys() ?? [])].filter((one) => one.startsWith(wanted));
  };
  return {
    score: (view) => markTerms(view, path, expanded(view), boost),
    clauses: ({ mapping }) => valuesClauses(mapping.fields.get(path)),
    words: (view) => expanded(view).map((one) => [path, one]),
  };
};

export const ids: QueryKind = (source) => {
  const options = asObject(source, "ids");
  knownOnly(options, ["values", "boost"], "the [ids] query");
  const { values } = options;
  if (!Array.isArray(values)) throw malformed("[ids] requires providing a `values` array of document ids");
  const boost = boostOf(options);
  return {
    score: (view) => {
      const scores = nothing(view);
      for (const id of values) {
        const ordinal = view.segment.ordinalOf(String(id));
        if (ordinal !== undefined) scores[ordinal] = boost;
      }
      return scores;
    },
    clauses: () => 1,
    words: noWords,
  };
};

export const exists: QueryKind = (source) => {
  const options = asObject(source, "exists");
  knownOnly(options, ["field", "boost"], "the [exists] query");
  const path = String(options["field"] ?? "");
  if (path === "") throw malformed("[exists] must be provided with a [field]");
  const boost = boostOf(options);
  // An object is there where one of its fields is.
  const pathsIn = ({ mapping }: View): string[] =>
    [...mapping.fields.keys()].filter((one) => one === path || one.startsWith(`${path}.`));
  return {
    score: (view) => {
      const paths = pathsIn(view);
      return Float64Array.from(view.segment.documents, (document) =>
        paths.some((one) => document?.content.values.has(one)) ? boost : -1,
      );
    },
    clauses: (view) => pathsIn(view).length,
    words: noWords,
  };
};

export const matchAll: QueryKind = (source) => {
  const options = asObject(source, "match_all");
  knownOnly(options, ["boost"], "the [match_all] query");
  const boost = boostOf(options);
  return {
    score: ({ segment }) => new Float64Array(segment.size).fill(boost),
    clauses: () => 1,
    words: noWords,
  };
};

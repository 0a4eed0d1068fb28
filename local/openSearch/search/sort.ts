import { illegalArgument, knownOnly, notHere, refuse } from "../errors";
import { asFloat } from "../index/bm25";
import { asList, isObject, type Json } from "../json";
import type { Field } from "../mapping/field";
import type { View } from "../query/query";
import { type Hit, inOrder, type SortKey } from "./hit";

export interface Sort {
  /** The key of what is found, before it is known to be among the best. */
  keyOf: (hit: Omit<Hit, "keys">) => SortKey;
  /** A key in the answer, and back from one that a caller has from an earlier answer. */
  show: (key: SortKey, view: View) => unknown;
  read: (shown: unknown, view: View | undefined) => SortKey;
  compare: (a: SortKey, b: SortKey) => number;
  byScore: boolean;
}

const beyondLong = 2 ** 63;

const ascending = (a: SortKey, b: SortKey): number => {
  if (a === b) return 0;
  return (a as string) < (b as string) ? -1 : 1;
};

const comparing =
  (sign: 1 | -1, missingLast: boolean): Sort["compare"] =>
  (a, b) => {
    if (a === undefined || b === undefined) {
      if (a === b) return 0;
      return (a === undefined) === missingLast ? 1 : -1;
    }
    return sign * ascending(a, b);
  };

const sortable = (view: View, path: string, unmapped: unknown): Field | undefined => {
  const field = view.mapping.fields.get(path);
  if (!field && unmapped === undefined) {
    throw refuse({
      type: "query_shard_exception",
      reason: `No mapping found for [${path}] in order to sort on`,
      index: view.name,
      index_uuid: view.uuid,
    });
  }
  if (field?.kind === "text") {
    throw illegalArgument(
      `Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead. Alternatively, set fielddata=true on [${path}] in order to load field data by uninverting the inverted index. Note that this can use significant memory.`,
    );
  }
  if (field && !field.columnar) {
    throw illegalArgument(
      `Can't load fielddata on [${path}] because fielddata is unsupported on fields of type [${field.type}]. Use doc values instead.`,
    );
  }
  return field;
};

/** Of several values the least counts upwards, and the greatest downwards. */
const extreme = (values: readonly SortKey[], sign: 1 | -1): SortKey =>
  values.reduce((best, value) => (sign * ascending(value, best) < 0 ? value : best));

const byField = (path: string, options: Json): Sort => {
  knownOnly(options, ["order", "missing", "unmapped_type"], `the sort by [${path}]`);
  const sign = options["order"] === "desc" ? -1 : 1;
  const missing = options["missing"] ?? "_last";
  if (missing !== "_last" && missing !== "_first") throw notHere(`[missing] of [${missing}] in the sort by [${path}]`);
  const isFloat = (field: Field | undefined) => field?.type === "double" || field?.type === "float";
  const asKey = (field: Field | undefined, value: SortKey): SortKey =>
    field?.kind === "term" && field.type === "boolean" ? field.show(value as string).key : value;
  return {
    byScore: false,
    compare: comparing(sign, missing === "_last"),
    keyOf: ({ view, document }) => {
      const field = sortable(view, path, options["unmapped_type"]);
      const values = document.content.values.get(path) as readonly SortKey[] | undefined;
      return values && values.length > 0 ? asKey(field, extreme(values, sign)) : undefined;
    },
    show: (key, view) => {
      if (key !== undefined) return key;
      const field = view.mapping.fields.get(path);
      const end = (sign === 1) === (missing === "_last") ? 1 : -1;
      if (field?.kind !== "number") return null;
      return isFloat(field) ? (end > 0 ? "Infinity" : "-Infinity") : end * beyondLong;
    },
    read: (shown, view) => {
      const field = view?.mapping.fields.get(path);
      if (shown === null || shown === undefined) return undefined;
      if (field?.kind !== "number") return typeof shown === "number" ? shown : String(shown);
      if (Math.abs(Number(shown)) >= beyondLong) return undefined;
      return field.span(shown, undefined).from;
    },
  };
};

const byScore = (order: unknown): Sort => ({
  byScore: true,
  compare: comparing(order === "asc" ? 1 : -1, true),
  keyOf: ({ score }) => asFloat(score),
  show: (key) => key,
  read: Number,
});

const byPlace = (name: "_doc" | "_id", order: unknown): Sort => ({
  byScore: false,
  compare: comparing(order === "desc" ? -1 : 1, true),
  keyOf: ({ ordinal, document }) => (name === "_doc" ? ordinal : document.id),
  show: (key) => key,
  read: (shown) => (name === "_doc" ? Number(shown) : String(shown)),
});

const sortOf = (source: unknown): Sort => {
  const [entry, ...others] = Object.entries(isObject(source) ? source : { [String(source)]: {} });
  if (!entry || others.length > 0) throw illegalArgument("each sort must name one field");
  const [path, said] = entry;
  const options: Json = isObject(said) ? said : { order: said };
  const { order } = options;
  if (order !== undefined && order !== "asc" && order !== "desc") {
    throw illegalArgument(`Unknown SortOrder [${order}]`);
  }
  if (path === "_score") return byScore(order);
  return path === "_doc" || path === "_id" ? byPlace(path, order) : byField(path, options);
};

export const sortsOf = (source: unknown): Sort[] => (source === undefined ? [] : asList(source).map(sortOf));

/** The order of hits: by their keys, or by score where there are none. */
export const comparison =
  (sorts: readonly Sort[]) =>
  (a: Hit, b: Hit): number => {
    if (sorts.length === 0) return b.score - a.score || inOrder(a, b);
    for (const [at, { compare }] of sorts.entries()) {
      const difference = compare(a.keys[at], b.keys[at]);
      if (difference !== 0) return difference;
    }
    return inOrder(a, b);
  };

/** Whether a hit comes after those that were shown before. */
export const afterTest = (
  sorts: readonly Sort[],
  shown: unknown,
  from: number,
  view: View | undefined,
): ((keys: readonly SortKey[]) => boolean) => {
  if (shown === undefined) return () => true;
  if (!Array.isArray(shown) || sorts.length === 0) {
    throw illegalArgument("Sort must contain at least one field when search_after is used.");
  }
  if (from > 0) throw illegalArgument("`from` parameter must be set to 0 when `search_after` is used.");
  if (shown.length !== sorts.length) {
    throw illegalArgument(`search_after has ${shown.length} value(s) but sort has ${sorts.length}.`);
  }
  const last = sorts.map(({ read }, at) => read(shown[at], view));
  return (keys) => {
    for (const [at, { compare }] of sorts.entries()) {
      const difference = compare(keys[at], last[at]);
      if (difference !== 0) return difference > 0;
    }
    return false;
  };
};

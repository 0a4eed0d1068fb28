import { illegalArgument, knownOnly, notHere } from "../errors";
import { isObject, type Json } from "../json";
import type { Hit } from "./hit";

/** Counts hits by the values of a field. */
export interface Counting {
  name: string;
  count: (hit: Omit<Hit, "keys">) => void;
  answer: () => object;
}

interface Bucket {
  key: string | number;
  key_as_string?: string;
  doc_count: number;
}

type Order = (a: Bucket, b: Bucket) => number;

const byKey = (a: Bucket, b: Bucket): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const orderOf = (given: unknown): Order => {
  const [[by, direction] = ["_count", "desc"]] = Object.entries((given ?? {}) as Json);
  const sign = direction === "asc" ? 1 : -1;
  if (by === "_key") return (a, b) => sign * byKey(a, b);
  if (by !== "_count") throw notHere(`the order by [${by}] of a [terms] aggregation`);
  return (a, b) => sign * (a.doc_count - b.doc_count) || byKey(a, b);
};

const counting = (name: string, source: unknown): Counting => {
  const [[kind, said] = [], ...others] = isObject(source) ? Object.entries(source) : [];
  if (kind !== "terms" || others.length > 0 || !isObject(said)) {
    throw notHere(`the aggregation [${name}]: there is [terms], without aggregations below it`);
  }
  knownOnly(said, ["field", "size", "order"], `the [terms] aggregation [${name}]`);
  const path = String(said["field"]);
  const size = Number(said["size"] ?? 10);
  const order = orderOf(said["order"]);
  const buckets = new Map<string | number, Bucket>();
  return {
    name,
    count: ({ view, document }) => {
      const field = view.mapping.fields.get(path);
      if (!field) return;
      if (!field.columnar) {
        throw illegalArgument(
          `Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead of [${path}].`,
        );
      }
      if (field.type === "date") throw notHere(`the [terms] aggregation [${name}] of the date [${path}]`);
      for (const value of new Set(document.content.values.get(path) as readonly (string | number)[] | undefined)) {
        const { key, text } = field.kind === "term" ? field.show(String(value)) : { key: value as number };
        const bucket = buckets.get(key);
        if (bucket) bucket.doc_count++;
        else buckets.set(key, { key, ...(text !== undefined && { key_as_string: text }), doc_count: 1 });
      }
    },
    answer: () => {
      const sorted = [...buckets.values()].sort(order);
      const others = sorted.slice(size).reduce((sum, { doc_count }) => sum + doc_count, 0);
      return { doc_count_error_upper_bound: 0, sum_other_doc_count: others, buckets: sorted.slice(0, size) };
    },
  };
};

export const countings = (source: unknown): Counting[] => {
  if (source === undefined) return [];
  if (!isObject(source)) throw notHere("aggregations that are no object");
  return Object.entries(source).map(([name, one]) => counting(name, one));
};

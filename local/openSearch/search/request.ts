import { illegalArgument, knownOnly } from "../errors";
import type { Json } from "../json";
import { parseQuery } from "../query/parse";
import type { Query } from "../query/query";
import { type Counting, countings } from "./buckets";
import { highlighter } from "./highlight";
import { type Sort, sortsOf } from "./sort";
import { type SourceFilter, sourceParameter } from "./source";

export interface SearchRequest {
  query: Query;
  from: number;
  size: number;
  sorts: readonly Sort[];
  searchAfter: unknown;
  trackScores: boolean;
  minScore: number;
  /** Up to how many hits are counted exactly; 0: not at all. */
  counted: number;
  source: SourceFilter;
  highlight: ReturnType<typeof highlighter> | undefined;
  countings: readonly Counting[];
  showVersion: boolean;
  showSeqNo: boolean;
}

const parts = [
  "query",
  "from",
  "size",
  "sort",
  "search_after",
  "track_scores",
  "track_total_hits",
  "min_score",
  "_source",
  "highlight",
  "aggs",
  "aggregations",
  "version",
  "seq_no_primary_term",
];

const naturalNumber = (name: string, value: unknown): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0)
    throw illegalArgument(`[${name}] parameter cannot be negative, found [${value}]`);
  return number;
};

const countedBy = (value: unknown): number => {
  if (value === undefined) return 10_000;
  if (value === true || value === "true") return Number.POSITIVE_INFINITY;
  return value === false || value === "false" ? 0 : naturalNumber("track_total_hits", value);
};

/** Reads the body of a search, with parameters over it. */
export const readSearch = (body: Json, parameters: URLSearchParams): SearchRequest => {
  knownOnly(body, parts, "the body of a search");
  const get = (name: string): unknown => parameters.get(name) ?? body[name];
  return {
    query: parseQuery(body["query"] ?? { match_all: {} }),
    from: naturalNumber("from", get("from") ?? 0),
    size: naturalNumber("size", get("size") ?? 10),
    sorts: sortsOf(body["sort"]),
    searchAfter: body["search_after"],
    trackScores: body["track_scores"] === true,
    minScore: Number(body["min_score"] ?? 0),
    counted: countedBy(get("track_total_hits")),
    source: sourceParameter(parameters, body["_source"]),
    highlight: body["highlight"] === undefined ? undefined : highlighter(body["highlight"]),
    countings: countings(body["aggs"] ?? body["aggregations"]),
    showVersion: body["version"] === true,
    showSeqNo: body["seq_no_primary_term"] === true,
  };
};

import { createHash } from "node:crypto";

/** Length of every vector, whichever embedder made it. */
export const vectorLength = 512;

const keyword = { type: "keyword" } as const;
const date = { type: "date" } as const;
const float = { type: "float" } as const;
const long = { type: "long" } as const;
/** A name, found by its very words. */
const name = { type: "text", analyzer: "standard" } as const;
/** Sentences, found by the stems of their words. */
const prose = { type: "text", analyzer: "english" } as const;
/** Filtered by as a whole, however it is written; found by its words. */
const label = { type: "keyword", normalizer: "lowercase", fields: { text: prose } } as const;
const ticker = { type: "keyword", fields: { text: name } } as const;

const vector = {
  type: "knn_vector",
  dimension: vectorLength,
  method: {
    name: "hnsw",
    engine: "lucene",
    space_type: "cosinesimil",
    parameters: { m: 16, ef_construction: 128 },
  },
} as const;

/** What every document has, so that one query can search all indices. */
const shared = {
  /** The index it is in, without its version. */
  kind: keyword,
  /** Grows with what the document is made of: an older document never replaces a newer one. */
  revision: long,
  embedding: vector,
  /** Vectors of different embedders cannot be compared. Without a vector: it refused the text. */
  embedder: keyword,
} as const;

/**
 * Every index. Documents may have these fields and no other. Whoever changes one raises its version: the next deployment
 * makes the new index, fills it from the old, and moves the alias.
 */
export const indices = {
  assets: {
    version: 1,
    properties: {
      ...shared,
      asset_id: keyword,
      symbol: ticker,
      company_name: { type: "text", analyzer: "standard", fields: { keyword } },
      exchange: keyword,
      sector: label,
      industry: label,
      description: prose,
      market_cap: long,
      status: keyword,
      investment_rating: keyword,
      last_updated: date,
    },
  },
  news: {
    version: 1,
    properties: {
      ...shared,
      news_id: keyword,
      asset_symbol: ticker,
      title: prose,
      content: prose,
      url: keyword,
      source: keyword,
      topics: label,
      sentiment_score: float,
      time_published: date,
    },
  },
  analysis: {
    version: 1,
    properties: {
      ...shared,
      analysis_id: keyword,
      asset_id: keyword,
      symbol: ticker,
      company_name: { type: "text", analyzer: "standard", fields: { keyword } },
      sector: label,
      investment_rating: label,
      confidence: float,
      confidence_interval: { properties: { low: float, high: float } },
      rating_components: {
        properties: { component: keyword, verdict: keyword, value: float, score: float, reason: prose },
      },
      reason: prose,
      analysis_type: keyword,
      analysis_date: date,
    },
  },
} as const;

export type IndexName = keyof typeof indices;
export const indexNames = Object.keys(indices) as IndexName[];

/** All indices under one name, for queries. */
export const everything = "documents";

type ValueOf<Field> = Field extends { properties: infer Fields }
  ? { [Name in keyof Fields]?: ValueOf<Fields[Name]> | undefined }
  : Field extends { type: "long" | "float" }
    ? number
    : Field extends { type: "knn_vector" }
      ? number[]
      : string;

/** A document of an index: what its mapping allows. */
export type DocumentOf<Name extends IndexName> = {
  [Field in keyof (typeof indices)[Name]["properties"]]?:
    | ValueOf<(typeof indices)[Name]["properties"][Field]>
    | ValueOf<(typeof indices)[Name]["properties"][Field]>[]
    | undefined;
};

/** Of every version of every index: what roles are admitted to. */
export const indexPatterns: readonly string[] = indexNames.map((index) => `${index}-v*`);

/** What OpenSearch is told to make. Its `_meta` tells a later deployment whether the same was meant. */
export const definitionOf = (index: IndexName) => {
  const settings = { index: { knn: true, number_of_shards: 1, number_of_replicas: 1 } };
  const mappings = { dynamic: "strict", properties: indices[index].properties };
  const definition = createHash("sha256").update(JSON.stringify({ settings, mappings })).digest("hex").slice(0, 16);
  return { settings, mappings: { _meta: { definition }, ...mappings } };
};

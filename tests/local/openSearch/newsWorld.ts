import { expect } from "chai";
import { type SearchWorld, startSearchWorld } from "./world";

export interface Hit {
  _id: string;
  _index: string;
  _score: number | null;
  _source?: Record<string, unknown>;
  highlight?: Record<string, string[]>;
  sort?: unknown[];
}

export interface Found {
  hits: { total?: { value: number; relation: string }; max_score: number | null; hits: Hit[] };
  aggregations?: Record<string, unknown>;
}

export const news = [
  {
    id: "1",
    title: "Apple earnings rise",
    body: "Earnings of Apple rose in the quarter.",
    sector: "tech",
    score: 3,
    at: "2026-01-10",
    big: true,
    vector: [1, 0],
  },
  {
    id: "2",
    title: "Bank earnings fall",
    body: "The bank told of falling profits.",
    sector: "finance",
    score: 1,
    at: "2026-01-20T12:00:00Z",
    big: false,
    vector: [0, 1],
  },
  {
    id: "3",
    title: "Oil",
    body: "Apple is not named here, but earnings are: earnings, earnings!",
    sector: "energy",
    score: 2,
    at: "2026-02-01",
    vector: [1, 1],
  },
  {
    id: "4",
    title: "Quiet day",
    body: "Nothing to tell.",
    sector: "tech",
    tags: ["calm", "Calm"],
    at: "2025-12-31",
    vector: [-1, 0],
  },
];

export interface NewsWorld extends SearchWorld {
  find: (body: object, more?: object) => Promise<Found>;
  /** Of what a query finds, in order. */
  ids: (query: object, more?: object) => Promise<string>;
}

export const idsOf = ({ hits }: Found): string => hits.hits.map(({ _id }) => _id).join(" ");

/** A domain with four articles, in an index that has an alias. */
export const startNewsWorld = async (): Promise<NewsWorld> => {
  const world = await startSearchWorld();
  await world.search.indices.create({
    index: "news-1",
    body: {
      settings: { index: { knn: true } },
      mappings: {
        dynamic: "strict",
        properties: {
          title: { type: "text", analyzer: "english", fields: { raw: { type: "keyword" } } },
          body: { type: "text", analyzer: "english" },
          plain: { type: "text" },
          sector: { type: "keyword" },
          tags: { type: "keyword" },
          score: { type: "integer" },
          ratio: { type: "double" },
          at: { type: "date" },
          big: { type: "boolean" },
          hidden: { type: "keyword", index: false, doc_values: false },
          vector: {
            type: "knn_vector",
            dimension: 2,
            method: { name: "hnsw", engine: "lucene", space_type: "cosinesimil" },
          },
          near: { type: "knn_vector", dimension: 2, method: { name: "hnsw", engine: "faiss", space_type: "l2" } },
          far: {
            type: "knn_vector",
            dimension: 2,
            method: { name: "hnsw", engine: "faiss", space_type: "innerproduct" },
          },
        },
      } as never,
      aliases: { news: {} },
    },
  });
  const body = news.flatMap(({ id, ...document }) => [{ index: { _index: "news", _id: id } }, document]);
  const { errors } = (await world.search.bulk({ body, refresh: true })).body;
  expect(errors).to.equal(false);
  const find: NewsWorld["find"] = async (body, more = {}) =>
    (await world.search.search({ index: "news", body: body as never, ...more })).body as unknown as Found;
  return { ...world, find, ids: async (query, more = {}) => idsOf(await find({ query, ...more })) };
};

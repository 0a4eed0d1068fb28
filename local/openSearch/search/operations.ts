import { knownOnly, OpenSearchError, searchFailed } from "../errors";
import { type Json, parseObject } from "../json";
import { type DomainOperations, indexNeeds, isOn, type Parts, type Request } from "../operation";
import { parseQuery, scoreIn } from "../query/parse";
import { readSearch } from "./request";
import { search, shards } from "./search";

const needs = indexNeeds("indices:data/read/search");

const bodyOf = ({ body }: Request): Json => (body === "" ? {} : parseObject(body));

export const searchOperations = ({ cluster }: Parts): DomainOperations => {
  const indicesOf = ({ path, query }: Request) =>
    cluster.resolve(path["index"] ?? "_all", { ignoreMissing: isOn(query, "ignore_unavailable") });

  return {
    search: {
      needs,
      run: (request) => search(indicesOf(request), readSearch(bodyOf(request), request.query)),
    },
    count: {
      needs,
      run: (request) => {
        const body = bodyOf(request);
        knownOnly(body, ["query"], "the body of a count");
        const query = parseQuery(body["query"] ?? { match_all: {} });
        const indices = indicesOf(request);
        let count = 0;
        for (const index of indices) {
          try {
            const scores = scoreIn(index, query);
            count += index.segment.documents.filter((document, at) => document && (scores[at] as number) >= 0).length;
          } catch (error) {
            throw error instanceof OpenSearchError ? searchFailed([{ index: index.name, error }]) : error;
          }
        }
        return { count, _shards: shards(indices.length) };
      },
    },
  };
};

import { notHere, OpenSearchError, refuse } from "../errors";
import { isObject } from "../json";
import { bool } from "./bool";
import { checkWhole, tooManyNested } from "./clauses";
import { exists, ids, matchAll, prefix, term, terms } from "./exact";
import { knn } from "./knn";
import { match, multiMatch } from "./match";
import type { Query, QueryKind, View } from "./query";
import { range } from "./range";
import { malformed } from "./source";

const kinds: ReadonlyMap<string, QueryKind> = new Map(
  Object.entries({
    bool,
    exists,
    ids,
    knn,
    match,
    match_all: matchAll,
    multi_match: multiMatch,
    prefix,
    range,
    term,
    terms,
  }),
);

/** Makes a query of its JSON; throws where it has what is not supported here. */
export const parseQuery = (source: unknown): Query => {
  const entries = isObject(source) ? Object.entries(source) : [];
  const [first] = entries;
  if (!first) throw malformed("query malformed, empty clause found");
  if (entries.length > 1)
    throw malformed(`[${first[0]}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]`);
  const [name, body] = first;
  const kind = kinds.get(name);
  if (!kind) throw notHere(`the query [${name}]; there are ${[...kinds.keys()].join(", ")}`);
  return kind(body, parseQuery);
};

/** What is said as it is, whichever index it is about. */
const bare = ["parsing_exception", tooManyNested];

/** Says, as OpenSearch, in which index a query could not be made. */
export const scoreIn = (view: View, query: Query): Float64Array => {
  try {
    checkWhole(query.clauses(view));
    return query.score(view);
  } catch (error) {
    if (!(error instanceof OpenSearchError) || bare.includes(error.detail.type)) throw error;
    throw refuse({
      type: "query_shard_exception",
      reason: `failed to create query: ${error.detail.reason}`,
      index: view.name,
      index_uuid: view.uuid,
      caused_by: error.detail,
    });
  }
};

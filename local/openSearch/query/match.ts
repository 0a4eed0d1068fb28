import { illegalArgument, knownOnly, notHere } from "../errors";
import type { Json } from "../json";
import { checkPart, valueClauses } from "./clauses";
import { bestOf, sumOf } from "./combine";
import { nothing, type QueryKind, type View, type Word } from "./query";
import { asObject, boostOf, leastOf, malformed, oneField } from "./source";
import { scoreTerm, scoreValue, searchable } from "./terms";

interface Wanted {
  query: unknown;
  operator: "or" | "and";
  least: unknown;
  boost: number;
}

const wantedOf = (options: Json): Wanted => {
  const operator = String(options["operator"] ?? "or").toLowerCase();
  if (operator !== "or" && operator !== "and")
    throw illegalArgument(`operator needs to be either OR or AND, but not [${operator}]`);
  return { query: options["query"], operator, least: options["minimum_should_match"], boost: boostOf(options) };
};

const termsOf = (view: View, path: string, query: unknown): string[] => {
  const field = view.mapping.fields.get(path);
  if (field?.kind === "term") return [field.term(query)];
  return field?.kind === "text" ? field.searchAnalyzer(String(query)).map(({ term }) => term) : [];
};

const scoreField = (view: View, path: string, { query, operator, least, boost }: Wanted): Float64Array => {
  const field = searchable(view, path);
  if (field?.kind !== "text") return field ? scoreValue(view, path, query, boost) : nothing(view);
  const terms = termsOf(view, path, query);
  if (terms.length === 0) return nothing(view);
  const clauses = terms.map((term) => scoreTerm(view, field, term, boost));
  if (operator === "and") return sumOf(view, clauses, clauses.length);
  return sumOf(view, clauses, Math.max(1, least === undefined ? 1 : leastOf(least, clauses.length)));
};

/** A word that comes again is made one with the first, unless both are to match. */
const clausesOf = (view: View, path: string, { query, least }: Wanted): number => {
  const field = view.mapping.fields.get(path);
  if (field?.kind !== "text") return valueClauses(field);
  const terms = termsOf(view, path, query);
  checkPart(terms.length);
  return least === undefined ? new Set(terms).size : terms.length;
};

const wordsOf = (view: View, path: string, { query }: Wanted): Word[] =>
  termsOf(view, path, query).map((term) => [path, term]);

const options = ["query", "operator", "minimum_should_match", "boost"];

export const match: QueryKind = (source) => {
  const { field, options: said } = oneField(source, "match", "query", options);
  const wanted = wantedOf(said);
  return {
    score: (view) => scoreField(view, field, wanted),
    clauses: (view) => clausesOf(view, field, wanted),
    words: (view) => wordsOf(view, field, wanted),
  };
};

const boostedField = (text: unknown): { path: string; boost: number } => {
  const [, path = "", boost = "1"] = /^([^^]+)(?:\^([\d.]+))?$/.exec(String(text)) ?? [];
  if (path === "") throw malformed(`[multi_match] field [${text}] is malformed`);
  if (path.includes("*")) throw notHere(`the pattern [${path}] among the fields of the [multi_match] query`);
  return { path, boost: Number(boost) };
};

export const multiMatch: QueryKind = (source) => {
  const said = asObject(source, "multi_match");
  knownOnly(said, [...options, "fields", "type", "tie_breaker"], "the [multi_match] query");
  if ((said["type"] ?? "best_fields") !== "best_fields") throw notHere(`[multi_match] of type [${said["type"]}]`);
  if (said["query"] === undefined) throw malformed("No text specified for multi_match query");
  if (!Array.isArray(said["fields"])) throw notHere("a [multi_match] query without a list of fields");
  const fields = said["fields"].map(boostedField);
  const wanted = wantedOf(said);
  const tie = Number(said["tie_breaker"] ?? 0);
  return {
    score: (view) => {
      const clauses = fields.map(({ path, boost }) =>
        scoreField(view, path, { ...wanted, boost: wanted.boost * boost }),
      );
      return bestOf(view, clauses, tie);
    },
    clauses: (view) => fields.reduce((sum, { path }) => sum + clausesOf(view, path, wanted), 0),
    words: (view) => fields.flatMap(({ path }) => wordsOf(view, path, wanted)),
  };
};

import type { Embedder } from "./embed/embedder";
import type { Filters, Request } from "./request";
import { fields, firstWords } from "./words";

/** So deep the two rankings are looked into before they are made one, and so far one can page. */
export const deepest = 100;

/** More companies than this have no say in whose news are shown. */
const mostCompanies = 1_000;

const highlighted = ["company_name", "title", "description", "content", "reason", "industry.text", "sector.text"];

/** All that a result shows; vectors stay where they are. */
const shown = [
  "kind",
  "symbol",
  "asset_symbol",
  "company_name",
  "title",
  "description",
  "content",
  "reason",
  "sector",
  "investment_rating",
  "url",
  "source",
  "last_updated",
  "time_published",
  "analysis_date",
];

const dates = ["last_updated", "time_published", "analysis_date"];

const anyOf = (clauses: readonly object[]): object => ({ bool: { should: clauses, minimum_should_match: 1 } });

const ofCompanies = ({ sector, rating }: Filters): object[] => [
  ...(sector === undefined ? [] : [{ term: { sector } }]),
  ...(rating === undefined ? [] : [{ term: { investment_rating: rating } }]),
];

/** News have no sector and no rating of their own: theirs are those of the companies they are about. */
export const needsCompanies = (filters: Filters): boolean =>
  filters.types.includes("news") && ofCompanies(filters).length > 0;

/** Asks for the companies that the filters mean, the largest first. */
export const companiesBody = (filters: Filters): object => ({
  size: mostCompanies,
  _source: ["symbol"],
  query: { bool: { filter: [{ term: { kind: "assets" } }, ...ofCompanies(filters)] } },
  sort: [{ market_cap: { order: "desc", unmapped_type: "long" } }],
});

/** What a result must be, whatever is asked. `companies` are those that the filters mean, where news may be among the results. */
const filtering = (filters: Filters, companies: readonly string[]) => {
  const { types, from, to } = filters;
  const within = {
    ...(from !== undefined && { gte: `${from}T00:00:00.000Z` }),
    ...(to !== undefined && { lte: `${to}T23:59:59.999Z` }),
  };
  const own = ofCompanies(filters);
  return {
    filter: [
      { terms: { kind: types } },
      ...(own.length === 0
        ? []
        : [
            anyOf([
              { bool: { filter: own } },
              ...(companies.length > 0 ? [{ terms: { asset_symbol: companies } }] : []),
            ]),
          ]),
      ...(Object.keys(within).length === 0 ? [] : [anyOf(dates.map((field) => ({ range: { [field]: within } })))]),
    ],
    must_not: [{ term: { status: "delisted" } }],
  };
};

/** Asks for documents by their words, the first ones of a text that has too many. */
export const wordsBody = ({ text, filters }: Request, companies: readonly string[]): object => ({
  size: deepest,
  _source: shown,
  query: { bool: { must: [{ multi_match: { query: firstWords(text), fields } }], ...filtering(filters, companies) } },
  highlight: {
    type: "plain",
    encoder: "html",
    pre_tags: ["<em>"],
    post_tags: ["</em>"],
    number_of_fragments: 2,
    fragment_size: 160,
    fields: Object.fromEntries(highlighted.map((field) => [field, {}])),
  },
});

/** Asks for documents whose vectors are near. */
export const meaningBody = (
  { filters }: Request,
  companies: readonly string[],
  vector: readonly number[],
  { name }: Pick<Embedder, "name">,
): object => {
  const { filter, must_not } = filtering(filters, companies);
  const admitted = { bool: { filter: [...filter, { term: { embedder: name } }], must_not } };
  return {
    size: deepest,
    _source: shown,
    query: { knn: { embedding: { vector, k: deepest, filter: admitted } } },
  };
};

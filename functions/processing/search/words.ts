import { type IndexName, indexNames, indices } from "./indices";

/** Where words are looked for, and how much it counts where they are found. */
export const fields = [
  "symbol.text^8",
  "company_name^6",
  "title^3",
  "asset_symbol.text^2",
  "industry.text^2",
  "sector.text^2",
  "topics.text",
  "investment_rating.text",
  "description",
  "content",
  "reason",
];

/** OpenSearch refuses a query with more: each word counts once for each field of an index that it is looked for in. */
const mostClauses = 1_024;
/** What all else in a query may count: the kinds, the filters, the dates. */
const othersClauses = 24;

const fieldsOf = (index: IndexName): number => {
  const properties: Record<string, object> = indices[index].properties;
  return fields.filter((field) => {
    const [name = "", part] = field.replace(/\^.*/, "").split(".");
    const { fields: parts = {} }: { fields?: object } = properties[name] ?? {};
    return name in properties && (part === undefined || part in parts);
  }).length;
};

/** So many words are looked for in the index that has most of the fields, and in the others. */
const mostWords = Math.floor((mostClauses - othersClauses) / Math.max(...indexNames.map(fieldsOf)));

/**
 * Never fewer than the domain's analyzers find: letters of what is written with spaces hold together, and all other
 * characters that are no punctuation, such as ideographs and pictures, stand alone.
 */
const word =
  /(?:(?=\p{L})[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Hangul}]|[\p{Nd}\p{M}])+|[^\s\p{P}]/gu;

/** A text up to the last word that is looked for. */
export const firstWords = (text: string): string => {
  const last = [...text.matchAll(word)][mostWords - 1];
  return last ? text.slice(0, last.index + last[0].length) : text;
};

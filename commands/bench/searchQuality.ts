import { keyOf } from "../../functions/processing/search/documents";
import type { IndexName } from "../../functions/processing/search/indices";
import type { Query } from "../../functions/processing/search/request";
import type { Ways } from "../../functions/processing/search/search";
import type { Kind } from "../../local/market/companies/generated/trade";

/** Something that can be found, with what makes it an answer to a question. */
export interface Judged {
  index: IndexName;
  id: string;
  /** Whom it is about, the first above all. */
  symbol: string;
  /** What that company does. */
  kind: Kind | "published";
  title: string;
}

/** From 0, no answer, to 3, the very thing that was asked for. */
type Grade = 0 | 1 | 2 | 3;

export interface Labelled {
  query: Query;
  grade: (found: Judged) => Grade;
}

const companies = { types: ["assets"] } as const;
const articles = { types: ["news"] } as const;
const only = ({ types }: { types: readonly IndexName[] }) => ({ types: [...types] });

const named = (text: string, symbol: string): Labelled => ({
  query: { text, filters: only(companies) },
  grade: (found) => (found.symbol === symbol ? 3 : 0),
});

const inTrade = (text: string, kind: Kind, nearly: readonly string[] = []): Labelled => ({
  query: { text, filters: only(companies) },
  grade: ({ kind: own, symbol }) => (own === kind ? 2 : nearly.includes(symbol) ? 1 : 0),
});

const told = (text: string, story: string, kind?: Kind): Labelled => ({
  query: { text, filters: only(articles) },
  grade: ({ title, kind: own }) => (!title.includes(story) ? 0 : kind === undefined ? 2 : own === kind ? 3 : 1),
});

/** Questions as people put them, slips included, about the stand-in market; and what answers them. */
export const labelled: readonly Labelled[] = [
  named("apple", "AAPL"),
  named("msft", "MSFT"),
  named("coca cola", "KO"),
  named("jp morgan", "JPM"),
  named("quillmont", "QLMN"),
  named("verdanix sofware", "VRDX"),
  named("international busines machines", "IBM"),
  inTrade("semiconductor maker", "hardware"),
  inTrade("biotech", "biotechnology"),
  inTrade("regional bank", "bank", ["JPM"]),
  inTrade("airline", "transport"),
  inTrade("oil and gas exploration", "energy"),
  inTrade("telecommunications", "communication"),
  inTrade("drug manufacturer", "health"),
  inTrade("electric utilities", "utility"),
  inTrade("packaged food", "staples", ["KO"]),
  inTrade("chemical", "material"),
  inTrade("industrial reits", "property"),
  inTrade("machines for industry", "industry"),
  told("product recall", "recalls a product"),
  told("new director", "names a new director"),
  told("earnings beat expectation", "beats expectations"),
  told("bank sued in lawsuit", "faces a lawsuit", "bank"),
];

const depth = 10;

/** Discounted gain of the first ten, as a share of what the best order would gain. */
export const ndcg = (grades: readonly number[], all: readonly number[]): number => {
  const gain = (list: readonly number[]): number =>
    list.slice(0, depth).reduce((sum, grade, at) => sum + (2 ** grade - 1) / Math.log2(at + 2), 0);
  const best = gain(all.toSorted((a, b) => b - a));
  return best === 0 ? 0 : gain(grades) / best;
};

export interface Quality {
  text: string;
  /** nDCG@10, by which rankings were asked for. */
  words: number;
  meaning: number;
  both: number;
}

/** Finds documents, best first: `index/id` of each. */
export type Ask = (query: Query, ways: Ways) => Promise<string[]>;

/** How good the answers to the labelled questions are, each by words, by meaning, and by both. */
export const searchQuality = async (corpus: readonly Judged[], ask: Ask): Promise<Quality[]> => {
  const known = new Map(corpus.map((one) => [keyOf(one), one]));
  const qualities: Quality[] = [];
  for (const { query, grade } of labelled) {
    const types = query.filters?.types ?? [];
    const all = corpus.filter(({ index }) => types.includes(index)).map(grade);
    const by = async (ways: Ways): Promise<number> => {
      const found = await ask({ ...query, size: depth }, ways);
      const grades = found.map((key) => {
        const judged = known.get(key);
        return judged ? grade(judged) : 0;
      });
      return ndcg(grades, all);
    };
    qualities.push({
      text: query.text,
      words: await by("words"),
      meaning: await by("meaning"),
      both: await by("both"),
    });
  }
  return qualities;
};

export const meanOf = (qualities: readonly Quality[], ways: Ways): number =>
  qualities.reduce((sum, quality) => sum + quality[ways], 0) / qualities.length;

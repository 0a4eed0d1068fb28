import { porterStem } from "./porter";
import { tokens } from "./standard";
import type { Analyzer } from "./token";

const stopWords = new Set(
  "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split(
    " ",
  ),
);

const mostStems = 100_000;
const stems = new Map<string, string>();

const stemOf = (word: string): string => {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size >= mostStems) stems.clear();
  const stem = porterStem(word);
  stems.set(word, stem);
  return stem;
};

/** Lucene's English analyzer: without possessives and stop words, words by their stems. */
export const english: Analyzer = (text) =>
  tokens(text).flatMap(({ term, start, end }) => {
    const word = term.replace(/['’＇][sS]$/, "").toLowerCase();
    return stopWords.has(word) ? [] : [{ term: stemOf(word), start, end }];
  });

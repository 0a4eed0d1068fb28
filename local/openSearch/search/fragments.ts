import type { Token } from "../analysis/token";

export interface Marks {
  before: string;
  after: string;
  encode: (text: string) => string;
}

export interface Fragment {
  text: string;
  /** How many different words it has of those that are looked for. */
  score: number;
}

/** Cuts a text before the token that reaches over the size, unless less than half a fragment would be left. */
const cutsOf = (text: string, tokens: readonly Token[], size: number): Set<Token> => {
  const cuts = new Set<Token>();
  if (size === 0) return cuts;
  for (const token of tokens) {
    const reached = token.end >= size * (cuts.size + 1);
    if (reached && text.length - token.end >= size >>> 1) cuts.add(token);
  }
  return cuts;
};

/** The fragments of a text with its words marked, as the plain highlighter cuts them; a size of 0 leaves it whole. */
export const fragmentsOf = (
  text: string,
  tokens: readonly Token[],
  words: ReadonlySet<string>,
  size: number,
  { before, after, encode }: Marks,
): Fragment[] => {
  const cuts = cutsOf(text, tokens, size);
  const fragments: Fragment[] = [];
  let marked = "";
  let found = new Set<string>();
  let done = 0;
  const end = () => {
    fragments.push({ text: marked, score: found.size });
    marked = "";
    found = new Set();
  };
  for (const token of tokens) {
    if (cuts.has(token)) end();
    marked += encode(text.slice(done, token.start));
    const word = encode(text.slice(token.start, token.end));
    marked += words.has(token.term) ? `${before}${word}${after}` : word;
    if (words.has(token.term)) found.add(token.term);
    done = token.end;
  }
  marked += encode(text.slice(done));
  end();
  return fragments;
};

import type { Analyzer, Token } from "./token";

/**
 * Words as Unicode's annex 29 cuts them: letters hold together over one point, colon or apostrophe between them, digits
 * over one point, comma or semicolon; each ideograph stands alone.
 */
const word =
  /[\p{Script=Han}\p{Script=Hiragana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}])[\p{L}\p{N}\p{M}_](?:(?<=[\p{L}\p{M}])[.:·'’](?=\p{L})|(?<=\p{N})[.,;'’](?=\p{N}))?)+/gu;
/** The same, faster, for what most texts are made of. */
const plainWord = /(?:\w(?:(?<=[A-Za-z])[.:'](?=[A-Za-z])|(?<=\d)[.,;'](?=\d))?)+/g;
const isPlain = /^[ -~\s]*$/;

const longest = 255;

export const tokens = (text: string): Token[] => {
  const found: Token[] = [];
  for (const { 0: term, index } of text.matchAll(isPlain.test(text) ? plainWord : word)) {
    if (/^_+$/.test(term)) continue;
    for (let at = 0; at < term.length; at += longest) {
      const part = term.slice(at, at + longest);
      found.push({ term: part, start: index + at, end: index + at + part.length });
    }
  }
  return found;
};

export const standard: Analyzer = (text) => tokens(text).map((token) => ({ ...token, term: token.term.toLowerCase() }));

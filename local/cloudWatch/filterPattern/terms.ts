import type { LogLine } from "../logLine";
import { invalid, unsupported } from "../refused";
import type { Matches } from "./matches";

interface Term {
  sign: "" | "-" | "?";
  text: string;
}

const shape = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/y;

const read = (pattern: string): Term[] => {
  const terms: Term[] = [];
  const end = pattern.trimEnd().length;
  for (shape.lastIndex = 0; shape.lastIndex < end; ) {
    const from = shape.lastIndex;
    const found = shape.exec(pattern);
    if (!found) throw invalid(`filter pattern: a quote is not closed in: ${pattern}`);
    const [, sign, quoted, bare] = found;
    if (bare?.startsWith("%")) throw unsupported("a regular expression in a filter pattern");
    if (bare !== undefined && !/^\w+$/.test(bare)) {
      throw invalid(`filter pattern: the term ${bare} at ${from + 1} needs quotes`);
    }
    const text = quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "";
    terms.push({ sign: sign === "-" || sign === "?" ? sign : "", text });
  }
  return terms;
};

/** `ERROR -DEBUG` and `?one ?other` and `"a phrase"`: case matters, and a term may lie within a word. */
export const termPattern = (pattern: string): Matches => {
  const terms = read(pattern);
  const texts = (sign: Term["sign"]) => terms.flatMap((term) => (term.sign === sign ? [term.text] : []));
  const [required, excluded, optional] = [texts(""), texts("-"), texts("?")];
  if (optional.length > 0 && optional.length < terms.length) {
    throw unsupported(`a filter pattern with ?terms beside others, of which AWS takes no notice, as ${pattern},`);
  }
  return ({ text }: LogLine) =>
    required.every((term) => text.includes(term)) &&
    !excluded.some((term) => text.includes(term)) &&
    (optional.length === 0 || optional.some((term) => text.includes(term)));
};

import { bounds } from "./bounds";

const marks = /\p{M}+/gu;
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu;
const spaces = /\s+/gu;

/** Most text of most banks: it needs none of the care that other scripts do. */
const ascii = /^[\x20-\x7e]*$/;
const tidy = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/;

/** Small letters and digits of any script, one space between words: by this two spellings are the same. */
export const plain = (text: string): string =>
  ascii.test(text)
    ? text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, " ")
        .trim()
    : text
        .normalize("NFKD")
        .replace(marks, "")
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim();

/** Text as it is kept: on one line, without what cannot be seen, and no longer than a description may be. */
export const shown = (text: string, most: number = bounds.descriptionCharacters): string => {
  const clean = tidy.test(text) ? text : text.replace(unseen, " ").replace(spaces, " ").trim();
  return clean.length <= most ? clean : `${clean.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
};

/** Several texts as one, without those that only repeat another. */
export const joined = (texts: readonly (string | undefined)[]): string => {
  const kept: string[] = [];
  for (const text of texts) {
    const clean = shown(text ?? "");
    if (clean && !kept.some((other) => other.includes(clean))) kept.push(clean);
  }
  return shown(kept.join(" "));
};

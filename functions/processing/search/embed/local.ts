import { vectorLength } from "../indices";
import type { Embedder } from "./embedder";
import { unit } from "./unit";

const shortest = 3;
const longest = 5;
/** What all pieces of a word weigh together, beside the word itself. */
const piecesWeight = 2;

/** FNV-1a, with a last stir so that its low bits can be used. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
};

const words = (text: string): string[] =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** Too common to tell texts apart, in English and among the names of companies. */
const noise = new Set(
  "a an and are as at be by for from has in is it its of on or that the this to was with inc corp co common stock".split(
    " ",
  ),
);

function* pieces(word: string): Generator<string> {
  const edged = `<${word}>`;
  for (let length = shortest; length <= longest; length++) {
    for (let at = 0; at + length <= edged.length; at++) yield edged.slice(at, at + length);
  }
}

/** Where a feature counts, and to which side: features that share a place cancel out as often as they add up. */
const add = (vector: number[], feature: string, weight: number): void => {
  const value = hash(feature);
  const place = value % vectorLength;
  vector[place] = (vector[place] ?? 0) + (value & 0x80000000 ? -weight : weight);
};

const embedOne = (text: string): number[] | undefined => {
  const counts = new Map<string, number>();
  for (const word of words(text)) {
    if (!noise.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const vector = new Array<number>(vectorLength).fill(0);
  for (const [word, count] of counts) {
    const weight = 1 + Math.log(count);
    add(vector, word, weight);
    const all = [...pieces(word)];
    // A long word has many pieces: together they count as much as those of a short one.
    for (const piece of all) add(vector, piece, (piecesWeight * weight) / Math.sqrt(all.length));
  }
  return unit(vector);
};

/**
 * Knows no meanings: texts are alike that share words and pieces of words, which forgives endings, compounds and slips of
 * the pen. It needs nobody, costs nothing, and says the same everywhere.
 */
export const local: Embedder = {
  name: "local-ngrams-1",
  floor: 0.15,
  embed: async (texts) => ({ vectors: texts.map(embedOne), refused: [] }),
  embedQuery: async (text) => embedOne(text),
};

import type { Analyzer } from "../analysis/token";
import { knownOnly, notHere } from "../errors";
import { asList, isObject, type Json } from "../json";
import type { Query, View } from "../query/query";
import { type Fragment, fragmentsOf, type Marks } from "./fragments";
import type { Hit } from "./hit";

interface FieldHighlight {
  path: string;
  size: number;
  count: number;
  marks: Marks;
  onlyOwnWords: boolean;
}

const options = [
  "type",
  "fragment_size",
  "number_of_fragments",
  "pre_tags",
  "post_tags",
  "require_field_match",
  "order",
];

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

const encoderOf = (name: unknown): ((text: string) => string) => {
  if (name === "html") return escapeHtml;
  if (name !== "default") throw notHere(`the encoder [${name}] of [highlight]`);
  return (text) => text;
};

const fieldOf = (path: string, said: Json, over: Json, encode: Marks["encode"]): FieldHighlight => {
  knownOnly(said, options, `the highlight of [${path}]`);
  const get = (name: string, otherwise: unknown) => said[name] ?? over[name] ?? otherwise;
  const count = Number(get("number_of_fragments", 5));
  const type = get("type", "unified");
  // Left whole, a text looks the same by either.
  if (type !== "plain" && !(type === "unified" && count === 0)) {
    throw notHere(`[highlight] of type [${type}] (say "type": "plain") of [${path}]`);
  }
  if (path.includes("*")) throw notHere(`the pattern [${path}] among the fields of [highlight]`);
  return {
    path,
    size: count === 0 ? 0 : Number(get("fragment_size", 100)),
    count: count === 0 ? Number.POSITIVE_INFINITY : count,
    marks: {
      before: String(asList(get("pre_tags", "<em>"))[0]),
      after: String(asList(get("post_tags", "</em>"))[0]),
      encode,
    },
    onlyOwnWords: String(get("require_field_match", true)) !== "false",
  };
};

const wholeValue: Analyzer = (text) => [{ term: text, start: 0, end: text.length }];

const analyzerOf = ({ mapping }: View, path: string): Analyzer | undefined => {
  const field = mapping.fields.get(path);
  if (field?.kind === "text") return field.analyzer;
  return field?.kind === "term" ? wholeValue : undefined;
};

const highlightField = (
  hit: Hit,
  { path, size, count, marks, onlyOwnWords }: FieldHighlight,
  query: Query,
): string[] => {
  const analyzer = analyzerOf(hit.view, path);
  const looked = query.words(hit.view).filter(([field]) => !onlyOwnWords || field === path);
  const words = new Set(looked.map(([, term]) => term));
  if (!analyzer || words.size === 0) return [];
  const values = (hit.document.content.values.get(path) ?? []) as readonly string[];
  const fragments = values.flatMap((text): Fragment[] =>
    fragmentsOf(text, analyzer(text), words, size, marks)
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score),
  );
  return fragments.slice(0, count).map(({ text }) => text);
};

/** Reads `highlight`; the answer shows of a hit what it was found by. */
export const highlighter = (source: unknown): ((hit: Hit, query: Query) => Record<string, string[]>) => {
  if (!isObject(source)) throw notHere("a [highlight] that is no object");
  knownOnly(source, ["fields", "encoder", ...options], "[highlight]");
  const encode = encoderOf(source["encoder"] ?? "default");
  const fields = asList(source["fields"] ?? {}).flatMap((one) =>
    Object.entries(one as Json).map(([path, said]) => fieldOf(path, said as Json, source, encode)),
  );
  return (hit, query) =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const fragments = highlightField(hit, field, query);
        return fragments.length > 0 ? [[field.path, fragments]] : [];
      }),
    );
};

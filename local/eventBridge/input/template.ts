import { isJson } from "./json";

/** A stretch of a template: text as it stands, or `<variable>`. */
export type Part = string | { readonly variable: string; readonly quoted: boolean };

export interface Template {
  readonly parts: readonly Part[];
  /** `text`: quoted strings, delivered as they are written; `json`: a document, delivered minified. */
  readonly kind: "text" | "json";
}

const token = /<([\w.-]+)>|\\[\s\S]|"/g;

const split = (template: string): Part[] => {
  const parts: Part[] = [];
  let quoted = false;
  let from = 0;
  for (const match of template.matchAll(token)) {
    const [text, variable] = match;
    if (text === '"') quoted = !quoted;
    if (variable === undefined) continue;
    if (match.index > from) parts.push(template.slice(from, match.index));
    parts.push({ variable, quoted });
    from = match.index + text.length;
  }
  if (from < template.length) parts.push(template.slice(from));
  return parts;
};

const strings = /"(?:[^"\\]|\\.)*"/g;

/** One quoted string, or several with only white space between them. */
const isStrings = (text: string): boolean =>
  text.replace(strings, "").trim() === "" && (text.match(strings) ?? []).every(isJson);

const closesAsKey = /^[^"]*"\s*:/;

/** Reads a template as AWS checks it: with null in the place of each variable it must be JSON. */
export const parseTemplate = (template: string): Template => {
  const parts = split(template);
  const probe = parts.map((part) => (typeof part === "string" ? part : "null")).join("");
  if (probe.trim() === "") throw new Error("it is empty");
  if (isStrings(probe)) return { parts, kind: "text" };
  if (!isJson(probe)) throw new Error(`it is neither JSON nor quoted strings: ${probe}`);
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (typeof part !== "string" && part.quoted && typeof next === "string" && closesAsKey.test(next)) {
      throw new Error(`<${part.variable}> is used as an object key`);
    }
  }
  return { parts, kind: "json" };
};

import { type Context, valuesOf } from "./context";
import { PolicyError } from "./errors";

const any = Symbol("*");
const one = Symbol("?");

interface Variable {
  key: string;
  /** Stands in where the request does not carry the key. */
  otherwise: string | undefined;
}

type Sign = string | typeof any | typeof one;

/** A text of a policy, taken apart: literal text, wildcards, and variables that each request fills. */
export type Template = readonly (Sign | Variable)[];

export type TextTest = (text: string, context: Context) => boolean;

const isVariable = (part: Sign | Variable): part is Variable => typeof part === "object";

const escapes = ["*", "?", "$"];

const parseVariable = (inside: string): string | Variable => {
  if (escapes.includes(inside)) return inside;
  const [, key, otherwise] = /^\s*([\w-]+:[^\s,{}'][^,{}']*?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside) ?? [];
  if (key === undefined) throw new PolicyError("malformed", `\${${inside}} is not a policy variable`);
  return { key, otherwise };
};

/** `wild`: `*` and `?` stand for other characters; `plain`: for themselves. */
export const parseTemplate = (text: string, stars: "wild" | "plain"): Template =>
  text.split(/(\$\{[^}]*\}?|[*?])/).flatMap((piece): Template => {
    if (piece === "") return [];
    if (piece === "*" && stars === "wild") return [any];
    if (piece === "?" && stars === "wild") return [one];
    if (!piece.startsWith("${")) return [piece];
    if (!piece.endsWith("}")) throw new PolicyError("malformed", `${piece} has no closing brace`);
    return [parseVariable(piece.slice(2, -1))];
  });

/** Cuts at the colons of the policy's own text; a colon in a variable's value cuts nothing. The last keeps its colons. */
export const cutAtColons = (template: Template, atMost: number): Template[] => {
  const segments: (Sign | Variable)[][] = [[]];
  for (const part of template) {
    const pieces: Template = typeof part === "string" ? part.split(/(:)/) : [part];
    for (const piece of pieces) {
      if (piece === ":" && segments.length < atMost) segments.push([]);
      else if (piece !== "") segments.at(-1)?.push(piece);
    }
  }
  return segments;
};

export const endsWithStar = (template: Template): boolean => template.at(-1) === any;

export const variablesOf = (template: Template): string[] => template.filter(isVariable).map(({ key }) => key);

/** Undefined where a variable has no value, or several: such a text equals nothing. */
const fill = (template: Template, context: Context): Sign[] | undefined => {
  const filled: Sign[] = [];
  for (const part of template) {
    if (!isVariable(part)) {
      filled.push(part);
      continue;
    }
    const values = valuesOf(context, part.key);
    const value = values.length === 0 ? part.otherwise : values[0];
    if (value === undefined || values.length > 1) return undefined;
    filled.push(value);
  }
  return filled;
};

/** Goes back to the last star only, so that no pattern takes more than its length times the text's. */
const glob = (pattern: readonly Sign[], text: string): boolean => {
  let sign = 0;
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const wanted = pattern[sign];
    if (wanted === any) {
      star = sign++;
      resumeAt = at;
    } else if (wanted === one || wanted === text[at]) {
      sign++;
      at++;
    } else if (star >= 0) {
      sign = star + 1;
      at = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[sign] === any) sign++;
  return sign === pattern.length;
};

const isText = (sign: Sign): sign is string => typeof sign === "string";

const compileSigns = (signs: readonly Sign[], fold: (text: string) => string): ((text: string) => boolean) => {
  const literal = fold(signs.filter(isText).join(""));
  if (signs.every(isText)) return (text) => fold(text) === literal;
  if (signs.slice(0, -1).every(isText) && signs.at(-1) === any) return (text) => fold(text).startsWith(literal);
  const characters = signs.flatMap((sign): readonly Sign[] => (isText(sign) ? fold(sign).split("") : [sign]));
  return (text) => glob(characters, fold(text));
};

const asItIs = (text: string): string => text;
const inLowerCase = (text: string): string => text.toLowerCase();

/** Wildcards in a variable's value are not wildcards: only the policy's author can write one. */
export const compileTemplate = (template: Template, letterCase: "same" | "ignored" = "same"): TextTest => {
  const fold = letterCase === "same" ? asItIs : inLowerCase;
  if (template.some(isVariable)) {
    return (text, context) => {
      const filled = fill(template, context);
      return filled !== undefined && compileSigns(filled, fold)(text);
    };
  }
  return compileSigns(template as readonly Sign[], fold);
};

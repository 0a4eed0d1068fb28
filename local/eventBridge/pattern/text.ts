import { invalidPattern } from "../errors";
import type { Test } from "./match";

export type TextTest = (value: string) => boolean;

export const onStrings =
  (test: TextTest): Test =>
  (value) =>
    typeof value === "string" && test(value);

export const equalsIgnoreCase = (expected: string): TextTest => {
  const lower = expected.toLowerCase();
  return (value) => value.toLowerCase() === lower;
};

export const startsWith = (prefix: string, ignoreCase: boolean): TextTest => {
  const lower = prefix.toLowerCase();
  return ignoreCase ? (value) => value.toLowerCase().startsWith(lower) : (value) => value.startsWith(prefix);
};

export const endsWith = (suffix: string, ignoreCase: boolean): TextTest => {
  const lower = suffix.toLowerCase();
  return ignoreCase ? (value) => value.toLowerCase().endsWith(lower) : (value) => value.endsWith(suffix);
};

/** Splits at each `*` that no backslash protects. */
const literals = (pattern: string, place: string): [string, ...string[]] => {
  // AWS counts bytes, and counts the opening quote.
  const position = (index: number): number => Buffer.byteLength(pattern.slice(0, index)) + 1;
  const done: string[] = [];
  let current = "";
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === "*") {
      if (pattern.charAt(index + 1) === "*") {
        throw invalidPattern(`Consecutive wildcard characters at pos ${position(index)}`, place);
      }
      done.push(current);
      current = "";
    } else if (character === "\\") {
      const escaped = pattern.charAt(++index);
      if (escaped !== "*" && escaped !== "\\") {
        throw invalidPattern(`Invalid escape character at pos ${position(index - 1)}`, place);
      }
      current += escaped;
    } else {
      current += character;
    }
  }
  const [first, ...rest] = [...done, current];
  return [first ?? "", ...rest];
};

/** Each literal is taken where it first fits, so that no text makes this slower than one pass over it. */
export const parseWildcard = (pattern: string, place: string): TextTest => {
  const [first, ...middle] = literals(pattern, place);
  const last = middle.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    const end = value.length - last.length;
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    let from = first.length;
    for (const literal of middle) {
      const at = value.indexOf(literal, from);
      if (at === -1) return false;
      from = at + literal.length;
    }
    return from <= end;
  };
};

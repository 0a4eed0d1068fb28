import { isObject, type JsonObject } from "../envelope";
import { invalidPattern } from "../errors";
import { onlyEntry } from "./expression";
import type { Test } from "./match";
import { comparable } from "./numeric";
import { endsWith, equalsIgnoreCase, parseWildcard, startsWith, type TextTest } from "./text";

interface Inner {
  parse(text: string, place: string): TextTest;
  readonly notText: string;
}

const nonEmpty = (text: string, place: string): string => {
  if (text === "") throw invalidPattern("Null prefix/suffix not allowed", place);
  return text;
};

const inner: ReadonlyMap<string, Inner> = new Map<string, Inner>([
  [
    "prefix",
    {
      parse: (text, place) => startsWith(nonEmpty(text, place), false),
      notText: "prefix/suffix match pattern must be a string",
    },
  ],
  [
    "suffix",
    {
      parse: (text, place) => endsWith(nonEmpty(text, place), false),
      notText: "prefix/suffix match pattern must be a string",
    },
  ],
  ["wildcard", { parse: parseWildcard, notText: "wildcard match pattern must be a string" }],
  [
    "equals-ignore-case",
    {
      parse: equalsIgnoreCase,
      notText: "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
    },
  ],
]);

/** Checks what may follow `anything-but`, alone or in a list. */
const toList = (operand: unknown, place: string): readonly unknown[] => {
  if (Array.isArray(operand)) return operand;
  if (typeof operand === "string" || typeof operand === "number") return [operand];
  throw invalidPattern("Value of anything-but must be an array or single string/number value.", place);
};

const notValues = (values: readonly unknown[], place: string): Test => {
  const refused = values.some((value) => typeof value !== "string" && typeof value !== "number");
  if (refused) throw invalidPattern("Inside anything-but list, start|null|boolean is not supported.", place);
  const kinds = new Set(values.map((value) => typeof value));
  if (kinds.size !== 1) {
    throw invalidPattern(
      "Inside anything-but list, either all values are number or string, mixed type is not supported",
      place,
    );
  }
  if (kinds.has("number")) for (const value of values) comparable(value, "anything-but", place);
  const excluded = new Set(values);
  return (value) => !excluded.has(value);
};

const notText = (expression: JsonObject, place: string): Test => {
  const [name, operand] = onlyEntry(expression, place, "Anything-But expression name not found");
  const operator = inner.get(name);
  if (!operator) throw invalidPattern(`Unsupported anything-but pattern: ${name}`, place);
  const tests = toList(operand, place).map((value) => {
    if (typeof value !== "string") throw invalidPattern(operator.notText, place);
    return operator.parse(value, place);
  });
  if (tests.length === 0) throw invalidPattern(`Empty list in anything-but ${name} is not allowed`, place);
  return (value) => typeof value !== "string" || !tests.some((test) => test(value));
};

/** Matches any leaf that is there and is none of these; a number or null is none of the strings. */
export const parseAnythingBut = (operand: unknown, place: string): Test =>
  isObject(operand) ? notText(operand, place) : notValues(toList(operand, place), place);

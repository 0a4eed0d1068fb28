import { isObject, type JsonObject } from "../envelope";
import { invalidPattern } from "../errors";
import { parseAnythingBut } from "./anythingBut";
import { parseCidr } from "./cidr";
import { onlyEntry } from "./expression";
import type { Test } from "./match";
import { parseNumeric } from "./numeric";
import { endsWith, equalsIgnoreCase, onStrings, parseWildcard, startsWith } from "./text";

/** Stands for `exists: false`, which looks at no value. */
export const absent = Symbol("absent");

type Parse = (operand: unknown, place: string) => Test | typeof absent;

const text = (operand: unknown, operator: string, place: string): string => {
  if (typeof operand !== "string") throw invalidPattern(`${operator} match pattern must be a string`, place);
  return operand;
};

const parseExists: Parse = (operand, place) => {
  if (typeof operand !== "boolean") throw invalidPattern("exists match pattern must be either true or false.", place);
  return operand ? () => true : absent;
};

const parseEnd =
  (operator: "prefix" | "suffix", compare: typeof startsWith): Parse =>
  (operand, place) => {
    if (!isObject(operand)) return onStrings(compare(text(operand, operator, place), false));
    const title = operator === "prefix" ? "Prefix" : "Suffix";
    const [inner, value] = onlyEntry(operand, place, `${title} expression name not found`);
    if (inner !== "equals-ignore-case") throw invalidPattern(`Unsupported ${operator} pattern: ${inner}`, place);
    return onStrings(compare(text(value, inner, place), true));
  };

const operators: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ["prefix", parseEnd("prefix", startsWith)],
  ["suffix", parseEnd("suffix", endsWith)],
  ["equals-ignore-case", (operand, place) => onStrings(equalsIgnoreCase(text(operand, "equals-ignore-case", place)))],
  ["wildcard", (operand, place) => onStrings(parseWildcard(text(operand, "wildcard", place), place))],
  // AWS says "prefix" here too.
  ["cidr", (operand, place) => parseCidr(text(operand, "prefix", place), place)],
  ["numeric", parseNumeric],
  ["exists", parseExists],
  ["anything-but", parseAnythingBut],
]);

export const isOperator = (name: string): boolean => operators.has(name);

/** Names that no field inside `$or` may have, besides those of the operators. */
export const reserved: ReadonlySet<string> = new Set([
  ..."exactly html = < <= > >= regex not-wildcard not-equals-ignore-case".split(" "),
  ..."date-after date-on-or-after date-before date-on-or-before in-date-range".split(" "),
  ..."ip-address-in-range ip-address-not-in-range".split(" "),
]);

export const parseExpression = (expression: JsonObject, place: string): Test | typeof absent => {
  const [name, operand] = onlyEntry(expression, place, "Match expression name not found");
  const parse = operators.get(name);
  if (!parse) throw invalidPattern(`Unrecognized match type ${name}`, place);
  return parse(operand, place);
};

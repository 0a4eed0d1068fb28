import { isObject, type JsonObject } from "../envelope";
import { invalidPattern } from "../errors";
import { sameAddress } from "./cidr";
import type { Scalar } from "./find";
import type { Conjunction, Test, Wanted } from "./match";
import { absent, isOperator, parseExpression, reserved } from "./operators";

/** EventBridge refuses a rule that multiplies to more. */
const maxCombinations = 1000;

const anyOf = (exact: ReadonlySet<Scalar>, tests: readonly Test[]): Test => {
  const [first] = exact;
  const [only] = tests;
  if (first !== undefined && exact.size === 1 && !only) return (value) => value === first;
  if (only && exact.size === 0 && tests.length === 1) return only;
  return (value) => exact.has(value) || tests.some((test) => test(value));
};

const parseValues = (values: readonly unknown[], place: string): Wanted => {
  if (values.length === 0) throw invalidPattern("Empty arrays are not allowed", place);
  const exact = new Set<Scalar>();
  const tests: Test[] = [];
  let orAbsent = false;
  for (const [index, value] of values.entries()) {
    if (isObject(value)) {
      const test = parseExpression(value, `${place}[${index}]`);
      if (test === absent) orAbsent = true;
      else tests.push(test);
    } else if (Array.isArray(value)) {
      throw invalidPattern("Match value must be String, number, true, false, or null", `${place}[${index}]`);
    } else {
      const address = typeof value === "string" && sameAddress(value);
      if (address) tests.push(address);
      else exact.add(value as Scalar);
    }
  }
  return { test: anyOf(exact, tests), orAbsent };
};

const parseOr = (branches: unknown, place: string, sofar: readonly Conjunction[]): Conjunction[] => {
  const at = place ? `${place}.$or` : "$or";
  if (!Array.isArray(branches)) throw invalidPattern("It must be an Array followed with $or.", at);
  if (branches.length < 2) throw invalidPattern("There must have at least 2 Objects in $or relationship.", at);
  const all = branches.flatMap((branch: unknown, index) => {
    if (!isObject(branch)) {
      throw invalidPattern("Only JSON object is allowed in array of $or relationship.", `${at}[${index}]`);
    }
    return parseFields(branch, place, sofar, true);
  });
  if (all.length > maxCombinations) {
    throw invalidPattern(`$or makes ${all.length} combinations, the limit is ${maxCombinations}`, at);
  }
  return all;
};

/**
 * Reads a pattern as alternatives, one for each combination of `$or` branches. A path named again, inside a `$or` or after
 * it, replaces what was asked of it before: so AWS reads it.
 */
export const parseFields = (
  node: JsonObject,
  place = "",
  sofar: readonly Conjunction[] = [new Map()],
  insideOr = false,
): readonly Conjunction[] => {
  const fields = Object.entries(node);
  if (fields.length === 0) throw invalidPattern("Empty objects are not allowed", place);
  return fields.reduce((conjunctions, [name, value]) => {
    const path = place ? `${place}.${name}` : name;
    if (name === "$or") return parseOr(value, place, conjunctions);
    if (insideOr && (isOperator(name) || reserved.has(name))) {
      throw invalidPattern(`${name} is Ruler reserved fieldName which cannot be used inside $or.`, path);
    }
    if (isObject(value)) return parseFields(value, path, conjunctions, insideOr);
    if (!Array.isArray(value)) throw invalidPattern(`"${name}" must be an object or an array`, path);
    const wanted = parseValues(value, path);
    return conjunctions.map((conjunction) => new Map(conjunction).set(path, wanted));
  }, sofar);
};

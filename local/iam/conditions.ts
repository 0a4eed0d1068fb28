import { type Context, valuesOf } from "./context";
import { PolicyError } from "./errors";
import { asObject } from "./json";
import { type Operator, operators, readBool } from "./operators";
import type { TextTest } from "./template";

export type Condition = (context: Context) => boolean;

type Quantifier = "ForAllValues" | "ForAnyValue" | undefined;

interface Comparison {
  operator: Operator;
  quantifier: Quantifier;
  ifExists: boolean;
}

const parseComparison = (name: string): Comparison => {
  const [, quantifier, base = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = operators.get(base);
  if (!operator) throw new PolicyError("unsupported", `condition operator ${name} is not known`);
  return { operator, quantifier: quantifier as Quantifier, ifExists: ifExists !== undefined };
};

const asValues = (value: unknown, where: string): readonly string[] =>
  (Array.isArray(value) ? value : [value]).map((one: unknown) => {
    if (typeof one !== "string" && typeof one !== "number" && typeof one !== "boolean") {
      throw new PolicyError("malformed", `${where} must have texts, numbers or booleans`);
    }
    return String(one);
  });

const compileNull = (key: string, values: readonly string[]): Condition => {
  const absent = values.map((value) => {
    const wanted = readBool(value);
    if (wanted === undefined) throw new PolicyError("malformed", `Null cannot compare ${key} with "${value}"`);
    return wanted;
  });
  return (context) => absent.includes(valuesOf(context, key).length === 0);
};

/** What is said about a key that the request does not carry. */
const ofMissing = ({ operator, quantifier, ifExists }: Comparison): boolean => {
  if (ifExists || quantifier === "ForAllValues") return true;
  return quantifier === undefined && operator.negated;
};

const compileComparison = (name: string, key: string, values: readonly string[]): Condition => {
  const comparison = parseComparison(name);
  const { operator, quantifier } = comparison;
  const tests = values.map((value): TextTest => {
    const test = operator.compile(value);
    if (!test) throw new PolicyError("malformed", `${name} cannot compare ${key} with "${value}"`);
    return test;
  });
  const missing = ofMissing(comparison);
  const holds = (actual: string, context: Context): boolean =>
    tests.some((test) => test(actual, context)) !== operator.negated;
  return (context) => {
    const actual = valuesOf(context, key);
    if (actual.length === 0) return missing;
    if (quantifier === "ForAnyValue") return actual.some((value) => holds(value, context));
    if (quantifier === undefined && actual.length > 1) {
      // AWS says only that it wants one of the two here, so any answer of ours would be a guess.
      throw new PolicyError("unsupported", `${name} on ${key} with several values needs ForAllValues or ForAnyValue`);
    }
    return actual.every((value) => holds(value, context));
  };
};

const compileOne = (name: string, key: string, value: unknown): Condition => {
  if (!key.includes(":")) throw new PolicyError("malformed", `condition key ${key} must be prefaced by a vendor`);
  const values = asValues(value, `${name} on ${key}`);
  return name === "Null" ? compileNull(key, values) : compileComparison(name, key, values);
};

/** The keys a condition block asks for. */
export const conditionKeys = (block: unknown): string[] =>
  block === undefined ? [] : Object.values(asObject(block, "Condition")).flatMap((keys) => Object.keys(keys as object));

/** All that a condition block asks for has to hold; of the values of one key, one. */
export const compileConditions = (block: unknown): Condition => {
  if (block === undefined) return () => true;
  const conditions = Object.entries(asObject(block, "Condition")).flatMap(([name, keys]) =>
    Object.entries(asObject(keys, `Condition ${name}`)).map(([key, value]) => compileOne(name, key, value)),
  );
  return (context) => conditions.every((condition) => condition(context));
};

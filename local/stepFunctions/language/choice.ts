import { isObject, type Json, type JsonObject } from "./json";
import { compilePath, type Path, type Scope } from "./path";
import { select } from "./select";
import { runtimeError } from "./stateError";
import { timestamp } from "./timestamp";

export type Condition = (scope: Scope) => boolean;

/** A value as an operator of some type compares it; undefined: it is of another type. */
type As = (value: Json) => string | number | boolean | undefined;

const asText: As = (value) => (typeof value === "string" ? value : undefined);
const asNumber: As = (value) => (typeof value === "number" ? value : undefined);
const asBoolean: As = (value) => (typeof value === "boolean" ? value : undefined);
const asTime: As = (value) => (typeof value === "string" ? timestamp(value) : undefined);

type Comparable = string | number | boolean;

const orders: Record<string, (one: Comparable, other: Comparable) => boolean> = {
  Equals: (one, other) => one === other,
  LessThan: (one, other) => one < other,
  GreaterThan: (one, other) => one > other,
  LessThanEquals: (one, other) => one <= other,
  GreaterThanEquals: (one, other) => one >= other,
};

const types: Record<string, As> = { String: asText, Numeric: asNumber, Timestamp: asTime, Boolean: asBoolean };

const tests: Record<string, (value: Json) => boolean> = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => asNumber(value) !== undefined,
  IsString: (value) => asText(value) !== undefined,
  IsBoolean: (value) => asBoolean(value) !== undefined,
  IsTimestamp: (value) => asTime(value) !== undefined,
};

const valueAt = (path: Path, scope: Scope): Json => {
  const found = select(path, scope);
  if (found !== undefined) return found;
  throw runtimeError(`Invalid path '${path.text}': The choice state's condition path references an invalid value.`);
};

/** A pattern in which `*` stands for anything, and `\*` for itself. */
const wildcard = (pattern: string): RegExp => {
  const source = pattern.replace(/\\([*\\])|(\*)|[.+?^${}()|[\]\\]/g, (found, escaped, star) =>
    star ? ".*" : `\\${escaped ?? found}`,
  );
  return new RegExp(`^${source}$`, "s");
};

const compileMatches = (variable: Path, pattern: Json): Condition => {
  if (typeof pattern !== "string") throw new Error("StringMatches must be a string");
  const matches = wildcard(pattern);
  return (scope) => {
    const value = valueAt(variable, scope);
    return typeof value === "string" && matches.test(value);
  };
};

const compileTest = (variable: Path, operator: string, expected: Json): Condition => {
  if (typeof expected !== "boolean") throw new Error(`${operator} must be true or false`);
  if (operator === "IsPresent") return (scope) => (select(variable, scope) !== undefined) === expected;
  return (scope) => tests[operator]?.(valueAt(variable, scope)) === expected;
};

const compileComparison = (variable: Path, operator: string, expected: Json): Condition => {
  const [, type = "", order = "", path] =
    /^(String|Numeric|Timestamp|Boolean)((?:Less|Greater)Than(?:Equals)?|Equals)(Path)?$/.exec(operator) ?? [];
  const [as, holds] = [types[type], orders[order]];
  if (!as || !holds || (type === "Boolean" && order !== "Equals"))
    throw new Error(`Field '${operator}' is not supported`);
  if (path === undefined && as(expected) === undefined)
    throw new Error(`${operator} does not have a value of its type`);
  if (path !== undefined && typeof expected !== "string") throw new Error(`${operator} must be a path`);
  const other = path === undefined ? undefined : compilePath(String(expected));
  return (scope) => {
    const one = as(valueAt(variable, scope));
    const compared = as(other ? valueAt(other, scope) : expected);
    return one !== undefined && compared !== undefined && holds(one, compared);
  };
};

const compileRules = (rules: Json | undefined): Condition[] => {
  if (!Array.isArray(rules) || rules.length === 0) throw new Error("And and Or need a list of rules");
  return rules.map((rule) => compileCondition(rule));
};

const only = (rule: JsonObject, name: string): Json | undefined => {
  if (!Object.hasOwn(rule, name)) return undefined;
  const others = Object.keys(rule).filter((key) => key !== name && key !== "Comment");
  if (others.length > 0) throw new Error(`Field '${others[0]}' is not supported beside ${name}`);
  return rule[name];
};

/** A choice rule without its Next. */
export const compileCondition = (rule: Json | undefined): Condition => {
  if (!isObject(rule)) throw new Error("a choice rule is an object");
  const [and, or, not] = [only(rule, "And"), only(rule, "Or"), only(rule, "Not")];
  if (and !== undefined) {
    const rules = compileRules(and);
    return (scope) => rules.every((holds) => holds(scope));
  }
  if (or !== undefined) {
    const rules = compileRules(or);
    return (scope) => rules.some((holds) => holds(scope));
  }
  if (not !== undefined) {
    const negated = compileCondition(not);
    return (scope) => !negated(scope);
  }
  const { Variable, Comment: _, ...operators } = rule;
  const [[operator, expected] = [], ...more] = Object.entries(operators);
  if (typeof Variable !== "string") throw new Error("These fields are required: [Variable]");
  if (operator === undefined || expected === undefined) throw new Error("a choice rule needs an operator");
  if (more.length > 0) throw new Error(`Field '${more[0]?.[0]}' is not supported beside ${operator}`);
  const variable = compilePath(Variable);
  if (operator === "StringMatches") return compileMatches(variable, expected);
  if (operator === "IsPresent" || operator in tests) return compileTest(variable, operator, expected);
  return compileComparison(variable, operator, expected);
};

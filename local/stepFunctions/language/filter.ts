import type { Json } from "./json";
import type { Step } from "./path";
import type { Scanner } from "./scanner";
import { follow } from "./select";

/** Does an item of an array, or of an object, belong to what a path gathers? */
export type Filter = (item: Json, root: Json) => boolean;
type Operand = (item: Json, root: Json) => Json | undefined;
type ReadSteps = (scanner: Scanner) => Step[];

const ordered = (one: Json | undefined, other: Json | undefined, holds: (sign: number) => boolean): boolean => {
  if (typeof one === "number" && typeof other === "number") return holds(one - other);
  if (typeof one === "string" && typeof other === "string") return holds(one < other ? -1 : one > other ? 1 : 0);
  return false;
};

const comparisons: Record<string, (one: Json | undefined, other: Json | undefined) => boolean> = {
  "==": (one, other) => one === other,
  "!=": (one, other) => one !== other,
  "<=": (one, other) => ordered(one, other, (sign) => sign <= 0),
  ">=": (one, other) => ordered(one, other, (sign) => sign >= 0),
  "<": (one, other) => ordered(one, other, (sign) => sign < 0),
  ">": (one, other) => ordered(one, other, (sign) => sign > 0),
};

const literals: Record<string, Json> = { true: true, false: false, null: null };

const readOperand = (scanner: Scanner, readSteps: ReadSteps): Operand => {
  const fromItem = scanner.take("@");
  if (fromItem || scanner.take("$")) {
    const steps = readSteps(scanner);
    return (item, root) => follow(fromItem ? item : root, steps)[0];
  }
  const text = scanner.quoted("'") ?? scanner.quoted('"');
  if (text !== undefined) return () => text;
  const [number] = scanner.match(/-?\d+(\.\d+)?/y) ?? [];
  if (number !== undefined) return () => Number(number);
  const [word = ""] = scanner.match(/true|false|null/y) ?? [];
  const literal = literals[word];
  if (literal === undefined) throw scanner.trouble("expected @, $, a text, a number, true, false or null");
  return () => literal;
};

const readComparison = (scanner: Scanner, readSteps: ReadSteps): Filter => {
  const one = readOperand(scanner, readSteps);
  scanner.space();
  const [operator] = scanner.match(/[=!<>]=|[<>]/y) ?? [];
  const compare = operator === undefined ? undefined : comparisons[operator];
  if (!compare) return (item, root) => one(item, root) !== undefined;
  scanner.space();
  const other = readOperand(scanner, readSteps);
  return (item, root) => compare(one(item, root), other(item, root));
};

const readTerm = (scanner: Scanner, readSteps: ReadSteps): Filter => {
  scanner.space();
  if (scanner.take("!")) {
    const negated = readTerm(scanner, readSteps);
    return (item, root) => !negated(item, root);
  }
  if (!scanner.take("(")) return readComparison(scanner, readSteps);
  const inner = readFilter(scanner, readSteps);
  scanner.expect(")");
  return inner;
};

const readAll = (scanner: Scanner, readSteps: ReadSteps): Filter => {
  const terms = [readTerm(scanner, readSteps)];
  for (scanner.space(); scanner.take("&&"); scanner.space()) terms.push(readTerm(scanner, readSteps));
  return (item, root) => terms.every((term) => term(item, root));
};

/** What stands in `[?( )]`. */
export const readFilter = (scanner: Scanner, readSteps: ReadSteps): Filter => {
  const terms = [readAll(scanner, readSteps)];
  for (scanner.space(); scanner.take("||"); scanner.space()) terms.push(readAll(scanner, readSteps));
  return (item, root) => terms.some((term) => term(item, root));
};

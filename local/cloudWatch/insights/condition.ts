import { invalid, unsupported } from "../refused";
import type { FieldsOf } from "./fields";
import type { Reader } from "./tokens";

/** Whether an event is wanted. */
export type Condition = (fields: FieldsOf) => boolean;

const comparisons: Record<string, (order: number) => boolean> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const isNumeral = (text: string): boolean => text.trim() !== "" && Number.isFinite(Number(text));

/** As numbers where both are, as texts otherwise. */
export const compare = (one: string, other: string): number => {
  if (isNumeral(one) && isNumeral(other)) return Number(one) - Number(other);
  return one < other ? -1 : one > other ? 1 : 0;
};

const literal = (reader: Reader): string => {
  const { kind, text } = reader.take();
  if (kind === "text" || kind === "number") return text;
  if (kind === "word") throw unsupported(`${text} on the right of a comparison in a query`);
  throw invalid(`the query has ${text} where a value was expected`);
};

const containing = (reader: Reader): ((value: string) => boolean) => {
  const { kind, text } = reader.take();
  if (kind === "text") return (value) => value.includes(text);
  if (kind !== "regex") throw invalid(`the query has ${text} where a text or a /pattern/ was expected`);
  const pattern = new RegExp(text);
  return (value) => pattern.test(value);
};

const oneOf = (reader: Reader): Condition => {
  const negated = reader.accept("not");
  if (reader.accept("ispresent")) {
    reader.expect("(");
    const field = reader.word("a field");
    reader.expect(")");
    return (fields) => (fields(field) !== undefined) !== negated;
  }
  if (negated || reader.accept("(")) {
    if (negated) reader.expect("(");
    const inner = readCondition(reader);
    reader.expect(")");
    return (fields) => inner(fields) !== negated;
  }
  const field = reader.word("a field");
  if (reader.accept("like")) {
    const matches = containing(reader);
    return (fields) => matches(fields(field) ?? "");
  }
  if (reader.accept("in")) {
    reader.expect("[");
    const values = reader.list(() => literal(reader));
    reader.expect("]");
    return (fields) => values.includes(fields(field) ?? "");
  }
  const operator = reader.take().text;
  const judge = comparisons[operator];
  if (!judge) throw unsupported(`${operator} after a field in a query's filter`);
  const value = literal(reader);
  return (fields) => {
    const found = fields(field);
    // What an event does not have is different from anything, and neither more nor less.
    return found === undefined ? operator === "!=" : judge(compare(found, value));
  };
};

const all = (reader: Reader): Condition => {
  const parts = [oneOf(reader)];
  while (reader.accept("and")) parts.push(oneOf(reader));
  return (fields) => parts.every((part) => part(fields));
};

/** Reads `a = "x" and (b > 1 or c like /y/)`. */
export const readCondition = (reader: Reader): Condition => {
  const parts = [all(reader)];
  while (reader.accept("or")) parts.push(all(reader));
  return (fields) => parts.some((part) => part(fields));
};

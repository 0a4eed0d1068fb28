import { illegalArgument, knownOnly, refuse } from "../errors";
import { isObject, type Json } from "../json";

export const malformed = (reason: string): Error => refuse({ type: "parsing_exception", reason });

export const asObject = (source: unknown, query: string): Json => {
  if (!isObject(source)) throw malformed(`[${query}] query malformed, no start_object after query name`);
  return source;
};

/** The one field that a query is about, and what is said of it; `shorthand` is where a plain value belongs. */
export const oneField = (
  source: unknown,
  query: string,
  shorthand: string,
  known: readonly string[],
): { field: string; options: Json } => {
  const entries = Object.entries(asObject(source, query));
  const [first] = entries;
  if (!first || entries.length > 1) {
    const names = entries.map(([name]) => name).join("] and [");
    throw malformed(`[${query}] query doesn't support multiple fields, found [${names}]`);
  }
  const [field, value] = first;
  const options = isObject(value) ? value : { [shorthand]: value };
  knownOnly(options, known, `the [${query}] query`);
  if (options[shorthand] === undefined || options[shorthand] === null) {
    throw illegalArgument(`${shorthand} cannot be null in the [${query}] query of [${field}]`);
  }
  return { field, options };
};

export const boostOf = (options: Json): number => {
  const boost = Number(options["boost"] ?? 1);
  if (!(boost >= 0)) throw illegalArgument(`negative [boost] are not allowed, got: ${options["boost"]}`);
  return boost;
};

/** How many of `count` clauses must match. */
export const leastOf = (wanted: unknown, count: number): number => {
  const [, number, percent] = /^(-?\d+)(%)?$/.exec(String(wanted).trim()) ?? [];
  if (number === undefined) throw malformed(`The embedded cloud does not support minimum_should_match [${wanted}].`);
  const amount = percent ? Math.trunc((count * Number(number)) / 100) : Number(number);
  return Math.max(0, amount < 0 ? count + amount : amount);
};

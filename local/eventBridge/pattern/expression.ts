import type { JsonObject } from "../envelope";
import { invalidPattern } from "../errors";

/** The one entry of a match expression. */
export const onlyEntry = (expression: JsonObject, place: string, empty: string): [string, unknown] => {
  const [entry, ...more] = Object.entries(expression);
  if (!entry) throw invalidPattern(empty, place);
  if (more.length > 0) throw invalidPattern("Only one key allowed in match expression", place);
  return entry;
};

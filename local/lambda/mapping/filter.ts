import { isObject } from "../../eventBridge/envelope";
import { compilePattern } from "../../eventBridge/pattern";

export type Filter<Record> = (record: Record) => boolean;

/** A record as patterns see it: its content under a key of its own, and what is known of it beside that. */
export interface Filtered {
  key: string;
  text: string;
  beside: object;
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/** A pattern for JSON passes only contents that are objects, a pattern for plain text only those that are not. */
const compileFilter = (pattern: string): ((filtered: Filtered) => boolean) => {
  const matches = compilePattern(pattern) as (record: object) => boolean;
  const wanted = JSON.parse(pattern) as Record<string, unknown>;
  return ({ key, text, beside }) => {
    if (wanted[key] === undefined) return matches(beside);
    const wantsObject = isObject(wanted[key]);
    const content = parsed(text);
    if (isObject(content) !== wantsObject) return false;
    return matches({ ...beside, [key]: wantsObject ? content : text });
  };
};

/** What any of the patterns lets through. Undefined if there are none: everything is. */
export const compileFilters = <Record>(
  patterns: readonly string[],
  see: (record: Record) => Filtered,
): Filter<Record> | undefined => {
  if (patterns.length === 0) return undefined;
  const filters = patterns.map(compileFilter);
  return (record) => {
    const filtered = see(record);
    return filters.some((filter) => filter(filtered));
  };
};

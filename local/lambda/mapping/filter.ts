import { isObject } from "../../eventBridge/envelope";
import { compilePattern } from "../../eventBridge/pattern";
import type { SqsRecord } from "./record";

export type Filter = (record: SqsRecord) => boolean;

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/** A pattern for JSON passes only bodies that are objects, a pattern for plain text only those that are not. */
const compileFilter = (pattern: string): Filter => {
  const matches = compilePattern(pattern) as (record: object) => boolean;
  const { body: wanted } = JSON.parse(pattern) as { body?: unknown };
  if (wanted === undefined) return matches;
  const wantsObject = isObject(wanted);
  return (record) => {
    const body = parsed(record.body);
    if (isObject(body) !== wantsObject) return false;
    return matches({ ...record, body: wantsObject ? body : record.body });
  };
};

/** What any of the patterns lets through. Undefined if there are none: everything is. */
export const compileFilters = (patterns: readonly string[]): Filter | undefined => {
  if (patterns.length === 0) return undefined;
  const filters = patterns.map(compileFilter);
  return (record) => filters.some((filter) => filter(record));
};

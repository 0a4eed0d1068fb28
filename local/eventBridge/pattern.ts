import { type EventEnvelope, isObject } from "./envelope";
import { invalidPattern, invalidRequest } from "./errors";
import { toSearch } from "./pattern/match";
import { parseFields } from "./pattern/parse";

export type EventMatcher = (event: EventEnvelope) => boolean;

const compile = (json: string): ((event: object) => boolean) => {
  let pattern: unknown;
  try {
    pattern = JSON.parse(json);
  } catch (error) {
    throw invalidPattern(`Invalid JSON: ${error instanceof Error ? error.message : error}`, "");
  }
  if (!isObject(pattern)) throw invalidPattern("Filter is not an object", "");
  const searches = parseFields(pattern).map(toSearch);
  return (event) => searches.some((search) => search(event));
};

/** Reads an event pattern once, so that each event costs only the comparison. */
export const compilePattern = (json: string): EventMatcher => compile(json);

const mandatory = ["id", "account", "source", "time", "region", "resources", "detail-type"];

/** What TestEventPattern answers. */
export const testPattern = (pattern: string, eventJson: string): boolean => {
  const matches = compile(pattern);
  let event: unknown;
  try {
    event = JSON.parse(eventJson);
  } catch {
    throw invalidRequest("Parameter Event is not valid.");
  }
  if (!isObject(event)) throw invalidRequest("Parameter Event is not valid.");
  const missing = mandatory.filter((name) => !Object.hasOwn(event, name));
  if (missing.length > 0) {
    throw invalidRequest(`Parameter Event is not valid. Reason: ${missing.join(", ")} must be given.`);
  }
  return matches(event);
};

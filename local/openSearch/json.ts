import { refuse } from "./errors";

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

export const asList = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

export const equalJson = (a: unknown, b: unknown): boolean => {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, at) => equalJson(one, b[at]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && equalJson(a[name], b[name]));
};

/** Parses a request's body that must be an object. */
export const parseObject = (body: string): Json => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw refuse({ type: "json_parse_exception", reason: "The request's body is not JSON." });
  }
  if (!isObject(parsed)) throw refuse({ type: "parsing_exception", reason: "Expected [START_OBJECT] in the body" });
  return parsed;
};

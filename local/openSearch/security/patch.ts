import { isObject, type Json } from "../json";

const pathOf = (text: unknown): string[] =>
  String(text)
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

type Change = (holder: Record<string, unknown> | unknown[], key: string) => boolean;

/** Changes what stands at the path's end; false where there is no such place. */
const changeAt = (value: unknown, [key, ...rest]: string[], change: Change): boolean => {
  if (key === undefined || (!isObject(value) && !Array.isArray(value))) return false;
  if (rest.length === 0) return change(value as Record<string, unknown>, key);
  return changeAt((value as Json)[key], rest, change);
};

const changes: Readonly<Record<string, (value: unknown) => Change>> = {
  add: (value) => (holder, key) => {
    if (Array.isArray(holder)) holder.splice(key === "-" ? holder.length : Number(key), 0, value);
    else holder[key] = value;
    return true;
  },
  replace: (value) => (holder, key) => {
    if (!(key in holder)) return false;
    (holder as Record<string, unknown>)[key] = value;
    return true;
  },
  remove: () => (holder, key) => {
    if (!(key in holder)) return false;
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    return true;
  },
};

/** Applies a JSON patch to a copy; a text says what was wrong with it. */
export const patched = (value: Json, patch: unknown): Json | string => {
  if (!Array.isArray(patch) || patch.length === 0) return "Wrong request body";
  const copy = structuredClone(value);
  for (const { op, path, value: given } of patch.filter(isObject)) {
    const make = changes[String(op)];
    if (!make) return `Unsupported patch operation: ${op}. Supported are: ${Object.keys(changes)}`;
    if (!changeAt(copy, pathOf(path), make(given))) return `There is nothing at ${path} that could be changed`;
  }
  return copy;
};

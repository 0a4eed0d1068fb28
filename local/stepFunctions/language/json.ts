export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The same value, whatever the order of an object's fields. */
export const equal = (one: Json, other: Json): boolean => {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => equal(item, other[at] ?? null));
  }
  if (isObject(one) && isObject(other)) {
    const names = Object.keys(one);
    return (
      names.length === Object.keys(other).length &&
      names.every((name) => Object.hasOwn(other, name) && equal(one[name] ?? null, other[name] ?? null))
    );
  }
  return one === other;
};

/** Bytes that a state's input, output or result may have. */
export const mostBytes = 262_144;

export const isTooLarge = (text: string): boolean => Buffer.byteLength(text) > mostBytes;

import { PolicyError } from "./errors";

export type Json = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown, what: string): Json => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PolicyError("malformed", `${what} must be an object`);
  }
  return value as Json;
};

/** One text, or a list of texts: policies let both stand wherever they let one. */
export const asTexts = (value: unknown, what: string): readonly string[] =>
  (Array.isArray(value) ? value : [value]).map((one: unknown) => {
    if (typeof one !== "string") throw new PolicyError("malformed", `${what} must be a text or a list of texts`);
    return one;
  });

export const refuseUnknown = (object: Json, known: readonly string[], what: string): void => {
  const stranger = Object.keys(object).find((element) => !known.includes(element));
  if (stranger !== undefined) throw new PolicyError("malformed", `${what} has an unknown element, ${stranger}`);
};

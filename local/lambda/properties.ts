import type { Declared } from "../engine/program";

export const refusal = ({ type, name }: Declared, reason: string): Error => new Error(`${type} ${name}: ${reason}`);

export const unsupportedProperty = (declared: Declared, property: string): Error =>
  refusal(declared, `property ${property} is not supported by the embedded cloud`);

/** Properties that are set, all of which must be among those known. */
export const knownProperties = (declared: Declared, known: readonly string[]): Record<string, unknown> => {
  const set = Object.entries(declared.inputs).filter(([, value]) => value !== undefined && value !== null);
  const unknown = set.find(([property]) => !known.includes(property));
  if (unknown) throw unsupportedProperty(declared, unknown[0]);
  return Object.fromEntries(set);
};

/** The properties of a nested object, under the same rule. */
export const knownParts = (
  declared: Declared,
  property: string,
  known: readonly string[],
): Record<string, unknown> | undefined => {
  const value = declared.inputs[property];
  if (value === undefined || value === null) return undefined;
  const nested = Object.entries(value).map(([part, inner]) => [`${property}.${part}`, inner] as const);
  const inputs = Object.fromEntries(nested);
  const parts = knownProperties(
    { ...declared, inputs },
    known.map((part) => `${property}.${part}`),
  );
  return Object.fromEntries(Object.entries(parts).map(([part, inner]) => [part.slice(property.length + 1), inner]));
};

/** A whole number within AWS's bounds. */
export const wholeNumber = (
  declared: Declared,
  property: string,
  value: unknown,
  [least, most]: readonly [number, number],
): number => {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
  throw refusal(declared, `${property} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`);
};

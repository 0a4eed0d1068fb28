import type { Declared } from "../../engine/program";

export type Properties = Record<string, unknown>;

/** Says which resource it is about. */
export const refusal = ({ type, name }: Declared, why: string): Error => new Error(`${type} ${name}: ${why}`);

/** Refuses what neither is acted on nor known to make no difference here. */
export const understand = (
  declared: Declared,
  properties: unknown,
  known: readonly string[],
  place = "",
): Properties => {
  for (const [property, value] of Object.entries(properties ?? {})) {
    if (value === undefined || known.includes(property)) continue;
    throw refusal(declared, `property ${place}${property} is not supported by the embedded cloud`);
  }
  return (properties ?? {}) as Properties;
};

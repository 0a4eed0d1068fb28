import type { Declared } from "../../engine/program";

type Properties = Record<string, unknown>;

export const refusal = ({ type, name }: Declared, why: string): Error => new Error(`${type} ${name}: ${why}`);

/** What is set of a resource, or of a part of it; refuses what nothing here acts on. */
export const known = (declared: Declared, given: unknown, names: readonly string[], place = ""): Properties => {
  const set = Object.entries((given ?? {}) as Properties).filter(([, value]) => value !== undefined && value !== null);
  const stranger = set.find(([name]) => !names.includes(name));
  if (stranger) throw refusal(declared, `property ${place}${stranger[0]} is not supported by the embedded cloud`);
  return Object.fromEntries(set);
};

/** The only value of a property that is supported. */
export const only = (declared: Declared, inputs: Properties, name: string, value: unknown): void => {
  if (inputs[name] !== undefined && inputs[name] !== value) {
    throw refusal(declared, `${name} ${JSON.stringify(inputs[name])} is not supported by the embedded cloud`);
  }
};

export const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Understood, and without an effect here. */
export const withoutEffect = ["region", "tags", "tagsAll", "description"];

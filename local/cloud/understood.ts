import type { Declared } from "../engine/program";

/** Refuses a declared resource that has a property nobody here has thought about. */
export const understood = ({ type, name, inputs }: Declared, properties: readonly string[]): void => {
  for (const property of Object.keys(inputs)) {
    if (!properties.includes(property)) {
      throw new Error(`${type} ${name}: property ${property} is not supported by the embedded cloud`);
    }
  }
};

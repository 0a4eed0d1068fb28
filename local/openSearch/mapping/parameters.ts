import { mapperParsing } from "../errors";
import type { Json } from "../json";

/** A field as it is declared: where, and with what. */
export interface Declaration {
  path: string;
  type: string;
  parameters: Json;
}

const strangerIn = ({ path, type, parameters }: Declaration, known: readonly string[]): void => {
  const stranger = Object.keys(parameters).find((name) => !["type", "fields", ...known].includes(name));
  if (stranger !== undefined) {
    throw mapperParsing(
      `unknown parameter [${stranger}] on mapper [${path}] of type [${type}]; the embedded cloud knows ${known.join(", ")}`,
    );
  }
};

const flag = ({ path, parameters }: Declaration, name: string): boolean => {
  const value = parameters[name] ?? true;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw mapperParsing(
    `Failed to parse mapping: Failed to parse value [${value}] as only [true] or [false] are allowed. (${name} of [${path}])`,
  );
};

/** What all kinds of fields have. Throws where a parameter is not known. */
export const common = (declaration: Declaration, known: readonly string[]) => {
  strangerIn(declaration, known);
  return { ...declaration, indexed: flag(declaration, "index"), columnar: flag(declaration, "doc_values") };
};

import { illegalArgument, refuse } from "../errors";
import { checkDateFormat, defaultDateFormat, readDate } from "./dateFormat";
import type { NumberField } from "./field";
import { common, type Declaration } from "./parameters";

const noNumber = (value: unknown): Error =>
  typeof value === "string"
    ? refuse({ type: "number_format_exception", reason: `For input string: "${value}"` })
    : typeof value === "object"
      ? illegalArgument("Cannot parse object as number")
      : refuse({
          type: "json_parse_exception",
          reason: `Current token (VALUE_${String(value).toUpperCase()}) not numeric, can not use numeric value accessors`,
        });

const asNumber = (value: unknown): number => {
  const number =
    typeof value === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value;
  if (typeof number !== "number") throw noNumber(value);
  return number;
};

type Bounded = (value: number, given: unknown) => number;

const whole =
  (name: string, most: number): Bounded =>
  (value, given) => {
    if (value < -most || value > most - 1) throw illegalArgument(`Value [${given}] is out of range for ${name}`);
    return Math.trunc(value);
  };

const finite =
  (name: string, round: (value: number) => number): Bounded =>
  (value, given) => {
    const rounded = round(value);
    if (!Number.isFinite(rounded)) throw illegalArgument(`[${name}] supports only finite values, but got [${given}]`);
    return rounded;
  };

const types: Readonly<Record<string, Bounded>> = {
  integer: whole("an integer", 2 ** 31),
  long: whole("a long", 2 ** 63),
  float: finite("float", Math.fround),
  double: finite("double", (value) => value),
};

/** Numbers, also where they come as text, as OpenSearch coerces them; an empty text is none. */
const number =
  (bounded: Bounded) =>
  (declaration: Declaration): NumberField => ({
    ...common(declaration, ["index", "doc_values"]),
    kind: "number",
    read: (value) => (value === "" ? undefined : bounded(asNumber(value), value)),
    span: (value) => {
      const asked = asNumber(value);
      return { from: asked, to: asked };
    },
  });

export const numbers: Readonly<Record<string, (declaration: Declaration) => NumberField>> = Object.fromEntries(
  Object.entries(types).map(([name, bounded]) => [name, number(bounded)]),
);

export const date = (declaration: Declaration): NumberField => {
  const format = String(declaration.parameters["format"] ?? defaultDateFormat);
  checkDateFormat(format);
  return {
    ...common(declaration, ["index", "doc_values", "format"]),
    kind: "number",
    read: (value) => readDate(value, format).from,
    span: (value, asked) => readDate(value, asked ?? format),
  };
};

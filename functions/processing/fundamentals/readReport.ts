import * as v from "valibot";
import { day } from "../events/fields";
import { isAbsent, numberIn } from "../providers/numeral";
import type { Form, Kind, Listed } from "./form";
import type { Report } from "./report";

/** Why a report cannot be used. The value is not repeated: a provider may have put anything there. */
export interface Flaw {
  field: string;
  reason: string;
}

const mostFields = 300;
const longestText = 10_000;
/** Far beyond any there is, and within what a key of DynamoDB may have. */
const longestKey = 200;

/** A name that an object has without having been given it, such as `constructor`, is no figure's. */
const isName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name) && !(name in Object.prototype);

/** The provider's word for no day. */
const noDay = "0000-00-00";

const isDay = (value: unknown): value is string => v.is(day, value);

type Content = Pick<Report, "figures" | "texts">;

/** Takes a field over. Says what is wrong with it, if anything; a field that is not known and no number is left out. */
const take = (
  value: unknown,
  name: string,
  kind: Kind | undefined,
  { figures, texts }: Content,
): string | undefined => {
  if (kind === undefined || kind === "figure") {
    const number = numberIn(value);
    if (number === undefined) return undefined;
    if (!Number.isNaN(number)) {
      if (kind || isName(name)) figures[name] = number;
      return undefined;
    }
    return kind && "must be a number";
  }
  if (isAbsent(value) || value === noDay) return undefined;
  if (kind === "day" && !isDay(value)) return "must be a day as YYYY-MM-DD";
  if (typeof value !== "string") return "must be a string";
  const longest = kind === "key" ? longestKey : longestText;
  if (value.length > longest) return `must have at most ${longest} characters`;
  texts[name] = value;
  return undefined;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One report in our terms. */
export const readReport = ({ raw, period }: Listed, form: Form): Report | Flaw => {
  if (!isObject(raw)) return { field: "", reason: "must be an object" };
  const fields = Object.keys(raw);
  if (fields.length > mostFields) return { field: "", reason: `must have at most ${mostFields} fields` };
  const fiscalDate = raw[form.fiscalDate];
  if (!isDay(fiscalDate)) return { field: form.fiscalDate, reason: "must be a day as YYYY-MM-DD" };
  const content: Content = { figures: {}, texts: {} };
  for (const field of fields) {
    if (field === form.fiscalDate) continue;
    const name = form.nameOf(field);
    const reason = take(raw[field], name, form.kinds.get(name), content);
    if (reason) return { field, reason };
  }
  if (Object.keys(content.figures).length === 0) return { field: "", reason: "must have a figure" };
  return { period, fiscalDate, ...content };
};

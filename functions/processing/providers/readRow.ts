import * as v from "valibot";
import { validate } from "../events/validate";
import { Failure } from "../failure";
import { redactText } from "../redact";
import type { Refused } from "./rows";

/** How a symbol of a provider may look at all; which of them are symbols of ours is not decided here. */
export const symbolText = v.pipe(v.string(), v.regex(/^[!-~]{1,32}$/, "must be 1 to 32 visible characters"));

/** A row's symbol where it has one that can be shown, or else the place where the row stood. */
export const nameOfRow = (symbol: unknown, place: string): string =>
  v.is(symbolText, symbol) ? redactText(symbol) : place;

export interface RowName {
  /** What a row is, for messages: `article`. */
  kind: string;
  at: string;
}

/** One row of a list. One that does not fit is noted with the field that is wrong, and its neighbours are read on. */
export const readRow = <Schema extends v.GenericSchema>(
  schema: Schema,
  row: unknown,
  { kind, at }: RowName,
  refused: Refused[],
): v.InferOutput<Schema> | undefined => {
  try {
    return validate(schema, row, kind);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    refused.push({ at, reason: error.message });
    return undefined;
  }
};

/** The value of a whole answer, or a failure that says that it is not JSON. */
export const parseJson = (body: string, what: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new Failure("validation", `${what} must be JSON`, { origin: "provider", field: what });
  }
};

import { wrongField } from "../../http/problem";
import { PatternError } from "../../pattern/parse";
import type { Conditions } from "../rule";
import { readPattern } from "./match";

/** Far above what people write: a set of a dozen parts, forty times, takes half of it. */
const mostCost = 1_000;

const requireOrder = (from: number | string | undefined, to: number | string | undefined, field: string): void => {
  if (from !== undefined && to !== undefined && from > to)
    throw wrongField(`#/${field}`, "must not be before its beginning");
};

/** Refuses conditions that could never hold, or always, or that no search understands. */
export const requireSound = (conditions: Conditions): void => {
  const { contains, regex, amountFrom, amountTo, dateFrom, dateTo } = conditions;
  if ([contains, regex, amountFrom, amountTo, dateFrom, dateTo].every((one) => one === undefined)) {
    throw wrongField("#/contains", "must be given, or another condition: a rule has at least one");
  }
  requireOrder(amountFrom, amountTo, "amountTo");
  requireOrder(dateFrom, dateTo, "dateTo");
  if (regex === undefined) return;
  try {
    if (readPattern(regex).cost > mostCost) {
      throw wrongField("#/regex", "must be a simpler pattern: its counts repeat too large sets of characters");
    }
  } catch (error) {
    if (error instanceof PatternError) throw wrongField("#/regex", error.message);
    throw error;
  }
};

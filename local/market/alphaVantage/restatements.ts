import type { Reports } from "../companies/company";
import type { Day } from "../days";
import { type StatementFunction, statementFields } from "./statements";

/** A company corrects what it once reported. */
export interface Restatement {
  function: StatementFunction;
  period: keyof Reports;
  fiscalDateEnding: Day;
  /** New values by the provider's names; null takes a figure back. */
  figures: Readonly<Record<string, number | null>>;
}

export interface Restatements {
  add: (symbol: string, restatement: Restatement) => void;
  of: (symbol: string, name: StatementFunction, period: keyof Reports, day: Day) => Record<string, string>;
}

export const createRestatements = (): Restatements => {
  const restated = new Map<string, Record<string, string>>();
  const keyOf = (...parts: string[]): string => parts.join(" ");
  return {
    add: (symbol, { function: name, period, fiscalDateEnding, figures }) => {
      const stranger = Object.keys(figures).find((field) => !statementFields[name].includes(field));
      if (stranger) throw new Error(`figures.${stranger}: ${name} has no such figure`);
      const key = keyOf(symbol, name, period, fiscalDateEnding);
      const written = Object.entries(figures).map(([field, value]) => [field, value === null ? "None" : String(value)]);
      restated.set(key, { ...restated.get(key), ...Object.fromEntries(written) });
    },
    of: (...parts) => restated.get(keyOf(...parts)) ?? {},
  };
};

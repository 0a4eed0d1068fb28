import { largestAmount, minorDigits } from "../../ledger/money";
import { minorUnits, readNumeral, tooLarge } from "../amount";
import { currencyOf } from "../currency";
import type { DecimalMark } from "../statement";
import type { Columns } from "./columns";
import { directionOf } from "./direction";

/** What is wrong with a line, by the words under which its owner knows the cell. */
export interface Wrong {
  field: string;
  reason: string;
}

export interface Sum {
  amount: number;
  currency: string;
}

interface Money extends Sum {
  /** Undefined where the cell does not say it. */
  negative: boolean | undefined;
}

export interface MoneyRules {
  columns: Columns;
  mark: DecimalMark;
  /** Of the account or the file, for cells that name none. */
  currency: string | undefined;
}

const isFilled = (cell: string): boolean => cell.trim() !== "";

const cell = (cells: readonly string[], at: number | undefined): string => (at === undefined ? "" : (cells[at] ?? ""));

const moneyIn = (cells: readonly string[], at: number, field: string, rules: MoneyRules): Money | Wrong => {
  const numeral = readNumeral(cells[at] ?? "");
  if (!numeral) return { field, reason: "must be an amount" };
  const named = cell(cells, rules.columns.currency).trim().toUpperCase();
  const currency = named === "" ? (numeral.currency ?? rules.currency) : currencyOf(named);
  if (currency === undefined && named !== "") return { field: "currency", reason: "must be a currency's code" };
  if (currency === undefined) return { field: "currency", reason: "is not named by the line, the file or the account" };
  const places = minorDigits(currency);
  const amount = minorUnits(numeral.digits, rules.mark, places);
  if (amount === undefined) {
    return {
      field,
      reason: `must be an amount of ${currency}, with a decimal ${rules.mark === "." ? "point" : "comma"} and ${places} decimals at most`,
    };
  }
  if (amount > largestAmount) return { field, reason: tooLarge };
  return { amount, currency, negative: numeral.negative };
};

/** Minus nought is a number that JSON does not know. */
const signed = (amount: number, negative: boolean): number => (negative && amount !== 0 ? -amount : amount);

const isWrong = (value: Money | Wrong): value is Wrong => "reason" in value;

const ofAmount = (cells: readonly string[], at: number, rules: MoneyRules): Sum | Wrong => {
  const money = moneyIn(cells, at, "amount", rules);
  if (isWrong(money)) return money;
  const { direction } = rules.columns;
  const said = direction === undefined ? 1 : directionOf(cell(cells, direction));
  if (said === undefined && money.negative === undefined) {
    return { field: "direction", reason: "must say whether it is debit or credit" };
  }
  return { amount: signed(money.amount, money.negative ?? said === -1), currency: money.currency };
};

/** Of two columns one says what left and the other what came in; a nought in one of them is as good as nothing. */
const ofSides = (cells: readonly string[], rules: MoneyRules): Sum | Wrong => {
  const { debit, credit } = rules.columns;
  const sides = [
    { at: debit, field: "debit", out: true },
    { at: credit, field: "credit", out: false },
  ].flatMap(({ at, field, out }) =>
    at !== undefined && isFilled(cell(cells, at)) ? [{ out, money: moneyIn(cells, at, field, rules) }] : [],
  );
  let found: Sum | undefined;
  for (const { out, money } of sides) {
    if (isWrong(money)) return money;
    // A debit is money that left whether or not a minus stands before it; a negative credit took something back.
    const sum = { amount: signed(money.amount, out || money.negative === true), currency: money.currency };
    if (found && found.amount !== 0 && sum.amount !== 0)
      return { field: "amount", reason: "must not be both debit and credit" };
    if (!found || found.amount === 0) found = sum;
  }
  return found ?? { field: "amount", reason: "is missing" };
};

/** What the line moved, or what is wrong with how it says so. */
export const sumOf = (cells: readonly string[], rules: MoneyRules): Sum | Wrong => {
  const { amount } = rules.columns;
  if (amount !== undefined && isFilled(cell(cells, amount))) return ofAmount(cells, amount, rules);
  return ofSides(cells, rules);
};

/** Whether a line says any sum at all. */
export const saysSum = (cells: readonly string[], { amount, debit, credit }: Columns): boolean =>
  [amount, debit, credit].some((at) => isFilled(cell(cells, at)));

import { isCurrency, largestAmount, minorDigits } from "../ledger/money";
import { currencyOf, currencySigns } from "./currency";
import { type DecimalMark, decimalMarks } from "./statement";

/** An amount as it is written: what it says besides its digits, and the digits with their marks. */
export interface Numeral {
  /** Undefined where neither a sign, nor parentheses, nor a word says it. */
  negative: boolean | undefined;
  currency: string | undefined;
  digits: string;
}

const longest = 64;
const minus = /^[-\u2010-\u2015\u2212]|[-\u2010-\u2015\u2212]$/u;
const plus = /^\+|\+$/;
const debitWord = /(?<=[\d\s)])(?:dr|debit|d|s)\.?$/i;
const creditWord = /(?<=[\d\s)])(?:cr|credit|c|h)\.?$/i;
const code = /^[A-Z]{3}(?=[\s\d(.,+-])|(?<=[\s\d).,+-])[A-Z]{3}$/;
/** Groups may be set off by a blank of any width, or by an apostrophe. */
const written = /^(?:\d[\d.,'’\s]*|[.,]\d+)$/u;
/** As most amounts are. */
const bare = /^-?\d{1,15}(?:[.,]\d{1,4})?$/;
const mostTrims = 8;

const signAt = (text: string): string | undefined =>
  currencySigns.find((sign) => text.startsWith(sign)) ?? currencySigns.find((sign) => text.endsWith(sign));

const without = (text: string, part: string): string =>
  (text.startsWith(part) ? text.slice(part.length) : text.slice(0, -part.length)).trim();

/** Takes an amount apart, or undefined where a text is none. */
export const readNumeral = (text: string): Numeral | undefined => {
  if (text.length > longest) return undefined;
  if (bare.test(text)) {
    return text.startsWith("-")
      ? { negative: true, currency: undefined, digits: text.slice(1) }
      : { negative: undefined, currency: undefined, digits: text };
  }
  let rest = text.trim();
  let negative: boolean | undefined;
  let currency: string | undefined;
  for (let trims = 0; trims < mostTrims; trims++) {
    if (written.test(rest)) return { negative, currency, digits: rest.replace(/['’\s]/gu, "") };
    const sign = signAt(rest);
    const said = code.exec(rest)?.[0];
    if (rest.startsWith("(") && rest.endsWith(")")) {
      if (negative !== undefined) return undefined;
      negative = true;
      rest = rest.slice(1, -1).trim();
    } else if (sign !== undefined) {
      currency ??= currencyOf(sign);
      rest = without(rest, sign);
    } else if (said !== undefined && isCurrency(said)) {
      currency = said;
      rest = without(rest, said);
    } else if (minus.test(rest)) {
      if (negative !== undefined) return undefined;
      negative = true;
      rest = rest.replace(minus, "").trim();
    } else if (plus.test(rest)) {
      if (negative !== undefined) return undefined;
      negative = false;
      rest = rest.replace(plus, "").trim();
    } else if (debitWord.test(rest)) {
      if (negative === false) return undefined;
      negative = true;
      rest = rest.replace(debitWord, "").trim();
    } else if (creditWord.test(rest)) {
      if (negative !== undefined) return undefined;
      negative = false;
      rest = rest.replace(creditWord, "").trim();
    } else return undefined;
  }
  return undefined;
};

/** Whole thousands, or the groups of two that India writes above them. */
const shapes: Record<DecimalMark, RegExp> = {
  ".": /^(\d*|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3})(?:\.(\d*))?$/,
  ",": /^(\d*|\d{1,3}(?:\.\d{3})+|\d{1,2}(?:\.\d{2})*\.\d{3})(?:,(\d*))?$/,
};

/**
 * The value without its sign in the smallest unit of a currency with so many decimals; undefined where the digits, read
 * with this mark, make no such amount. More decimals than the currency has are only let pass where they are noughts.
 */
export const minorUnits = (digits: string, mark: DecimalMark, places: number): number | undefined => {
  const found = shapes[mark].exec(digits);
  const whole = (found?.[1] ?? "").replace(/[.,]/g, "");
  const fraction = found?.[2] ?? "";
  if (!found || (whole === "" && fraction === "") || /[^0]/.test(fraction.slice(places))) return undefined;
  const value = Number(whole + fraction.slice(0, places).padEnd(places, "0"));
  return Number.isSafeInteger(value) ? value : undefined;
};

/** Of an amount that no transaction has. */
export const tooLarge = `must be at most ${largestAmount} of the currency's smallest unit`;

/** What the amounts of a file tell about the mark before the decimals. */
export interface MarkEvidence {
  /** Amounts that can be read with this mark alone. */
  only: Record<DecimalMark, number>;
  /** Amounts such as 1.234: that it is one thousand and more is said by the currency alone, which has no three decimals. */
  thousands: Record<DecimalMark, number>;
  /** Amounts that mean one thing with a point and another with a comma. */
  either: number;
}

export const noMarkEvidence = (): MarkEvidence => ({
  only: { ".": 0, ",": 0 },
  thousands: { ".": 0, ",": 0 },
  either: 0,
});

const grouped = /^\d{1,3}[.,]\d{3}$/;

export const noteMark = (evidence: MarkEvidence, digits: string, currency: string | undefined): void => {
  if (!/[.,]/.test(digits)) return;
  const places = minorDigits(currency ?? "");
  const [point, comma] = decimalMarks.map((mark) => minorUnits(digits, mark, places));
  if (point === comma) return;
  if (point !== undefined && comma !== undefined) evidence.either++;
  else evidence[grouped.test(digits) ? "thousands" : "only"][comma === undefined ? "." : ","]++;
};

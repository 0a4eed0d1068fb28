import { isCurrency, largestAmount, minorDigits } from "../../ledger/money";
import { minorUnits, readNumeral, tooLarge } from "../amount";
import { bounds } from "../bounds";
import type { ReadLine } from "../entry";
import type { DecimalMark } from "../statement";
import { joined, shown } from "../text";
import { dayOfMoment } from "./date";

/** The values inside one STMTTRN; those of an aggregate inside it as `PAYEE.NAME`. */
export type Values = ReadonlyMap<string, string>;

/** OFX knows no marks between thousands; banks do. The last mark is the one before the decimals, unless it is repeated. */
const markOf = (digits: string): DecimalMark => {
  const last = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
  const mark = digits[last] === "," ? "," : ".";
  if (digits.indexOf(mark) === last || last < 0) return mark;
  return mark === "," ? "." : ",";
};

export const amountOf = (text: string, currency: string): number | undefined => {
  const numeral = readNumeral(text);
  const value = numeral && minorUnits(numeral.digits, markOf(numeral.digits), minorDigits(currency));
  return value === undefined ? undefined : numeral?.negative && value !== 0 ? -value : value;
};

export const readTransaction = (values: Values, line: number, statementCurrency: string | undefined): ReadLine => {
  const bad = (field: string, reason: string): ReadLine => ({ bad: { line, field, reason } });
  const value = (name: string): string => values.get(name) ?? "";
  if (values.has("CORRECTFITID"))
    return bad("CORRECTFITID", "corrects an earlier booking: corrections are not applied");
  const posted = value("DTPOSTED");
  if (posted === "") return bad("DTPOSTED", "is missing");
  const date = dayOfMoment(posted);
  if (date === undefined) return bad("DTPOSTED", "must be a day that exists, as YYYYMMDD");
  const currency = value("CURRENCY.CURSYM").toUpperCase() || statementCurrency;
  if (currency === undefined) return bad("CURDEF", "is missing, and the account names no currency");
  if (!isCurrency(currency)) return bad("CURDEF", "must be a currency's code");
  const written = value("TRNAMT");
  if (written === "") return bad("TRNAMT", "is missing");
  const amount = amountOf(written, currency);
  if (amount === undefined)
    return bad("TRNAMT", `must be an amount of ${currency} with ${minorDigits(currency)} decimals at most`);
  if (Math.abs(amount) > largestAmount) return bad("TRNAMT", tooLarge);
  const payee = shown(value("NAME") || value("PAYEE.NAME"));
  const bankId = value("FITID");
  if (bankId.length > bounds.bankIdCharacters)
    return bad("FITID", `must have at most ${bounds.bankIdCharacters} characters`);
  const check = value("CHECKNUM");
  return {
    entry: {
      line,
      date,
      amount,
      currency,
      description: joined([payee, value("MEMO")]) || shown([value("TRNTYPE"), check].filter(Boolean).join(" ")),
      ...(payee && { payee }),
      ...(bankId && { bankId: shown(bankId, bounds.bankIdCharacters) }),
    },
  };
};

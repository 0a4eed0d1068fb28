import { endingOf } from "../../ledger/account";
import { isCurrency } from "../../ledger/money";
import type { ReadLine } from "../entry";
import { refusal } from "../refuse";
import type { Balance, NamedAccount } from "../statement";
import { dayOfMoment } from "./date";
import { elements } from "./elements";
import { tokenizer } from "./tokens";
import { amountOf, readTransaction } from "./transaction";

/** What an OFX document says besides its bookings. */
export interface OfxFacts {
  account?: NamedAccount;
  currency?: string;
  balance?: Balance;
  /** It carries what Quicken adds. */
  quicken: boolean;
}

export interface OfxReader {
  push: (text: string) => ReadLine[];
  end: () => ReadLine[];
  facts: () => OfxFacts;
}

const statements = new Set(["STMTRS", "CCSTMTRS"]);
const accounts = new Set(["BANKACCTFROM", "CCACCTFROM"]);
const inside = new Set(["PAYEE", "CURRENCY", "ORIGCURRENCY", "BANKACCTTO", "CCACCTTO", "LEDGERBAL", "AVAILBAL"]);

/** Reads the statements of banks and of credit cards. `hint`: the account's currency, for a document that names none. */
export const ofxReader = (hint: string | undefined): OfxReader => {
  const tokens = tokenizer();
  const facts: OfxFacts = { quicken: false };
  const numbers = new Set<string>();
  let seen: "nothing" | "document" | "statement" = "nothing";
  let ended = false;
  let currency = hint;
  let account = new Map<string, string>();
  let balance = new Map<string, string>();
  let booking: { line: number; values: Map<string, string> } | undefined;
  let severe: string | undefined;
  let status = "";
  let lines: ReadLine[] = [];

  const cutOff = (): void => {
    if (booking) lines.push({ bad: { line: booking.line, field: "STMTTRN", reason: "is cut off" } });
    booking = undefined;
  };

  const nameAccount = (kind: string): void => {
    const number = account.get("ACCTID") ?? "";
    if (number === "") return;
    numbers.add([kind, account.get("BANKID"), number].join(" "));
    if (numbers.size > 1) throw refusal("file", "holds the statements of several accounts: download each by itself");
    facts.account = {
      ending: endingOf(number),
      kind: kind === "CCACCTFROM" ? "CREDITCARD" : (account.get("ACCTTYPE") ?? "").slice(0, 20).toUpperCase() || "BANK",
    };
  };

  const nameBalance = (): void => {
    const date = dayOfMoment(balance.get("DTASOF") ?? "");
    const amount = currency === undefined ? undefined : amountOf(balance.get("BALAMT") ?? "", currency);
    if (date !== undefined && amount !== undefined && currency !== undefined)
      facts.balance = { amount, currency, date };
  };

  const take = elements({
    opened: (name, line) => {
      if (name === "OFX") seen = seen === "nothing" ? "document" : seen;
      else if (statements.has(name)) {
        seen = "statement";
        currency = hint;
      } else if (name === "INVSTMTRS")
        throw refusal("file", "is a statement of investments: those of banks and credit cards are read");
      else if (accounts.has(name)) account = new Map();
      else if (name === "LEDGERBAL") balance = new Map();
      else if (name === "STMTTRN") {
        cutOff();
        booking = { line, values: new Map() };
      } else if (name.startsWith("INTU.")) facts.quicken = true;
    },
    said: (name, value, within) => {
      const parent = within.findLast((one) => inside.has(one) || accounts.has(one)) ?? "";
      if (name.startsWith("INTU.")) return;
      if (booking) booking.values.set(inside.has(parent) ? `${parent}.${name}` : name, value);
      else if (accounts.has(parent)) account.set(name, value);
      else if (parent === "LEDGERBAL") balance.set(name, value);
      else if (name === "CURDEF") {
        const code = value.toUpperCase();
        if (!isCurrency(code)) throw refusal("file.CURDEF", "must be a currency's code");
        currency = code;
        facts.currency = code;
      } else if (name === "CODE") status = /^\d{1,6}$/.test(value) ? value : "";
      else if (name === "SEVERITY" && value.toUpperCase() === "ERROR") severe = status;
    },
    closed: (name) => {
      if (name === "STMTTRN" && booking) {
        lines.push(readTransaction(booking.values, booking.line, currency));
        booking = undefined;
      } else if (accounts.has(name) && !booking) nameAccount(name);
      else if (name === "LEDGERBAL") nameBalance();
      else if (name === "OFX") ended = true;
    },
  });

  const flush = (): ReadLine[] => {
    const flushed = lines;
    lines = [];
    return flushed;
  };

  return {
    push: (text) => {
      take(tokens.push(text));
      return flush();
    },
    end: () => {
      take(tokens.end());
      if (seen !== "statement" && severe !== undefined)
        throw refusal("file", `says that the bank gave no statement${severe && ` (code ${severe})`}`);
      if (seen !== "statement") throw refusal("file", "holds no statement of a bank or a credit card");
      cutOff();
      if (!ended) lines.push({ bad: { line: tokens.line(), field: "file", reason: "ends before its last tag" } });
      return flush();
    },
    facts: () => ({ ...facts, ...(facts.currency === undefined && hint !== undefined && { currency: hint }) }),
  };
};

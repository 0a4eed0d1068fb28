import { createHash } from "node:crypto";
import type { Transaction } from "../ledger/transaction";
import { type Counted, grouped, monthOf, plus, type Total } from "./sum";

/** What came in and went out in one currency and one category; both are 0 or more. */
export interface Sums {
  currency: string;
  /** Absent for transactions that are in none. */
  categoryId?: string;
  income: Total;
  expenses: Total;
  transactions: number;
}

/** A month of somebody's books: all that is ever computed from its transactions. */
export interface Month {
  month: string;
  transactions: number;
  /** The same for the same transactions in the same versions. */
  digest: string;
  sums: Sums[];
}

/** The sums of a month, with the month beside them. */
export type Summed = Sums & { month: string };

export type Booked = Counted & Pick<Transaction, "transactionId" | "version">;

const sumsOf = (transactions: readonly Counted[]): Omit<Sums, "currency" | "categoryId"> => {
  let [income, expenses]: [Total, Total] = [0, 0];
  for (const { amount } of transactions) {
    if (amount > 0) income = plus(income, amount);
    else expenses = plus(expenses, -amount);
  }
  return { income, expenses, transactions: transactions.length };
};

const digestOf = (lines: readonly string[]): string =>
  createHash("sha256").update(lines.toSorted().join("\n")).digest("hex").slice(0, 32);

const monthOfBooks = (month: string, own: readonly Booked[]): Month => ({
  month,
  transactions: own.length,
  digest: digestOf(own.map(({ transactionId, version }) => `${transactionId}#${version}`)),
  sums: grouped(own, ({ currency }) => currency).flatMap(([currency, inIt]) =>
    grouped(inIt, ({ categoryId = "" }) => categoryId).map(([categoryId, ofCategory]) => ({
      currency,
      ...(categoryId !== "" && { categoryId }),
      ...sumsOf(ofCategory),
    })),
  ),
});

/** The months that have any transaction, oldest first. */
export const monthsOf = (transactions: readonly Booked[]): Month[] =>
  grouped(transactions, ({ date }) => monthOf(date)).map(([month, own]) => monthOfBooks(month, own));

export const summed = (months: readonly Month[]): Summed[] =>
  months.flatMap(({ month, sums }) => sums.map((one) => ({ month, ...one })));

/** Of all that figures are computed from. */
export const digestOfMonths = (months: readonly Month[]): string =>
  digestOf(months.map(({ month, digest }) => `${month}#${digest}`));

import { type Counted, grouped, monthOf, plus } from "./sum";

export interface CashFlowMonth {
  month: string;
  /** In the currency's smallest unit; both are 0 or more. */
  income: number;
  expenses: number;
  net: number;
  transactions: number;
}

export interface CashFlow {
  currencies: { currency: string; months: CashFlowMonth[] }[];
}

const monthFlow = (month: string, transactions: readonly Counted[]): CashFlowMonth => {
  let [income, expenses] = [0, 0];
  for (const { amount } of transactions) {
    if (amount > 0) income = plus(income, amount);
    else expenses = plus(expenses, -amount);
  }
  return { month, income, expenses, net: plus(income, -expenses), transactions: transactions.length };
};

/** What came in and what went out: by currency, since no rate of exchange is known here, and by month. */
export const cashFlow = (transactions: readonly Counted[]): CashFlow => ({
  currencies: grouped(transactions, ({ currency }) => currency).map(([currency, own]) => ({
    currency,
    months: grouped(own, ({ date }) => monthOf(date)).map(([month, ofMonth]) => monthFlow(month, ofMonth)),
  })),
});

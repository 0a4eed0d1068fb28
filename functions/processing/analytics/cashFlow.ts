import { type Month, type Summed, summed } from "./months";
import { grouped, plus } from "./sum";

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

const monthFlow = (month: string, sums: readonly Summed[]): CashFlowMonth => {
  const total = (what: "income" | "expenses" | "transactions") => sums.reduce((all, one) => plus(all, one[what]), 0);
  const [income, expenses] = [total("income"), total("expenses")];
  return { month, income, expenses, net: plus(income, -expenses), transactions: total("transactions") };
};

/** What came in and what went out: by currency, since no rate of exchange is known here, and by month. */
export const cashFlow = (months: readonly Month[]): CashFlow => ({
  currencies: grouped(summed(months), ({ currency }) => currency).map(([currency, own]) => ({
    currency,
    months: grouped(own, ({ month }) => month).map(([month, ofMonth]) => monthFlow(month, ofMonth)),
  })),
});

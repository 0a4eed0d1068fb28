import { type Month, type Summed, summed } from "./months";
import { grouped, minus, plus, type Total } from "./sum";

export interface CashFlowMonth {
  month: string;
  /** In the currency's smallest unit; both are 0 or more. */
  income: Total;
  expenses: Total;
  net: Total;
  transactions: number;
}

export interface CashFlow {
  currencies: { currency: string; months: CashFlowMonth[] }[];
}

const monthFlow = (month: string, sums: readonly Summed[]): CashFlowMonth => {
  const total = (what: "income" | "expenses") => sums.reduce<Total>((all, one) => plus(all, one[what]), 0);
  const [income, expenses] = [total("income"), total("expenses")];
  const transactions = sums.reduce((all, one) => all + one.transactions, 0);
  return { month, income, expenses, net: minus(income, expenses), transactions };
};

/** What came in and what went out: by currency, since no rate of exchange is known here, and by month. */
export const cashFlow = (months: readonly Month[]): CashFlow => ({
  currencies: grouped(summed(months), ({ currency }) => currency).map(([currency, own]) => ({
    currency,
    months: grouped(own, ({ month }) => month).map(([month, ofMonth]) => monthFlow(month, ofMonth)),
  })),
});

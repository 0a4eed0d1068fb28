import { cashFlow } from "./cashFlow";
import type { Month } from "./months";
import { divided, monthsUpTo, plus, type Total } from "./sum";

/** As many months are judged: a year's bills come unevenly, and what lies further back says little of today. */
const judgedMonths = 6;

export type Standing = "saving" | "even" | "overspending";

export interface Health {
  currency: string;
  /** First and last month that were judged. */
  from: string;
  to: string;
  monthsJudged: number;
  /** In the currency's smallest unit. */
  meanIncome: Total;
  meanExpenses: Total;
  meanNet: Total;
  /** Null, as `standing`, where a sum of which it tells cannot be computed. */
  monthsInThePlus: number | null;
  standing: Standing | null;
  /** Hundredths of a per cent of the income that stayed; absent, with the reason, where there is none. */
  savingsRate?: number;
  noSavingsRate?: string;
}

export interface FinancialHealth {
  currencies: Health[];
}

const standingOf = (net: Total): Standing | null => {
  if (net === null) return null;
  return net > 0 ? "saving" : net < 0 ? "overspending" : "even";
};

/** Exact also where money times ten thousand is more than a number can hold. */
const rate = (net: number, income: number): number => Number((BigInt(net) * 10_000n) / BigInt(income));

const savingsOf = (net: Total, income: Total): Pick<Health, "savingsRate" | "noSavingsRate"> => {
  if (net === null || income === null) return { noSavingsRate: "the sums are too large to be counted exactly" };
  if (income === 0) return { noSavingsRate: "there was no income in the months that were judged" };
  return { savingsRate: rate(net, income) };
};

const healthOf = ({ currency, months }: ReturnType<typeof cashFlow>["currencies"][number]): Health => {
  const latest = months.at(-1)?.month ?? "";
  const first = months[0]?.month ?? "";
  // A month without a transaction counts too: nothing came in and nothing went out.
  const judged = monthsUpTo(latest, judgedMonths).filter((month) => month >= first);
  const flows = months.filter(({ month }) => judged.includes(month));
  const total = (what: "income" | "expenses" | "net") => flows.reduce<Total>((sum, flow) => plus(sum, flow[what]), 0);
  const [income, expenses, net] = [total("income"), total("expenses"), total("net")];
  return {
    currency,
    from: judged[0] ?? latest,
    to: latest,
    monthsJudged: judged.length,
    meanIncome: divided(income, judged.length),
    meanExpenses: divided(expenses, judged.length),
    meanNet: divided(net, judged.length),
    monthsInThePlus: flows.some((flow) => flow.net === null)
      ? null
      : flows.filter((flow) => flow.net !== null && flow.net > 0).length,
    standing: standingOf(net),
    ...savingsOf(net, income),
  };
};

/** Whether somebody lives within their means, by currency, over the last months that have transactions. */
export const financialHealth = (months: readonly Month[]): FinancialHealth => ({
  currencies: cashFlow(months).currencies.map(healthOf),
});

import type { BalanceFigures } from "../fundamentals/balanceSheet";
import type { CashFlowFigures } from "../fundamentals/cashFlow";
import type { EarningsFigures } from "../fundamentals/earnings";
import type { IncomeFigures } from "../fundamentals/incomeStatement";
import type { OverviewFigures } from "../fundamentals/overview";
import type { Books, Period } from "./books";
import type { StoredReport } from "./fundamentals";
import type { Input } from "./schema";

/**
 * Reads figures for one measure and remembers which, and which there were not. A missing figure reads as NaN, which no
 * arithmetic turns back into a number. One in another currency than the measure's first is missing: there are no rates.
 */
export interface Reading {
  readonly inputs: Input[];
  readonly missing: string[];
  income: (figure: keyof IncomeFigures, period: Period) => number;
  balance: (figure: keyof BalanceFigures, period: Period) => number;
  cashFlow: (figure: keyof CashFlowFigures, period: Period) => number;
  earnings: (figure: keyof EarningsFigures, period: Period) => number;
  /** Of the newest overview. */
  overview: (figure: keyof OverviewFigures) => number;
  /** A quotient, missing unless the divisor is above 0: a loss over negative revenue would look like a profit. */
  ratio: (dividend: number, divisor: number, divisorName: string) => number;
  /** A number that makes sense only above 0, such as what a firm is worth. */
  positive: (value: number, name: string) => number;
  /** What the overview's age leaves of the certainty, where it was read beside other reports. */
  overviewFreshness: () => number;
}

/** Numbers of shares, which are the same in every currency. */
const counts: ReadonlySet<string> = new Set(["commonStockSharesOutstanding", "sharesOutstanding"]);

/** In which currency a figure is, where that is known. */
const currencyOf = (type: Input["type"], { texts }: StoredReport, figure: string): string | undefined =>
  counts.has(figure) ? undefined : texts?.[type === "company_overview" ? "currency" : "reportedCurrency"];

export const startReading = (books: Books): Reading => {
  const inputs: Input[] = [];
  const missing: string[] = [];
  const latest = books.latest.periods[0];
  let overviewRead = false;
  let currency: string | undefined;

  const take = (type: Input["type"], report: StoredReport | undefined, figure: string, when: string): number => {
    const value = report?.figures[figure];
    if (report === undefined || typeof value !== "number" || !Number.isFinite(value)) {
      missing.push(`${figure} (${type} ${when})`);
      return Number.NaN;
    }
    const own = currencyOf(type, report, figure);
    currency ??= own;
    if (own !== undefined && own !== currency) {
      const ofStatement = `${figure} (${type} ${when}) in ${currency}`;
      missing.push(type === "company_overview" ? `${figure} in the currency of the statements` : ofStatement);
      return Number.NaN;
    }
    inputs.push({ type, figure, fiscal_date: report.fiscal_date, report_key: report.report_key, value });
    return value;
  };

  const positive = (value: number, name: string): number => {
    if (value <= 0) missing.push(`${name} above 0`);
    return value > 0 ? value : Number.NaN;
  };

  return {
    inputs,
    missing,
    income: (figure, period) => take("income_statement", period.income, figure, period.date),
    balance: (figure, period) => take("balance_sheet", period.balance, figure, period.date),
    cashFlow: (figure, period) => take("cash_flow", period.cashFlow, figure, period.date),
    earnings: (figure, period) => take("earnings", period.earnings, figure, period.date),
    overview: (figure) => {
      overviewRead = true;
      return take("company_overview", latest?.overview, figure, latest?.date ?? "latest");
    },
    ratio: (dividend, divisor, divisorName) => dividend / positive(divisor, divisorName),
    positive,
    overviewFreshness: () => (overviewRead ? (latest?.freshness ?? 0) : 1),
  };
};

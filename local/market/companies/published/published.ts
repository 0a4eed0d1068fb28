import type { Day } from "../../days";
import type { BalanceField, CashFlowField, Figures, IncomeField, Statement } from "../statement";

/** One value a fiscal year, oldest first. Null where the report names none. */
export type Row = readonly (number | null)[];

/** A company that exists, with figures from its annual reports (Form 10-K), as first published unless `source` says otherwise. */
export interface Published {
  source: string;
  symbol: string;
  name: string;
  sector: string;
  industry: string;
  exchange: "NYSE" | "NASDAQ";
  cik: string;
  /** As the provider dates them: the last day of the month. */
  fiscalYears: readonly Day[];
  /** In millions of dollars. */
  income: { [Name in IncomeField]?: Row };
  balance: { [Name in BalanceField]?: Row };
  cashFlow: { [Name in CashFlowField]?: Row };
  /** Part of the equity that is not the shareholders', in millions: the provider leaves it out of its answers. */
  noncontrollingInterest?: Row;
  dilutedEps: readonly number[];
  /** In thousands. */
  sharesOutstanding: readonly number[];
  /** Closing price on the last trading day of the last fiscal year, and the dividends declared in it. */
  price: number;
  dividendPerShare: number;
  /** Percent of the year that each quarter is made to have: the quarters are derived, see quarters.ts. */
  quarterPercent: readonly [number, number, number, number];
}

const million = 1_000_000;

const column = <Field extends string>(rows: { [Name in Field]?: Row }, year: number): Figures<Field> => {
  const figures: Figures<Field> = {};
  for (const [name, row] of Object.entries(rows) as [Field, Row][]) {
    const value = row[year] ?? null;
    if (value !== null) figures[name] = value * million;
  }
  return figures;
};

/** What follows from published figures by addition. */
const withSums = (income: Figures<IncomeField>, depreciation: number | undefined): Figures<IncomeField> => {
  const { incomeBeforeTax, interestExpense, costOfRevenue, netIncome } = income;
  // For a bank interest is the business itself: there is no result before it.
  const ebit =
    costOfRevenue === undefined || incomeBeforeTax === undefined ? undefined : incomeBeforeTax + (interestExpense ?? 0);
  return {
    ...income,
    ...(costOfRevenue !== undefined && { costofGoodsAndServicesSold: costOfRevenue }),
    ...(interestExpense !== undefined && { interestAndDebtExpense: interestExpense }),
    ...(depreciation !== undefined && { depreciationAndAmortization: depreciation }),
    ...(ebit !== undefined && { ebit, ebitda: ebit + (depreciation ?? 0) }),
    ...(income.netIncomeFromContinuingOperations === undefined &&
      netIncome !== undefined && { netIncomeFromContinuingOperations: netIncome }),
  };
};

const withTotals = (balance: Figures<BalanceField>, shares: number): Figures<BalanceField> => {
  const { totalAssets, totalCurrentAssets, totalLiabilities, totalCurrentLiabilities, longTermDebt, currentDebt } =
    balance;
  return {
    ...balance,
    commonStockSharesOutstanding: shares,
    ...(totalAssets !== undefined &&
      totalCurrentAssets !== undefined && { totalNonCurrentAssets: totalAssets - totalCurrentAssets }),
    ...(totalLiabilities !== undefined &&
      totalCurrentLiabilities !== undefined && {
        totalNonCurrentLiabilities: totalLiabilities - totalCurrentLiabilities,
      }),
    ...(balance.cashAndCashEquivalentsAtCarryingValue !== undefined && {
      cashAndShortTermInvestments: balance.cashAndCashEquivalentsAtCarryingValue + (balance.shortTermInvestments ?? 0),
    }),
    ...(longTermDebt !== undefined && {
      longTermDebtNoncurrent: longTermDebt,
      shortLongTermDebtTotal: longTermDebt + (currentDebt ?? 0),
    }),
    ...(currentDebt !== undefined && { shortTermDebt: currentDebt }),
  };
};

/** The fiscal years, oldest first. */
export const annualStatements = (company: Published): readonly Statement[] =>
  company.fiscalYears.map((fiscalDateEnding, year) => {
    const cashFlow = column(company.cashFlow, year);
    const income = withSums(column(company.income, year), cashFlow.depreciationDepletionAndAmortization);
    return {
      fiscalDateEnding,
      income,
      balance: withTotals(column(company.balance, year), (company.sharesOutstanding[year] ?? 0) * 1_000),
      cashFlow: { ...cashFlow, ...(income.netIncome !== undefined && { netIncome: income.netIncome }) },
      eps: company.dilutedEps[year] ?? 0,
    };
  });

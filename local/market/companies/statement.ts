import type { Day } from "../days";

/** The provider's names, in its order. */
export const incomeFields = [
  "grossProfit",
  "totalRevenue",
  "costOfRevenue",
  "costofGoodsAndServicesSold",
  "operatingIncome",
  "sellingGeneralAndAdministrative",
  "researchAndDevelopment",
  "operatingExpenses",
  "investmentIncomeNet",
  "netInterestIncome",
  "interestIncome",
  "interestExpense",
  "nonInterestIncome",
  "otherNonOperatingIncome",
  "depreciation",
  "depreciationAndAmortization",
  "incomeBeforeTax",
  "incomeTaxExpense",
  "interestAndDebtExpense",
  "netIncomeFromContinuingOperations",
  "comprehensiveIncomeNetOfTax",
  "ebit",
  "ebitda",
  "netIncome",
] as const;

export const balanceFields = [
  "totalAssets",
  "totalCurrentAssets",
  "cashAndCashEquivalentsAtCarryingValue",
  "cashAndShortTermInvestments",
  "inventory",
  "currentNetReceivables",
  "totalNonCurrentAssets",
  "propertyPlantEquipment",
  "accumulatedDepreciationAmortizationPPE",
  "intangibleAssets",
  "intangibleAssetsExcludingGoodwill",
  "goodwill",
  "investments",
  "longTermInvestments",
  "shortTermInvestments",
  "otherCurrentAssets",
  "otherNonCurrentAssets",
  "totalLiabilities",
  "totalCurrentLiabilities",
  "currentAccountsPayable",
  "deferredRevenue",
  "currentDebt",
  "shortTermDebt",
  "totalNonCurrentLiabilities",
  "capitalLeaseObligations",
  "longTermDebt",
  "currentLongTermDebt",
  "longTermDebtNoncurrent",
  "shortLongTermDebtTotal",
  "otherCurrentLiabilities",
  "otherNonCurrentLiabilities",
  "totalShareholderEquity",
  "treasuryStock",
  "retainedEarnings",
  "commonStock",
  "commonStockSharesOutstanding",
] as const;

export const cashFlowFields = [
  "operatingCashflow",
  "paymentsForOperatingActivities",
  "proceedsFromOperatingActivities",
  "changeInOperatingLiabilities",
  "changeInOperatingAssets",
  "depreciationDepletionAndAmortization",
  "capitalExpenditures",
  "changeInReceivables",
  "changeInInventory",
  "profitLoss",
  "cashflowFromInvestment",
  "cashflowFromFinancing",
  "proceedsFromRepaymentsOfShortTermDebt",
  "paymentsForRepurchaseOfCommonStock",
  "paymentsForRepurchaseOfEquity",
  "paymentsForRepurchaseOfPreferredStock",
  "dividendPayout",
  "dividendPayoutCommonStock",
  "dividendPayoutPreferredStock",
  "proceedsFromIssuanceOfCommonStock",
  "proceedsFromIssuanceOfLongTermDebtAndCapitalSecuritiesNet",
  "proceedsFromIssuanceOfPreferredStock",
  "proceedsFromRepurchaseOfEquity",
  "proceedsFromSaleOfTreasuryStock",
  "changeInCashAndCashEquivalents",
  "changeInExchangeRate",
  "netIncome",
] as const;

export type IncomeField = (typeof incomeFields)[number];
export type BalanceField = (typeof balanceFields)[number];
export type CashFlowField = (typeof cashFlowFields)[number];

/** In dollars, or shares. What a company does not report is not there. */
export type Figures<Field extends string> = { [Name in Field]?: number };

export interface Statement {
  fiscalDateEnding: Day;
  income: Figures<IncomeField>;
  balance: Figures<BalanceField>;
  cashFlow: Figures<CashFlowField>;
  eps: number;
}

export interface QuarterlyStatement extends Statement {
  reportedDate: Day;
  reportTime: "pre-market" | "post-market";
  /** What was expected before the report. Some companies nobody follows. */
  estimatedEps?: number;
}

const add = <Field extends string>(parts: readonly Figures<Field>[]): Figures<Field> => {
  const sum: Figures<Field> = {};
  for (const part of parts) {
    for (const [name, value] of Object.entries(part) as [Field, number][]) sum[name] = (sum[name] ?? 0) + value;
  }
  return sum;
};

/** To cents, as earnings per share are reported. */
export const perShare = (amount: number, shares: number): number => Math.round((amount / shares) * 100) / 100;

/** Several quarters as one period: flows add up, the balance is that of the end. Oldest first. */
export const together = (quarters: readonly [Statement, ...Statement[]]): Statement => {
  const last = quarters.at(-1) ?? quarters[0];
  const income = add(quarters.map((quarter) => quarter.income));
  return {
    fiscalDateEnding: last.fiscalDateEnding,
    income,
    balance: last.balance,
    cashFlow: add(quarters.map((quarter) => quarter.cashFlow)),
    eps: perShare(income.netIncome ?? 0, last.balance.commonStockSharesOutstanding ?? 1),
  };
};

import type * as v from "valibot";
import { figuresNamed } from "./form";
import { statement } from "./statement";

export const balanceFigures = figuresNamed([
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
]);
export type BalanceFigures = v.InferOutput<typeof balanceFigures>;

export const balanceSheet = statement(balanceFigures);

import type * as v from "valibot";
import { figuresNamed } from "./form";
import { statement } from "./statement";

export const cashFlowFigures = figuresNamed([
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
  "dividendPayout",
  "dividendPayoutCommonStock",
  "dividendPayoutPreferredStock",
  "paymentsForRepurchaseOfCommonStock",
  "proceedsFromIssuanceOfCommonStock",
  "proceedsFromRepurchaseOfEquity",
  "changeInCashAndCashEquivalents",
  "changeInExchangeRate",
  "netIncome",
]);
export type CashFlowFigures = v.InferOutput<typeof cashFlowFigures>;

export const cashFlow = statement(cashFlowFigures);

import type * as v from "valibot";
import { figuresNamed } from "./form";
import { statement } from "./statement";

export const incomeFigures = figuresNamed([
  "grossProfit",
  "totalRevenue",
  "costOfRevenue",
  "costOfGoodsAndServicesSold",
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
]);
export type IncomeFigures = v.InferOutput<typeof incomeFigures>;

/** The provider's own spelling. */
const misspelt = "costofGoodsAndServicesSold";

export const incomeStatement = statement(incomeFigures, (field) =>
  field === misspelt ? "costOfGoodsAndServicesSold" : field,
);

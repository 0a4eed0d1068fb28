import type { Company, Reports } from "../companies/company";
import { balanceFields, cashFlowFields, type Figures, incomeFields, type Statement } from "../companies/statement";
import type { Day } from "../days";
import type { Restatements } from "./restatements";
import { text } from "./text";

export const statementFunctions = ["INCOME_STATEMENT", "BALANCE_SHEET", "CASH_FLOW"] as const;
export type StatementFunction = (typeof statementFunctions)[number];

export const statementFields: { [Name in StatementFunction]: readonly string[] } = {
  INCOME_STATEMENT: incomeFields,
  BALANCE_SHEET: balanceFields,
  CASH_FLOW: cashFlowFields,
};

const figuresOf = (name: StatementFunction, statement: Statement): Figures<string> => {
  if (name === "INCOME_STATEMENT") return statement.income;
  return name === "BALANCE_SHEET" ? statement.balance : statement.cashFlow;
};

/** Answers INCOME_STATEMENT, BALANCE_SHEET and CASH_FLOW. */
export const statementAnswer = (name: StatementFunction, company: Company, day: Day, restated: Restatements) => {
  const { symbol } = company.profile;
  const reports = company.reportsBy(day);
  const written = (period: keyof Reports) =>
    reports[period].map((statement) => {
      const figures = figuresOf(name, statement);
      return {
        fiscalDateEnding: statement.fiscalDateEnding,
        reportedCurrency: "USD",
        ...Object.fromEntries(statementFields[name].map((field) => [field, text(figures[field])])),
        ...restated.of(symbol, name, period, statement.fiscalDateEnding),
      };
    });
  return { symbol, annualReports: written("annual"), quarterlyReports: written("quarterly") };
};

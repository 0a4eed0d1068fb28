import { validate } from "../events/validate";
import { Failure } from "../failure";
import type { Refused } from "../providers/rows";
import { balanceSheet } from "./balanceSheet";
import { cashFlow } from "./cashFlow";
import type { DataType } from "./dataTypes";
import { earnings } from "./earnings";
import type { Form, Listed } from "./form";
import { incomeStatement } from "./incomeStatement";
import { overview } from "./overview";
import { readReport } from "./readReport";
import type { Normalised, Report } from "./report";

export type { BalanceFigures } from "./balanceSheet";
export type { CashFlowFigures } from "./cashFlow";
export type { EarningsFigures } from "./earnings";
export type { IncomeFigures } from "./incomeStatement";
export type { OverviewFigures } from "./overview";
export type { Normalised, Period, Report } from "./report";

const forms: Record<DataType, Form> = {
  company_overview: overview,
  earnings,
  income_statement: incomeStatement,
  balance_sheet: balanceSheet,
  cash_flow: cashFlow,
};

/** Classes of shares are written with a point or a dash, here and there. */
const spelt = (symbol: string): string => symbol.toUpperCase().replaceAll("-", ".");

const path = (...parts: readonly string[]): string => parts.filter(Boolean).join(".");

const unusable = (type: DataType, first: { field: string; reason: string }, refused: number): Failure => {
  const field = path(type, first.field);
  const more = refused > 1 ? `; of ${refused} reports none can be used` : "";
  return new Failure("validation", `${field} ${first.reason}${more}`, { origin: "provider", field });
};

const readAll = (type: DataType, listed: readonly Listed[]): Pick<Normalised, "reports" | "refused"> => {
  const reports: Report[] = [];
  const refused: Refused[] = [];
  const known = new Set<string>();
  let first: { field: string; reason: string } | undefined;
  for (const one of listed) {
    const read = readReport(one, forms[type]);
    if ("reason" in read) {
      first ??= { field: path(one.at, read.field), reason: read.reason };
      refused.push({ at: one.at, reason: [read.field, read.reason].filter(Boolean).join(" ") });
      continue;
    }
    const period = `${read.period} ${read.fiscalDate}`;
    if (known.has(period)) refused.push({ at: one.at, reason: `${forms[type].fiscalDate} is listed a second time` });
    else reports.push(read);
    known.add(period);
  }
  if (first && reports.length === 0) throw unusable(type, first, refused.length);
  return { reports, refused };
};

/**
 * A provider's answer, as parsed from its JSON, in our terms. A report that cannot be read is left out and told of; what
 * cannot be used at all, or is about another company than was asked for, is a failure.
 */
export const normalise = (type: DataType, body: unknown, asked: string): Normalised => {
  const { symbol, listed } = validate(forms[type].answer, body, type);
  if (spelt(symbol) !== spelt(asked)) {
    const field = path(type, type === "company_overview" ? "Symbol" : "symbol");
    throw new Failure("validation", `${field} must be ${asked}`, { origin: "provider", field });
  }
  return { symbol: asked, ...readAll(type, listed) };
};

import type { Company } from "../companies/company";
import type { QuarterlyStatement } from "../companies/statement";
import type { Day } from "../days";
import { money, ratio, text } from "./text";

const quarterly = ({ fiscalDateEnding, reportedDate, reportTime, eps, estimatedEps }: QuarterlyStatement) => ({
  fiscalDateEnding,
  reportedDate,
  reportedEPS: text(eps),
  estimatedEPS: text(estimatedEps),
  surprise: estimatedEps === undefined ? "0" : money(eps - estimatedEps),
  surprisePercentage:
    estimatedEps === undefined || estimatedEps === 0
      ? "None"
      : ratio(((eps - estimatedEps) / Math.abs(estimatedEps)) * 100),
  reportTime,
});

export const earningsAnswer = (company: Company, day: Day) => {
  const reports = company.reportsBy(day);
  return {
    symbol: company.profile.symbol,
    annualEarnings: reports.annual.map(({ fiscalDateEnding, eps }) => ({ fiscalDateEnding, reportedEPS: text(eps) })),
    quarterlyEarnings: reports.quarterly.map(quarterly),
  };
};

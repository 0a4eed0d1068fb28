import { monthOf } from "../../days";
import { type Company, keptQuarters, keptYears, monthName } from "../company";
import { annualStatements, type Published } from "./published";
import { derivedQuarters } from "./quarters";

const descriptionOf = ({ name, source }: Published): string =>
  `${name}: annual figures as published (${source}). The quarters, and the days on which they were reported, are generated from them.`;

export const publishedCompany = (published: Published): Company => {
  const { symbol, name, sector, industry, exchange, cik, price, dividendPerShare } = published;
  const years = annualStatements(published);
  const quarters = derivedQuarters(published, years);
  const fiscalYearEnd = monthName(monthOf(published.fiscalYears.at(-1) ?? "2024-12-31"));
  return {
    profile: {
      symbol,
      name,
      sector,
      industry,
      exchange,
      cik,
      fiscalYearEnd,
      generated: false,
      description: descriptionOf(published),
    },
    reportsBy: (day) => {
      const reported = quarters.filter(({ reportedDate }) => reportedDate <= day).reverse();
      const ends = new Set(reported.map(({ fiscalDateEnding }) => fiscalDateEnding));
      const annual = years.filter(({ fiscalDateEnding }) => ends.has(fiscalDateEnding)).reverse();
      return { annual: annual.slice(0, keptYears), quarterly: reported.slice(0, keptQuarters) };
    },
    quotationOn: () => ({ price, dividendPerShare }),
    // When a company that exists will report is not for us to say.
    dueBetween: () => [],
  };
};

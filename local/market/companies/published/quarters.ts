import { addDays, lastDayOf, monthOf, weekdayAfter } from "../../days";
import { type Figures, perShare, type QuarterlyStatement, type Statement } from "../statement";
import type { Published } from "./published";

/** About when a quarter is published. */
const daysUntilReported = 30;

const scaled = <Field extends string>(figures: Figures<Field>, percent: number): Figures<Field> => {
  const part: Figures<Field> = {};
  // Published figures are whole millions, so that a percentage of them is exact, and every sum still adds up.
  for (const [name, value] of Object.entries(figures) as [Field, number][]) part[name] = (value / 100) * percent;
  return part;
};

const between = <Field extends string>(from: Figures<Field>, to: Figures<Field>, quarters: number): Figures<Field> => {
  const figures: Figures<Field> = {};
  for (const [name, value] of Object.entries(to) as [Field, number][]) {
    const opening = from[name] ?? value;
    figures[name] = opening + ((value - opening) / 4) * quarters;
  }
  return figures;
};

/**
 * Quarters made from the years, which alone are published: a fixed part of the year's flows, and a balance on the straight
 * line from one year's end to the next. Generated, therefore, as are the days on which they were reported; but the fourth
 * balance is the published one and the four quarters add up to the published year. Oldest first.
 */
export const derivedQuarters = (company: Published, years: readonly Statement[]): readonly QuarterlyStatement[] =>
  years.flatMap((year, at) =>
    company.quarterPercent.map((percent, quarter): QuarterlyStatement => {
      const fiscalDateEnding = lastDayOf(monthOf(year.fiscalDateEnding) - 9 + 3 * quarter);
      const balance = between((years[at - 1] ?? year).balance, year.balance, quarter + 1);
      const income = scaled(year.income, percent);
      return {
        fiscalDateEnding,
        income,
        balance,
        cashFlow: scaled(year.cashFlow, percent),
        eps: perShare(income.netIncome ?? 0, balance.commonStockSharesOutstanding ?? 1),
        reportedDate: weekdayAfter(addDays(fiscalDateEnding, daysUntilReported), 0),
        reportTime: "post-market",
      };
    }),
  );

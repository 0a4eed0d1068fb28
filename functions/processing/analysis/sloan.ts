import { assessOne, type Outcome } from "./assess";
import { type Books, previous } from "./books";
import { unfit } from "./firm";
import { measure } from "./measure";
import { between } from "./scale";
import { percent } from "./wording";

/**
 * Sloan's accruals, the part of the profit that is not cash, against average assets. Few are good: scored 1 up to -10 %, 0
 * from 10 % on.
 */
export const sloan = (books: Books): Outcome => {
  const rule = "Sloan's accruals";
  const excluded = unfit(books.kind, rule);
  if (excluded) return excluded;
  const measured = measure(books, {
    name: "accruals",
    shelf: books.years,
    value: (read, year) => {
      const cash = read.cashFlow("operatingCashflow", year) + read.cashFlow("cashflowFromInvestment", year);
      const assets = (read.balance("totalAssets", year) + read.balance("totalAssets", previous(year))) / 2;
      return read.ratio(read.income("netIncome", year) - cash, assets, `average totalAssets (${year.date})`);
    },
    score: between(0.1, -0.1),
    show: percent,
  });
  return assessOne(
    rule,
    measured,
    ({ shown, fiscal_date }) => `Accruals are ${shown} of average assets in the year to ${fiscal_date}.`,
  );
};

import { assessAll, type Outcome } from "./assess";
import type { Books } from "./books";
import { unfit } from "./firm";
import { measure } from "./measure";
import { between } from "./scale";
import { enterpriseValue } from "./value";
import { percent } from "./wording";

/**
 * Greenblatt's two questions: what a firm earns on its price, scored 1 from 10 %, and on its capital, scored 1 from 50 %;
 * nothing earned scores 0 in both.
 */
export const greenblatt = (books: Books): Outcome => {
  const rule = "Greenblatt's formula";
  const excluded = unfit(books.kind, rule);
  if (excluded) return excluded;
  const earningsYield = measure(books, {
    name: "earnings yield",
    shelf: books.years,
    value: (read, year) => read.income("ebit", year) / enterpriseValue(read, year),
    score: between(0, 0.1),
    show: percent,
  });
  const returnOnCapital = measure(books, {
    name: "return on capital",
    shelf: books.years,
    value: (read, year) => {
      const workingCapital = read.balance("totalCurrentAssets", year) - read.balance("totalCurrentLiabilities", year);
      const capital = workingCapital + read.balance("propertyPlantEquipment", year);
      return read.income("ebit", year) / read.positive(capital, `net working capital and fixed assets (${year.date})`);
    },
    score: between(0, 0.5),
    show: percent,
  });
  return assessAll(rule, [earningsYield, returnOnCapital]);
};

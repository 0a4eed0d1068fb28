import { assessAll, type Outcome } from "./assess";
import type { Books } from "./books";
import { kindUnknown } from "./firm";
import { measure } from "./measure";
import { between } from "./scale";
import { percent, plain, times } from "./wording";

/** The cushion of a bank: equity against assets, scored from 4 % to 12 %. */
const financial = (books: Books) => [
  measure(books, {
    name: "equity to assets",
    shelf: books.years,
    value: (read, year) =>
      read.ratio(
        read.balance("totalShareholderEquity", year),
        read.balance("totalAssets", year),
        `totalAssets (${year.date})`,
      ),
    score: between(0.04, 0.12),
    show: percent,
  }),
];

/**
 * Debt against assets, scored from 60 % down to 10 %; the current ratio, from 0.5 to 2; how often the operating profit
 * pays the interest, from once to 8 times. A firm without interest has no such number.
 */
const industrial = (books: Books) => [
  measure(books, {
    name: "debt to assets",
    shelf: books.years,
    value: (read, year) =>
      read.ratio(
        read.balance("shortLongTermDebtTotal", year),
        read.balance("totalAssets", year),
        `totalAssets (${year.date})`,
      ),
    score: between(0.6, 0.1),
    show: percent,
  }),
  measure(books, {
    name: "current ratio",
    shelf: books.years,
    value: (read, year) =>
      read.ratio(
        read.balance("totalCurrentAssets", year),
        read.balance("totalCurrentLiabilities", year),
        `totalCurrentLiabilities (${year.date})`,
      ),
    score: between(0.5, 2),
    show: plain,
  }),
  measure(books, {
    name: "interest coverage",
    shelf: books.years,
    value: (read, year) =>
      read.ratio(read.income("ebit", year), read.income("interestExpense", year), `interestExpense (${year.date})`),
    score: between(1, 8),
    show: times,
  }),
];

/** Whether a firm can bear its debt. */
export const leverage = (books: Books): Outcome => {
  const rule = "Leverage";
  if (books.kind === undefined) return kindUnknown(rule);
  return assessAll(rule, books.kind === "financial" ? financial(books) : industrial(books));
};

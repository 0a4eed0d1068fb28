import { assessAll, type Outcome } from "./assess";
import type { Books } from "./books";
import { kindUnknown } from "./firm";
import { measure } from "./measure";
import { between } from "./scale";
import { enterpriseValue, marketValue } from "./value";
import { percent } from "./wording";

/** Everything is put in relation to the price, never the price to it: so a loss is worse than a small profit, as it should. */
const earnings = (books: Books, worst: number, best: number) =>
  measure(books, {
    name: "profit on the price",
    shelf: books.years,
    value: (read, year) => read.income("netIncome", year) / marketValue(read),
    score: between(worst, best),
    show: percent,
  });

/** Profit scored from 3 % to 12 % of the price, as banks are priced lower, and equity from 40 % to 125 % of it. */
const financial = (books: Books) => [
  earnings(books, 0.03, 0.12),
  measure(books, {
    name: "book value to price",
    shelf: books.years,
    value: (read, year) => read.balance("totalShareholderEquity", year) / marketValue(read),
    score: between(0.4, 1.25),
    show: percent,
  }),
];

/** Profit and free cash flow scored from 0 to 8 % of the price, EBITDA from 3 % to 12.5 % of the enterprise value. */
const industrial = (books: Books) => [
  earnings(books, 0, 0.08),
  measure(books, {
    name: "free cash flow on the price",
    shelf: books.years,
    value: (read, year) =>
      (read.cashFlow("operatingCashflow", year) - read.cashFlow("capitalExpenditures", year)) / marketValue(read),
    score: between(0, 0.08),
    show: percent,
  }),
  measure(books, {
    name: "EBITDA on the enterprise value",
    shelf: books.years,
    value: (read, year) => read.income("ebitda", year) / enterpriseValue(read, year),
    score: between(0.03, 0.125),
    show: percent,
  }),
];

/** What a firm earns on what it costs. */
export const valuation = (books: Books): Outcome => {
  const rule = "Valuation";
  if (books.kind === undefined) return kindUnknown(rule);
  return assessAll(rule, books.kind === "financial" ? financial(books) : industrial(books));
};

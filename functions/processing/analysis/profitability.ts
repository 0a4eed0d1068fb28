import type { BalanceFigures } from "../fundamentals/balanceSheet";
import { assessAll, type Outcome } from "./assess";
import { type Books, type Period, previous } from "./books";
import { kindUnknown } from "./firm";
import { measure } from "./measure";
import type { Reading } from "./reading";
import { between } from "./scale";
import { percent } from "./wording";

const average = (figure: keyof BalanceFigures, year: Period, read: Reading): number =>
  read.positive(
    (read.balance(figure, year) + read.balance(figure, previous(year))) / 2,
    `average ${figure} (${year.date})`,
  );

const ofRevenue = (amount: number, year: Period, read: Reading): number =>
  read.ratio(amount, read.income("totalRevenue", year), `totalRevenue (${year.date})`);

const returnOnEquity = (books: Books, best: number) =>
  measure(books, {
    name: "return on equity",
    shelf: books.years,
    value: (read, year) => read.income("netIncome", year) / average("totalShareholderEquity", year, read),
    score: between(0, best),
    show: percent,
  });

/**
 * A bank works with other people's money: it is judged by what it earns on equity, scored 1 from 15 %, and on assets, 1
 * from 1.5 %, and by what its operation costs of its revenue, scored 1 up to 50 %, 0 from 80 % on.
 */
const financial = (books: Books) => [
  returnOnEquity(books, 0.15),
  measure(books, {
    name: "return on assets",
    shelf: books.years,
    value: (read, year) => read.income("netIncome", year) / average("totalAssets", year, read),
    score: between(0, 0.015),
    show: percent,
  }),
  measure(books, {
    name: "cost to revenue",
    shelf: books.years,
    value: (read, year) => ofRevenue(read.income("operatingExpenses", year), year, read),
    score: between(0.8, 0.5),
    show: percent,
  }),
];

/** Scored from 0 where nothing is earned: return on equity to 25 %, operating margin to 25 %, free cash flow to 20 %. */
const industrial = (books: Books) => [
  returnOnEquity(books, 0.25),
  measure(books, {
    name: "operating margin",
    shelf: books.years,
    value: (read, year) => ofRevenue(read.income("operatingIncome", year), year, read),
    score: between(0, 0.25),
    show: percent,
  }),
  measure(books, {
    name: "free cash flow margin",
    shelf: books.years,
    value: (read, year) =>
      ofRevenue(read.cashFlow("operatingCashflow", year) - read.cashFlow("capitalExpenditures", year), year, read),
    score: between(0, 0.2),
    show: percent,
  }),
];

/** What a firm earns on what it works with. */
export const profitability = (books: Books): Outcome => {
  const rule = "Profitability";
  if (books.kind === undefined) return kindUnknown(rule);
  return assessAll(rule, books.kind === "financial" ? financial(books) : industrial(books));
};

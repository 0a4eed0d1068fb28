import { assessOne, type Outcome } from "./assess";
import { type Books, type Period, previous } from "./books";
import { unfit } from "./firm";
import { measure } from "./measure";
import type { Reading } from "./reading";
import { listed } from "./wording";

/** One year, with what its nine signs are read from. Assets of the beginning of the year, as Piotroski has it. */
const readYear = (read: Reading, year: Period) => {
  const assets = read.balance("totalAssets", year);
  const beginningAssets = read.balance("totalAssets", previous(year));
  const netIncome = read.income("netIncome", year);
  const revenue = read.income("totalRevenue", year);
  const per = (dividend: number, divisor: number, name: string, when = year) =>
    read.ratio(dividend, divisor, `${name} (${when.date})`);
  return {
    netIncome,
    returnOnAssets: per(netIncome, beginningAssets, "totalAssets", previous(year)),
    turnover: per(revenue, beginningAssets, "totalAssets", previous(year)),
    grossMargin: per(read.income("grossProfit", year), revenue, "totalRevenue"),
    leverage: per(read.balance("longTermDebt", year), (assets + beginningAssets) / 2, "average totalAssets"),
    currentRatio: per(
      read.balance("totalCurrentAssets", year),
      read.balance("totalCurrentLiabilities", year),
      "totalCurrentLiabilities",
    ),
    shares: read.balance("commonStockSharesOutstanding", year),
  };
};

/** The signs that were not seen; with all nine seen, none. */
const unseenIn = (read: Reading, year: Period): string[] => {
  const now = readYear(read, year);
  const before = readYear(read, previous(year));
  const operatingCashflow = read.cashFlow("operatingCashflow", year);
  const signs: [string, boolean][] = [
    ["return on assets above 0", now.returnOnAssets > 0],
    ["operating cash flow above 0", operatingCashflow > 0],
    ["a better return on assets", now.returnOnAssets > before.returnOnAssets],
    ["more cash flow than profit", operatingCashflow > now.netIncome],
    ["less long-term debt", now.leverage < before.leverage],
    ["a better current ratio", now.currentRatio > before.currentRatio],
    ["no new shares", now.shares <= before.shares],
    ["a better gross margin", now.grossMargin > before.grossMargin],
    ["a better asset turnover", now.turnover > before.turnover],
  ];
  return signs.flatMap(([sign, seen]) => (seen ? [] : [sign]));
};

/** Piotroski's F-score: how many of nine signs of a strengthening business are seen. Scored evenly, 0 of 9 to 9 of 9. */
export const piotroski = (books: Books): Outcome => {
  const rule = "Piotroski's F-score";
  const excluded = unfit(books.kind, rule);
  if (excluded) return excluded;
  let unseen: string[] = [];
  const signs = measure(books, {
    name: "F-score",
    shelf: books.years,
    value: (read, year) => {
      unseen = unseenIn(read, year);
      return 9 - unseen.length;
    },
    score: (value) => value / 9,
    show: String,
  });
  return assessOne(rule, signs, ({ shown, fiscal_date }) => {
    const rest = unseen.length > 0 ? `, not ${listed(unseen)}` : "";
    return `${shown} of 9 signs of strength are seen in the year to ${fiscal_date}${rest}.`;
  });
};

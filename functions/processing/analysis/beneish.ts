import { assessOne, type Outcome } from "./assess";
import { type Books, type Period, previous } from "./books";
import { unfit } from "./firm";
import { measure } from "./measure";
import type { Reading } from "./reading";
import { between } from "./scale";
import { plain } from "./wording";

/** How a year compares with the one before: 1 is no change, but for accruals, which are of the year itself. */
export interface BeneishIndices {
  receivables: number;
  grossMargin: number;
  assetQuality: number;
  salesGrowth: number;
  depreciation: number;
  sellingExpenses: number;
  leverage: number;
  accruals: number;
}

/** Beneish (1999), eight variables. */
export const beneishM = (index: BeneishIndices): number =>
  -4.84 +
  0.92 * index.receivables +
  0.528 * index.grossMargin +
  0.404 * index.assetQuality +
  0.892 * index.salesGrowth +
  0.115 * index.depreciation -
  0.172 * index.sellingExpenses +
  4.679 * index.accruals -
  0.327 * index.leverage;

/** Above this, the accounts look like those of firms that were found to have manipulated them. */
export const flaggedAbove = -1.78;

/** What is to be compared, of one year. */
const readYear = (read: Reading, year: Period) => {
  const revenue = read.income("totalRevenue", year);
  const assets = read.balance("totalAssets", year);
  const plant = read.balance("propertyPlantEquipment", year);
  const depreciation = read.cashFlow("depreciationDepletionAndAmortization", year);
  const ofSales = (value: number) => read.ratio(value, revenue, `totalRevenue (${year.date})`);
  const ofAssets = (value: number) => read.ratio(value, assets, `totalAssets (${year.date})`);
  return {
    revenue,
    assets,
    receivables: ofSales(read.balance("currentNetReceivables", year)),
    grossMargin: ofSales(read.income("grossProfit", year)),
    softAssets: 1 - ofAssets(read.balance("totalCurrentAssets", year) + plant),
    depreciation: read.ratio(depreciation, plant + depreciation, `depreciated propertyPlantEquipment (${year.date})`),
    sellingExpenses: ofSales(read.income("sellingGeneralAndAdministrative", year)),
    leverage: ofAssets(read.balance("totalCurrentLiabilities", year) + read.balance("longTermDebt", year)),
  };
};

const indicesOf = (read: Reading, year: Period): BeneishIndices => {
  const now = readYear(read, year);
  const before = readYear(read, previous(year));
  const accruals = read.income("netIncome", year) - read.cashFlow("operatingCashflow", year);
  const against = (value: number, base: number, name: string, when = previous(year)) =>
    read.ratio(value, base, `${name} (${when.date})`);
  // These two may be negative, and an index of one that changed its sign would clear just the firms it is to find.
  const marginBefore = read.positive(before.grossMargin, `grossProfit (${previous(year).date})`);
  const softAssets = read.positive(now.softAssets, `other non-current assets (${year.date})`);
  return {
    receivables: against(now.receivables, before.receivables, "currentNetReceivables"),
    grossMargin: against(marginBefore, now.grossMargin, "grossProfit", year),
    assetQuality: against(softAssets, before.softAssets, "other non-current assets"),
    salesGrowth: against(now.revenue, before.revenue, "totalRevenue"),
    depreciation: against(before.depreciation, now.depreciation, "depreciation", year),
    sellingExpenses: against(now.sellingExpenses, before.sellingExpenses, "sellingGeneralAndAdministrative"),
    leverage: against(now.leverage, before.leverage, "current liabilities and longTermDebt"),
    accruals: against(accruals, now.assets, "totalAssets", year),
  };
};

/**
 * Beneish's M-score: whether profits may have been manipulated. Scored 0 from the flag on, one half at -2.22, where his
 * shorter model draws the line, and 1 as far below that again.
 */
export const beneish = (books: Books): Outcome => {
  const rule = "Beneish's M-score";
  const excluded = unfit(books.kind, rule);
  if (excluded) return excluded;
  const measured = measure(books, {
    name: "M-score",
    shelf: books.years,
    value: (read, year) => beneishM(indicesOf(read, year)),
    score: between(flaggedAbove, -2.66),
    show: plain,
  });
  return assessOne(rule, measured, ({ value, shown, fiscal_date }) =>
    value > flaggedAbove
      ? `M of ${shown} for the year to ${fiscal_date} is above ${flaggedAbove}: profits may have been manipulated.`
      : `M of ${shown} for the year to ${fiscal_date} is not above ${flaggedAbove}: no sign of manipulation.`,
  );
};

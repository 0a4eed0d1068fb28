import type { BalanceField, Figures } from "../statement";
import type { Traits } from "./traits";

/** What a company owns and owes at the end of a quarter, in dollars. */
export interface Books {
  cash: number;
  shortTermInvestments: number;
  receivables: number;
  inventory: number;
  otherCurrentAssets: number;
  plant: number;
  goodwill: number;
  intangibles: number;
  longTermInvestments: number;
  otherNonCurrentAssets: number;
  payables: number;
  deferredRevenue: number;
  otherCurrentLiabilities: number;
  debt: number;
  otherNonCurrentLiabilities: number;
  paidIn: number;
  retained: number;
  shares: number;
  /** A quarter's revenue as the trend has it, without season and chance. */
  trend: number;
}

/** To whole thousands: sums of such amounts are exact. */
export const rounded = (amount: number): number => Math.round(amount / 1_000) * 1_000;

const quarterDays = 91;

/** What the quarter's business binds, and what it leaves unpaid. */
export const workingCapital = (traits: Traits, revenue: number, cost: number) => ({
  receivables: rounded((revenue * traits.receivableDays) / quarterDays),
  inventory: rounded((cost * traits.inventoryDays) / quarterDays),
  otherCurrentAssets: rounded(revenue * 0.12),
  payables: rounded((cost * traits.payableDays) / quarterDays),
  deferredRevenue: rounded(revenue * 4 * traits.prepaid),
  otherCurrentLiabilities: rounded(revenue * 0.25),
});

export const currentAssets = (books: Books): number =>
  books.cash + books.shortTermInvestments + books.receivables + books.inventory + books.otherCurrentAssets;

const nonCurrentAssets = (books: Books): number =>
  books.plant + books.goodwill + books.intangibles + books.longTermInvestments + books.otherNonCurrentAssets;

const dueWithinAYear = 0.08;
export const currentDebt = ({ debt }: Books): number => rounded(debt * dueWithinAYear);

const currentLiabilities = (books: Books): number =>
  books.payables + books.deferredRevenue + books.otherCurrentLiabilities + currentDebt(books);

const nonCurrentLiabilities = (books: Books): number =>
  books.debt - currentDebt(books) + books.otherNonCurrentLiabilities;

export const openingBooks = (traits: Traits): Books => {
  const revenue = rounded(traits.annualRevenue / 4);
  const cost = rounded(revenue * (1 - traits.grossMargin));
  // So much plant that replacing what wears out leaves a little to grow.
  const plant = rounded(traits.annualRevenue * traits.capitalExpenditure * traits.assetLife * 0.8);
  const empty: Books = {
    ...workingCapital(traits, revenue, cost),
    cash: rounded(revenue * traits.cashQuarters),
    shortTermInvestments: 0,
    plant,
    goodwill: rounded(revenue * 0.3),
    intangibles: rounded(revenue * 0.2),
    longTermInvestments: 0,
    otherNonCurrentAssets: rounded(revenue * 0.2),
    debt: rounded(traits.annualRevenue * traits.debt),
    otherNonCurrentLiabilities: rounded(revenue * 0.15),
    paidIn: 0,
    retained: 0,
    shares: traits.shares,
    trend: revenue,
  };
  const equity =
    currentAssets(empty) + nonCurrentAssets(empty) - currentLiabilities(empty) - nonCurrentLiabilities(empty);
  const retained = rounded(equity * traits.earnedEquity);
  return { ...empty, retained, paidIn: equity - retained };
};

export const balanceOf = (books: Books): Figures<BalanceField> => {
  const current = currentDebt(books);
  return {
    totalAssets: currentAssets(books) + nonCurrentAssets(books),
    totalCurrentAssets: currentAssets(books),
    cashAndCashEquivalentsAtCarryingValue: books.cash,
    cashAndShortTermInvestments: books.cash + books.shortTermInvestments,
    inventory: books.inventory,
    currentNetReceivables: books.receivables,
    totalNonCurrentAssets: nonCurrentAssets(books),
    propertyPlantEquipment: books.plant,
    intangibleAssets: books.intangibles,
    intangibleAssetsExcludingGoodwill: books.intangibles,
    goodwill: books.goodwill,
    longTermInvestments: books.longTermInvestments,
    shortTermInvestments: books.shortTermInvestments,
    otherCurrentAssets: books.otherCurrentAssets,
    otherNonCurrentAssets: books.otherNonCurrentAssets,
    totalLiabilities: currentLiabilities(books) + nonCurrentLiabilities(books),
    totalCurrentLiabilities: currentLiabilities(books),
    currentAccountsPayable: books.payables,
    deferredRevenue: books.deferredRevenue,
    currentDebt: current,
    shortTermDebt: current,
    totalNonCurrentLiabilities: nonCurrentLiabilities(books),
    longTermDebt: books.debt - current,
    currentLongTermDebt: current,
    longTermDebtNoncurrent: books.debt - current,
    shortLongTermDebtTotal: books.debt,
    otherCurrentLiabilities: books.otherCurrentLiabilities,
    otherNonCurrentLiabilities: books.otherNonCurrentLiabilities,
    totalShareholderEquity: books.paidIn + books.retained,
    retainedEarnings: books.retained,
    commonStock: books.paidIn,
    commonStockSharesOutstanding: books.shares,
  };
};

import type { Random } from "../../random";
import type { Trade } from "./trade";

/** One company's own numbers, drawn from what is usual in its trade. */
export interface Traits {
  annualRevenue: number;
  growth: number;
  swing: number;
  season: readonly [number, number, number, number];
  grossMargin: number;
  sellingAndAdministration: number;
  research: number;
  receivableDays: number;
  inventoryDays: number;
  payableDays: number;
  prepaid: number;
  capitalExpenditure: number;
  assetLife: number;
  debt: number;
  payout: number;
  priceToSales: number;
  shares: number;
  taxRate: number;
  interestRate: number;
  /** How many quarters' revenue it likes to have in cash. */
  cashQuarters: number;
  /** The part of the first equity that it earned; below 0 if it has lost money so far. */
  earnedEquity: number;
  livesOnNewShares: boolean;
  /** Where in the business cycle it stands at the start, and how long the cycle is in quarters. */
  cycleStart: number;
  cycleLength: number;
}

const million = 1_000_000;

export const traitsOf = (trade: Trade, random: Random): Traits => {
  const draw = ([from, to]: readonly [number, number]): number => random.between(from, to);
  const annualRevenue = draw(trade.annualRevenue) * million;
  const priceToSales = draw(trade.priceToSales);
  const livesOnNewShares = trade.research[1] > 1;
  const firstPrice = random.between(15, 150);
  return {
    annualRevenue,
    priceToSales,
    livesOnNewShares,
    growth: draw(trade.growth),
    swing: trade.swing,
    season: trade.season,
    grossMargin: draw(trade.grossMargin),
    sellingAndAdministration: draw(trade.sellingAndAdministration),
    research: draw(trade.research),
    receivableDays: draw(trade.receivableDays),
    inventoryDays: draw(trade.inventoryDays),
    payableDays: draw(trade.payableDays),
    prepaid: draw(trade.prepaid),
    capitalExpenditure: draw(trade.capitalExpenditure),
    assetLife: draw(trade.assetLife),
    debt: draw(trade.debt),
    payout: draw(trade.payout),
    shares: Math.round((annualRevenue * priceToSales) / firstPrice / 1_000) * 1_000,
    taxRate: random.between(0.17, 0.26),
    interestRate: random.between(0.03, 0.06),
    cashQuarters: livesOnNewShares ? 12 : random.between(0.4, 1.2),
    earnedEquity: livesOnNewShares ? -1.5 : random.between(0.3, 0.6),
    cycleStart: random.between(0, 2 * Math.PI),
    cycleLength: random.between(12, 24),
  };
};

import type { ComponentName, Grade } from "./schema";

/** Changes with every change to a rule, a weight or a limit, so that a rating names the rules that it was made by. */
export const rulesVersion = "1.2.0";

/**
 * What each component counts for, in each kind of firm; each column comes to 1. Financial firms have neither current
 * assets nor a gross margin, and their debt is their trade: the rules built on these count nothing for them.
 *
 * Where the kind of firm is not known, the first column holds, and only what fits every firm is computed. So that
 * knowing less never looks like knowing more, what fits every firm weighs no less for financial firms than for others.
 */
export const weights: Readonly<Record<ComponentName, { industrial: number; financial: number }>> = {
  /** Is the business improving? Nine signs from the accounts. */
  piotroski: { industrial: 0.16, financial: 0 },
  /** Will it survive the next two years? */
  altman: { industrial: 0.1, financial: 0 },
  /** Can its accounts be believed? */
  beneish: { industrial: 0.08, financial: 0 },
  /** A good business at a fair price. */
  greenblatt: { industrial: 0.12, financial: 0 },
  /** The price against what a cautious investor would pay. */
  graham: { industrial: 0.06, financial: 0.14 },
  /** Are its profits cash? */
  sloan: { industrial: 0.06, financial: 0 },
  growth: { industrial: 0.12, financial: 0.18 },
  profitability: { industrial: 0.12, financial: 0.26 },
  leverage: { industrial: 0.06, financial: 0.14 },
  valuation: { industrial: 0.08, financial: 0.24 },
  /** The fastest to change and the least reliable: it tips the scales, no more. */
  newsSentiment: { industrial: 0.04, financial: 0.04 },
};

/** The lowest score of each grade, best first. */
export const gradeFrom: readonly (readonly [Grade, number])[] = [
  ["Strong Buy", 0.75],
  ["Buy", 0.6],
  ["Hold", 0.4],
  ["Sell", 0.25],
  ["Strong Sell", 0],
];

/** With less than this share of the weight computed, there is a score but no grade. */
export const leastWeight = 0.4;

/**
 * With less confidence than this there is a score but no grade, or none of the strong ones. A firm whose annual reports
 * come within 75 days after their year never falls below the second by age alone, not even on the day before the next;
 * one whose annual report is about a year overdue falls below the first.
 */
export const leastConfidence = { grade: 0.2, strong: 0.4 } as const;

/**
 * Days in which data lose all their certainty, evenly: two and three quarters of the period that they report on. A year
 * or a quarter further back is therefore always worth less than two thirds, which `confidence.ts` relies on.
 */
export const lifetimes = { annual: 1000, quarterly: 250, overview: 500, news: 30 } as const;

/** How far confidence rests on the components agreeing with each other. The rest is how much is known, and how new it is. */
export const agreementShare = 0.2;

/** Advanced ratings: how much a component's place within its sector counts beside its own score. */
export const sectorShare = 0.4;

/** A place among fewer firms than this says nothing; among this many it is as certain as it gets. */
export const leastPeers = 5;
export const enoughPeers = 20;

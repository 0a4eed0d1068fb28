import type { AnalyticsType } from "./plan";

/** In whose partition somebody's figures are kept: their own, or the one beside it that is only there to be compared. */
export type Shelf = (owner: string) => string;
export const actual: Shelf = (owner) => owner;
export const rehearsed: Shelf = (owner) => `SHADOW#${owner}`;

/** Figures that nobody but a comparison reads go some time after the last one. */
const rehearsedSeconds = 7 * 86_400;
export const shelfLife = (kept: string, now: number): { expires_at?: number } =>
  kept.startsWith(rehearsed("")) ? { expires_at: Math.floor(now / 1_000) + rehearsedSeconds } : {};

/** The event that asked, once: whoever finds this row has nothing to ask for any more. */
export const askedKey = (owner: string, eventId: string) => ({ owner, analytics_key: `EVENT#${eventId}` });
export const resultKey = (owner: string, type: AnalyticsType) => ({ owner, analytics_key: `RESULT#${type}` });
/** What waits, which months' sums are kept, and which of them changed since. */
export const standingKey = (owner: string) => ({ owner, analytics_key: "STATUS" });
/** The months of a year, each with its sums. */
export const monthsKey = (owner: string, year: string) => ({ owner, analytics_key: `MONTHS#${year}` });

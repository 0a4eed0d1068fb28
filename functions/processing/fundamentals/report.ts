import type { Refused } from "../providers/rows";

/** `latest`: what is known of a company as a whole, as of its latest quarter. */
export type Period = "annual" | "quarterly" | "latest";

/** What a company reported of one period. A figure that the provider does not have is absent, never 0. */
export interface Report {
  period: Period;
  /** When the period ended, as YYYY-MM-DD. */
  fiscalDate: string;
  figures: Record<string, number>;
  texts: Record<string, string>;
}

/** A provider's answer of one type, in our terms. */
export interface Normalised {
  symbol: string;
  reports: Report[];
  /** Reports that were left out. */
  refused: Refused[];
}

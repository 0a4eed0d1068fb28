/** What the providers' answers are made of, once read: typed rows, and what could not be read. */

/** A row that was left out: where it stood in the answer, and why. */
export interface Refused {
  at: string;
  reason: string;
}

/** A report that the provider expects. */
export interface CalendarRow {
  symbol: string;
  name: string;
  /** Days as YYYY-MM-DD. */
  reportDate: string;
  fiscalDateEnding: string;
  estimate?: number;
  currency?: string;
  timeOfDay?: string;
}

export interface ArticleTicker {
  symbol: string;
  relevance?: number;
  sentiment?: number;
  label?: string;
}

export interface Article {
  url: string;
  title: string;
  summary: string;
  source: string;
  /** ISO 8601, UTC. */
  publishedAt: string;
  topics: { topic: string; relevance?: number }[];
  sentiment?: number;
  tickers: ArticleTicker[];
}

/** What can be traded, as Alpaca lists it. */
export interface ListedAsset {
  symbol: string;
  name: string;
  exchange: string;
  providerId: string;
  tradable: boolean;
  marginable: boolean;
  shortable: boolean;
  easyToBorrow: boolean;
  fractionable: boolean;
  attributes: string[];
}

/** A version of a report as its table holds it: figures under the provider's names, absent where it gave none. */
export interface StoredReport {
  report_key: string;
  fiscal_date: string;
  figures: Readonly<Record<string, number>>;
  texts?: Readonly<Record<string, string>>;
}

export interface Statements {
  annual: readonly StoredReport[];
  quarterly: readonly StoredReport[];
}

/** What an article says of this company. */
export interface NewsItem {
  report_key: string;
  /** ISO 8601, in UTC. */
  published_at: string;
  /** From 0 to 1: how much the article is about the company. */
  relevance?: number;
  /** From -1, bearish, to 1, bullish. */
  sentiment?: number;
}

/** All that a company is rated by. The order within a list means nothing. */
export interface Fundamentals {
  /** Without prefix, such as AAPL. */
  assetId: string;
  overview?: StoredReport;
  income: Statements;
  balance: Statements;
  cashFlow: Statements;
  earnings: Statements;
  news: readonly NewsItem[];
}

/** What is known of another firm of the sector: the scores of its latest rating, and which rating that is. */
export interface Peer {
  assetId: string;
  report_key: string;
  scores: Readonly<Record<string, number>>;
}

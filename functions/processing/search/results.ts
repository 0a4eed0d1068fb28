import type { IndexName } from "./indices";

/** Something that was found, wherever it was found. */
export interface Result {
  type: IndexName;
  /** Of a company or its analysis, the symbol. */
  id: string;
  title: string;
  summary?: string;
  /** Whom it is about. */
  symbols: string[];
  sector?: string;
  rating?: string;
  /** When this was so, ISO 8601. */
  date?: string;
  url?: string;
  source?: string;
  /** Orders the results of one answer, and means nothing beyond it. */
  score: number;
  /** By field, where the words were found, marked `<em>`. */
  highlights: Record<string, string[]>;
}

export interface Answer {
  results: Result[];
  /** The `cursor` of the next page; absent on the last. */
  next?: string;
  /** True where this is less than search has to give when all goes well; `reason` says why. */
  degraded: boolean;
  reason?: string;
}

interface Source {
  kind: IndexName;
  symbol?: string;
  asset_symbol?: string | string[];
  company_name?: string;
  title?: string;
  description?: string;
  content?: string;
  reason?: string;
  sector?: string;
  investment_rating?: string;
  url?: string;
  source?: string;
  last_updated?: string;
  time_published?: string;
  analysis_date?: string;
}

/** A document as the domain answers it. */
export interface Hit {
  _id: string;
  _score: number | null;
  _source: Source;
  highlight?: Record<string, string[]>;
}

export const hitsIn = (answer: unknown): Hit[] => (answer as { hits?: { hits?: Hit[] } } | undefined)?.hits?.hits ?? [];

const longestSummary = 300;

const shortened = (text: string): string =>
  text.length > longestSummary ? `${text.slice(0, longestSummary - 1).trimEnd()}…` : text;

const titleOf = ({ kind, symbol, company_name, title, investment_rating }: Source): string => {
  if (kind === "news") return title ?? "";
  const company = `${company_name ?? symbol} (${symbol})`;
  return kind === "analysis" ? `${company}: ${investment_rating}` : company;
};

export const resultOf = ({ _id, _source: found, highlight = {} }: Hit, score: number): Result => {
  const summary = found.description ?? found.content ?? found.reason;
  const date = found.time_published ?? found.analysis_date ?? found.last_updated;
  return {
    type: found.kind,
    id: _id,
    title: titleOf(found),
    ...(summary && { summary: shortened(summary) }),
    symbols: [found.symbol ?? found.asset_symbol ?? []].flat(),
    ...(found.sector && { sector: found.sector }),
    ...(found.investment_rating && { rating: found.investment_rating }),
    ...(date && { date }),
    ...(found.url && { url: found.url }),
    ...(found.source && { source: found.source }),
    score,
    highlights: Object.fromEntries(
      Object.entries(highlight).map(([field, pieces]) => [field.replace(/\.text$/, ""), pieces]),
    ),
  };
};

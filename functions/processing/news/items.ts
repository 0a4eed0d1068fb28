import type { Article, ArticleTicker } from "../providers/rows";
import { hashOf } from "./address";

/** What is older than this has no say in a rating. */
export const keptSeconds = 400 * 86_400;
/** Characters. Rows have a limit, and a summary longer than this is none. */
const longestText = 4_000;

/** Epoch seconds. */
const expiryOf = ({ publishedAt }: Article): number => Math.floor(Date.parse(publishedAt) / 1_000) + keptSeconds;

/** The article itself, once: where this row is, the article has been linked to its assets. */
export const articleKey = (hash: string) => ({ asset_id: `ARTICLE#${hash}`, news_key: "ARTICLE" });

export const articleItem = (article: Article, address: string, symbols: readonly string[]) => ({
  ...articleKey(hashOf(address)),
  url: address,
  title: article.title.slice(0, longestText),
  source: article.source,
  published_at: article.publishedAt,
  topics: article.topics,
  overall_sentiment: article.sentiment,
  symbols,
  expires_at: expiryOf(article),
});

/** The article as news of one asset. */
export const linkItem = (article: Article, address: string, ticker: ArticleTicker) => ({
  asset_id: `ASSET#${ticker.symbol}`,
  news_key: `${article.publishedAt}#${hashOf(address)}`,
  url: address,
  title: article.title.slice(0, longestText),
  summary: article.summary.slice(0, longestText),
  source: article.source,
  published_at: article.publishedAt,
  relevance: ticker.relevance,
  sentiment: ticker.sentiment,
  label: ticker.label,
  overall_sentiment: article.sentiment,
  expires_at: expiryOf(article),
});

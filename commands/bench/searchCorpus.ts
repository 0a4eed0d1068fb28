import { articleItem } from "../../functions/processing/news/items";
import { parseNews } from "../../functions/processing/providers/alphaVantage";
import { articleEntry, companyEntries, type Entry } from "../../functions/processing/search/documents";
import { generatedCompanies } from "../../local/market/companies/generated/list";
import { createFeed } from "../../local/market/news/feed";
import { companiesFrom, universe } from "../../local/market/universe";
import type { Judged } from "./searchQuality";

const seed = "search";
const published = Date.parse("2026-10-26T12:00:00Z");
const kinds = new Map(generatedCompanies.map(([symbol, , kind]) => [symbol, kind]));

export interface Corpus {
  entries: Entry[];
  judged: Judged[];
}

const companyOf = companiesFrom(seed);

const companyPart = (symbol: string): { entry: Entry; judged: Judged } | undefined => {
  const { profile } = companyOf(symbol);
  const { name, sector, industry, description, exchange } = profile;
  const at = new Date(published).toISOString();
  const [entry] = companyEntries(symbol, {
    asset: {
      asset_id: `ASSET#${symbol}`,
      symbol,
      name: `${name} Common Stock`,
      exchange,
      status: "active",
      source_time: published,
      updated_at: at,
    },
    overview: {
      head: { source_time: published },
      report: { received_at: at, figures: {}, texts: { name, sector, industry, description } },
    },
  });
  const kind = kinds.get(symbol) ?? "published";
  return entry && { entry, judged: { index: "assets", id: symbol, symbol, kind, title: name } };
};

/** So many articles about companies of the stand-in market, the latest first. */
const articleParts = (count: number): { entry: Entry; judged: Judged }[] => {
  const [first, ...others] = universe;
  if (!first) return [];
  const feed = createFeed([first, ...others], seed)({ to: published, tickers: [], sort: "LATEST", limit: count });
  const { articles } = parseNews(JSON.stringify({ items: String(feed.length), feed }));
  return articles.map((article, at) => {
    const symbols = article.tickers.map(({ symbol }) => symbol);
    const id = `article-${at}`;
    const entry = articleEntry(id, {
      article: articleItem(article, article.url, symbols),
      link: { summary: article.summary },
    });
    const symbol = symbols[0] ?? "";
    const kind = kinds.get(symbol) ?? "published";
    return { entry, judged: { index: "news", id, symbol, kind, title: article.title } };
  });
};

/** The stand-in market as it would be indexed, with what is needed to judge answers. */
export const searchCorpus = (articles: number): Corpus => {
  const parts = [...universe.flatMap(({ symbol }) => companyPart(symbol) ?? []), ...articleParts(articles)];
  return { entries: parts.map(({ entry }) => entry), judged: parts.map(({ judged }) => judged) };
};

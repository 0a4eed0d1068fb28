import { articleItem } from "../../functions/processing/news/items";
import { parseNews } from "../../functions/processing/providers/alphaVantage";
import { articleEntry, companyEntries, type Entry } from "../../functions/processing/search/documents";
import { generatedCompanies } from "../../local/market/companies/generated/list";
import type { Article } from "../../local/market/news/article";
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

const dayMs = 86_400_000;
/** As far back as the market finds articles at any one time. */
const windowMs = 60 * dayMs;

/** So many articles about companies of the stand-in market, the latest first. */
const latestArticles = (count: number): Article[] => {
  const [first, ...others] = universe;
  if (!first) return [];
  const ask = createFeed([first, ...others], seed);
  const found: Article[] = [];
  for (let to = published; found.length < count; to -= windowMs) {
    const limit = count - found.length;
    found.push(...ask({ from: to - windowMs + 1_000, to, tickers: [], sort: "LATEST", limit }));
  }
  return found;
};

const articleParts = (count: number): { entry: Entry; judged: Judged }[] => {
  const feed = latestArticles(count);
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

/** So many documents of the stand-in market as they would be indexed, with what is needed to judge answers. */
export const searchCorpus = (count: number): Corpus => {
  const companies = universe.flatMap(({ symbol }) => companyPart(symbol) ?? []);
  const parts = [...companies, ...articleParts(count - companies.length)];
  return { entries: parts.map(({ entry }) => entry), judged: parts.map(({ judged }) => judged) };
};

import { activeAmong } from "../assets/known";
import { inBatches, requireTime, throwIfFailed } from "../batch";
import type { Run } from "../consume/run";
import type { Article, ArticleTicker, Refused } from "../providers/rows";
import { moveWatermark, readWatermark } from "../watermark";
import { addressOf, hashOf } from "./address";
import { articleItem, linkItem } from "./items";
import { storedAmong, writeArticle, writeLinks } from "./store";
import { type Asked, newsSyncName, reached, type Span } from "./window";

/** What a provider gave, and what it was asked for. */
export interface NewsList extends Asked {
  articles: readonly Article[];
  refused: readonly Refused[];
}

export interface NewsSummary {
  seen: number;
  added: number;
  /** Seen before, in this answer or an earlier one. */
  duplicates: number;
  /** Rows that tell an asset of an article. */
  linked: number;
  /** Articles about no asset of ours. */
  unknown: number;
  refused: Refused[];
}

const writtenAtOnce = 8;

interface Addressed {
  article: Article;
  address: string;
}

/** The articles by hash, each once: the same article is often listed under several links. */
const distinct = (articles: readonly Article[], summary: NewsSummary): Map<string, Addressed> => {
  const found = new Map<string, Addressed>();
  for (const article of articles) {
    const address = addressOf(article.url);
    if (address === undefined || Number.isNaN(Date.parse(article.publishedAt))) {
      const reason = address === undefined ? "url is no address on the web" : "publishedAt is no moment";
      summary.refused.push({ at: article.title, reason });
      continue;
    }
    const hash = hashOf(address);
    if (found.has(hash)) summary.duplicates++;
    else found.set(hash, { article, address });
  }
  return found;
};

/** The assets of ours that an article is about, each once. */
const tickersOf = ({ tickers }: Article, active: ReadonlySet<string>): ArticleTicker[] => [
  ...new Map(tickers.filter(({ symbol }) => active.has(symbol)).map((ticker) => [ticker.symbol, ticker])).values(),
];

/**
 * The links first, the article last: an article that is there has all its links, and one that was cut off before is linked
 * again, under the same keys.
 */
const store = async (
  { article, address }: Addressed,
  tickers: readonly ArticleTicker[],
  summary: NewsSummary,
  run: Run,
) => {
  requireTime(run);
  await writeLinks(
    tickers.map((ticker) => linkItem(article, address, ticker)),
    run,
  );
  const symbols = tickers.map(({ symbol }) => symbol);
  if (await writeArticle(articleItem(article, address, symbols), run)) {
    summary.added++;
    summary.linked += tickers.length;
  } else {
    summary.duplicates++;
  }
};

/** Takes over articles about the assets we know, each once however often it is listed. */
export const takeOver = async (
  articles: readonly Article[],
  refused: readonly Refused[],
  run: Run,
  { dryRun = false } = {},
): Promise<NewsSummary> => {
  const seen = articles.length + refused.length;
  const summary: NewsSummary = { seen, added: 0, duplicates: 0, linked: 0, unknown: 0, refused: [...refused] };
  const found = distinct(articles, summary);
  const stored = await storedAmong([...found.keys()], run);
  const fresh = [...found].filter(([hash]) => !stored.has(hash)).map(([, addressed]) => addressed);
  summary.duplicates += found.size - fresh.length;
  const mentioned = fresh.flatMap(({ article }) => article.tickers.map(({ symbol }) => symbol));
  const active = await activeAmong(mentioned, run);
  const about = fresh.map((addressed) => ({ addressed, tickers: tickersOf(addressed.article, active) }));
  const ours = about.filter(({ tickers }) => tickers.length > 0);
  summary.unknown = about.length - ours.length;
  if (dryRun) {
    const linked = ours.reduce((sum, { tickers }) => sum + tickers.length, 0);
    return { ...summary, added: ours.length, linked };
  }
  const written = await inBatches(
    ours,
    writtenAtOnce,
    ({ addressed, tickers }) => store(addressed, tickers, summary, run),
    ({ addressed }) => addressed.address,
  );
  throwIfFailed(written, "articles");
  return summary;
};

/** Takes over what a provider gave, and remembers how far that brings us. */
export const syncNews = async ({ articles, refused, ...asked }: NewsList, run: Run): Promise<NewsSummary> => {
  const summary = await takeOver(articles, refused, run);
  await advance(asked, summary.seen, articles, run);
  return summary;
};

const spanOf = (articles: readonly Article[]): Span => {
  const moments = articles.map(({ publishedAt }) => Date.parse(publishedAt)).filter((moment) => !Number.isNaN(moment));
  return { first: Math.min(...moments), last: Math.max(...moments) };
};

const advance = async (asked: Asked, given: number, articles: readonly Article[], run: Run): Promise<void> => {
  const mark = reached(asked, given, spanOf(articles));
  const before = await readWatermark(newsSyncName, run);
  // An answer that was cut off within the overlap is continued from where we had been.
  const at = before && !mark.caughtUp ? Math.max(mark.at, before.at) : mark.at;
  await moveWatermark(newsSyncName, { ...mark, at }, run);
};

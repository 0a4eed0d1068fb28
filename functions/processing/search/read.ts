import { assetKey } from "../assets/known";
import { type Key, readMany } from "../aws/readMany";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { type Head, type ReportRow, versionKey } from "../fundamentals/changes";
import { articleKey } from "../news/items";
import { type HistoryRow, type LatestRow, latestKey } from "../workflow/history";
import type { ArticleRows, AssetRow, CompanyRows } from "./documents";

type Row = Record<string, unknown> & { asset_id: string };

/** What was written just before a job was queued must be seen by whoever does the job. */
const readAll = async <T extends { asset_id: string }>(
  table: string,
  keys: readonly Key[],
  attributes: readonly string[],
  run: Run,
): Promise<Map<string, T>> => {
  const rows = (await readMany(env(table), keys, ["asset_id", ...attributes], run, { consistent: true })) as T[];
  return new Map(rows.map((row) => [row.asset_id, row]));
};

/** The overview that counts: the one of the latest quarter. */
const latestReport = ({ current }: Head): string | undefined => {
  const name = Object.keys(current).sort().at(-1);
  const entry = name === undefined ? undefined : current[name];
  return name === undefined || entry === undefined ? undefined : versionKey(name, entry);
};

/** Everything about these companies that their documents are made of. */
export const readCompanies = async (symbols: readonly string[], run: Run): Promise<Map<string, CompanyRows>> => {
  const keys = symbols.map(assetKey);
  const [assets, heads, ratings] = await Promise.all([
    readAll<AssetRow>("ASSETS_TABLE", keys, ["symbol", "name", "exchange", "status", "source_time", "updated_at"], run),
    readAll<Head>(
      "COMPANY_OVERVIEW_TABLE",
      keys.map((key) => ({ ...key, report_key: "HEAD" })),
      ["source_time", "current"],
      run,
    ),
    readAll<LatestRow>(
      "ASSET_ANALYSIS_TABLE",
      keys.map((key) => ({ ...key, analysis_key: latestKey })),
      ["latest_key", "analysis_date", "investment_rating", "confidence", "sector", "name"],
      run,
    ),
  ]);
  const named = [...heads.values()].flatMap((head) => {
    const report_key = latestReport(head);
    return report_key === undefined ? [] : [{ asset_id: head.asset_id, report_key }];
  });
  const [reports, histories] = await Promise.all([
    readAll<ReportRow>("COMPANY_OVERVIEW_TABLE", named, ["received_at", "figures", "texts"], run),
    readAll<HistoryRow>(
      "ASSET_ANALYSIS_TABLE",
      [...ratings.values()].map(({ asset_id, latest_key }) => ({ asset_id, analysis_key: latest_key })),
      ["analysis_id", "analysis_type", "reason", "confidence_interval", "rating_components"],
      run,
    ),
  ]);
  const found = new Map<string, CompanyRows>();
  for (const symbol of symbols) {
    const { asset_id } = assetKey(symbol);
    const asset = assets.get(asset_id);
    if (!asset) continue;
    const [head, report, latest] = [heads.get(asset_id), reports.get(asset_id), ratings.get(asset_id)];
    found.set(symbol, {
      asset,
      ...(head && report && { overview: { head, report } }),
      ...(latest && { rating: { latest, history: histories.get(asset_id) } }),
    });
  }
  return found;
};

type Article = ArticleRows["article"];

/** These articles, by their hashes. Where an article's text is, is told by the first company that it is about. */
export const readArticles = async (hashes: readonly string[], run: Run): Promise<Map<string, ArticleRows>> => {
  const articles = await readAll<Article & Row>(
    "NEWS_TABLE",
    hashes.map(articleKey),
    ["url", "title", "source", "published_at", "topics", "overall_sentiment", "symbols"],
    run,
  );
  const linkOf = (hash: string, { symbols, published_at }: Article): Key[] =>
    symbols[0] === undefined ? [] : [{ ...assetKey(symbols[0]), news_key: `${published_at}#${hash}` }];
  const keys = hashes.flatMap((hash) => {
    const article = articles.get(articleKey(hash).asset_id);
    return article ? linkOf(hash, article) : [];
  });
  const links = await readMany(env("NEWS_TABLE"), keys, ["news_key", "summary"], run, { consistent: true });
  const byHash = new Map(links.map((link) => [String(link["news_key"]).split("#")[1], String(link["summary"] ?? "")]));
  const found = new Map<string, ArticleRows>();
  for (const hash of hashes) {
    const article = articles.get(articleKey(hash).asset_id);
    const summary = byHash.get(hash);
    if (article) found.set(hash, { article, link: summary === undefined ? undefined : { summary } });
  }
  return found;
};

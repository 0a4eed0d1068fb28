import type { Head, ReportRow } from "../fundamentals/changes";
import type { articleItem, linkItem } from "../news/items";
import type { HistoryRow, LatestRow } from "../workflow/history";
import type { DocumentOf, IndexName } from "./indices";

/** What an index is to hold under an id. */
export type Entry = { [Name in IndexName]: EntryIn<Name> }[IndexName];

export interface EntryIn<Name extends IndexName> {
  index: Name;
  id: string;
  revision: number;
  /** Undefined where there is nothing more to be found. */
  document: DocumentOf<Name> | undefined;
  /** What is turned into the document's vector. */
  meaning: string;
}

/** Of an asset's row, what is indexed. */
export interface AssetRow {
  asset_id: string;
  symbol: string;
  name: string;
  exchange?: string;
  status: string;
  source_time: number;
  updated_at: string;
}

/** What is known of a company, row by row. */
export interface CompanyRows {
  asset: AssetRow;
  overview?: { head: Pick<Head, "source_time">; report: Pick<ReportRow, "received_at" | "figures" | "texts"> };
  rating?: { latest: LatestRow; history: HistoryRow | undefined };
}

export interface ArticleRows {
  article: ReturnType<typeof articleItem>;
  link: Pick<ReturnType<typeof linkItem>, "summary"> | undefined;
}

export const keyOf = ({ index, id }: Pick<Entry, "index" | "id">): string => `${index}/${id}`;

const sentence = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(". ");

/** Each of its parts only grows, and so does their sum: of two states of a company, the later has the greater. */
const revisionOf = ({ asset, overview, rating }: CompanyRows): number =>
  asset.source_time + (overview?.head.source_time ?? 0) + (rating ? Date.parse(rating.latest.analysis_date) : 0);

const assetEntry = (id: string, rows: CompanyRows): EntryIn<"assets"> => {
  const { asset, overview, rating } = rows;
  const { sector, industry, description, name } = overview?.report.texts ?? {};
  const { marketCapitalization } = overview?.report.figures ?? {};
  const revision = revisionOf(rows);
  const companyName = name ?? asset.name;
  return {
    index: "assets",
    id,
    revision,
    meaning: sentence(asset.symbol, companyName, sector, industry, description),
    document: {
      kind: "assets",
      revision,
      asset_id: asset.asset_id,
      symbol: asset.symbol,
      company_name: companyName,
      exchange: asset.exchange,
      sector,
      industry,
      description,
      market_cap: marketCapitalization === undefined ? undefined : Math.round(marketCapitalization),
      status: asset.status,
      investment_rating: rating?.latest.investment_rating,
      last_updated: [asset.updated_at, overview?.report.received_at ?? ""].sort().at(-1),
    },
  };
};

interface Component {
  component?: string;
  verdict?: string;
  value?: number;
  score?: number;
  reason?: string;
}

const componentOf = ({ component, verdict, value, score, reason }: Component) => ({
  component,
  verdict,
  value,
  score,
  reason,
});

const analysisEntry = (id: string, rows: CompanyRows): EntryIn<"analysis">[] => {
  const { asset, overview, rating } = rows;
  if (!rating) return [];
  const { latest, history } = rating;
  const revision = revisionOf(rows);
  // Of its asset's document, a query sees that it is delisted; of this one it could not.
  if (asset.status === "delisted") return [{ index: "analysis", id, revision, meaning: "", document: undefined }];
  const name = latest.name ?? overview?.report.texts["name"] ?? asset.name;
  const sector = latest.sector ?? overview?.report.texts["sector"];
  const components = (history?.rating_components ?? []) as Component[];
  const meaning = sentence(asset.symbol, name, sector, latest.investment_rating, history?.reason);
  const document: DocumentOf<"analysis"> = {
    kind: "analysis",
    revision,
    analysis_id: history?.analysis_id,
    asset_id: asset.asset_id,
    symbol: asset.symbol,
    company_name: name,
    sector,
    investment_rating: latest.investment_rating,
    confidence: latest.confidence,
    confidence_interval: history?.confidence_interval,
    rating_components: components.map(componentOf),
    reason: history?.reason,
    analysis_type: history?.analysis_type,
    analysis_date: latest.analysis_date,
  };
  return [{ index: "analysis", id, revision, meaning, document }];
};

/** A company's entries. One that is not known any more is to be found no more. */
export const companyEntries = (symbol: string, rows: CompanyRows | undefined): Entry[] =>
  rows
    ? [assetEntry(symbol, rows), ...analysisEntry(symbol, rows)]
    : (["assets", "analysis"] as const).map((index) => ({
        index,
        id: symbol,
        revision: 0,
        meaning: "",
        document: undefined,
      }));

/** An article never changes: its first version is its last. */
const articleRevision = 1;

export const articleEntry = (hash: string, rows: ArticleRows | undefined): EntryIn<"news"> => {
  const base = { index: "news", id: hash, revision: articleRevision } as const;
  if (!rows) return { ...base, meaning: "", document: undefined };
  const { article, link } = rows;
  const topics = article.topics.map(({ topic }) => topic);
  return {
    ...base,
    meaning: sentence(article.title, link?.summary, topics.join(", ")),
    document: {
      kind: "news",
      revision: articleRevision,
      news_id: hash,
      asset_symbol: [...article.symbols],
      title: article.title,
      content: link?.summary,
      url: article.url,
      source: article.source,
      topics,
      sentiment_score: article.overall_sentiment,
      time_published: article.published_at,
    },
  };
};

import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Fundamentals, NewsItem, Peer, Statements, StoredReport } from "../analysis/fundamentals";
import { lifetimes } from "../analysis/weights";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { dayMs } from "../day";
import { env } from "../environment";
import { type CurrentReport, readCurrent } from "../fundamentals/current";
import { type DataType, dataTypes } from "../fundamentals/dataTypes";
import { readHeads } from "../fundamentals/heads";

const mostArticles = 60;
/** A place among more firms is no surer. */
const mostPeers = 100;

const statements = (reports: readonly CurrentReport[]): Statements => ({
  annual: reports.filter(({ period }) => period === "annual"),
  quarterly: reports.filter(({ period }) => period === "quarterly"),
});

const latest = (reports: readonly CurrentReport[]): StoredReport | undefined =>
  reports.reduce<CurrentReport | undefined>(
    (newest, report) => (newest && newest.fiscal_date >= report.fiscal_date ? newest : report),
    undefined,
  );

const readNews = async (assetId: string, at: number, run: Run): Promise<NewsItem[]> => {
  const { Items = [] } = await run.call("Query", "dynamodb", () =>
    dynamodb().send(
      new QueryCommand({
        TableName: env("NEWS_TABLE"),
        KeyConditionExpression: "asset_id = :asset AND news_key BETWEEN :from AND :to",
        ExpressionAttributeValues: {
          ":asset": `ASSET#${assetId}`,
          ":from": new Date(at - lifetimes.news * dayMs).toISOString(),
          ":to": new Date(at).toISOString(),
        },
        ProjectionExpression: "news_key, published_at, relevance, sentiment",
        ScanIndexForward: false,
        Limit: mostArticles,
      }),
    ),
  );
  return Items.map(({ news_key, published_at, relevance, sentiment }) => ({
    report_key: String(news_key),
    published_at: String(published_at),
    ...(typeof relevance === "number" && { relevance }),
    ...(typeof sentiment === "number" && { sentiment }),
  }));
};

/** All that a company is rated by: the reports that count now, and the news of the time before a moment. */
export const readFundamentals = async (assetId: string, at: number, run: Run): Promise<Fundamentals> => {
  const heads = await readHeads(assetId, run);
  const read = async (type: DataType) => {
    const head = heads[type];
    return [type, head ? await readCurrent(type, head, run) : []] as const;
  };
  const [news, ...reports] = await Promise.all([readNews(assetId, at, run), ...dataTypes.map(read)]);
  const of = Object.fromEntries(reports) as Record<DataType, CurrentReport[]>;
  const overview = latest(of.company_overview);
  return {
    assetId,
    ...(overview && { overview }),
    income: statements(of.income_statement),
    balance: statements(of.balance_sheet),
    cashFlow: statements(of.cash_flow),
    earnings: statements(of.earnings),
    news,
  };
};

/** The latest ratings of other firms of a sector. */
export const readPeers = async (sector: string, run: Run): Promise<Peer[]> => {
  const { Items = [] } = await run.call("Query", "dynamodb", () =>
    dynamodb().send(
      new QueryCommand({
        TableName: env("ASSET_ANALYSIS_TABLE"),
        IndexName: "by-sector",
        KeyConditionExpression: "sector = :sector",
        ExpressionAttributeValues: { ":sector": sector },
        ProjectionExpression: "asset_id, latest_key, scores",
        Limit: mostPeers,
      }),
    ),
  );
  return Items.map(({ asset_id, latest_key, scores }) => ({
    assetId: String(asset_id).slice("ASSET#".length),
    report_key: String(latest_key),
    scores: (scores ?? {}) as Record<string, number>,
  }));
};

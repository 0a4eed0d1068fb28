import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import type { Fundamentals, NewsItem, Peer, StoredReport } from "../../functions/processing/analysis/fundamentals";
import { rate } from "../../functions/processing/analysis/rating";
import { type Rating, ratingSchema, type Version } from "../../functions/processing/analysis/schema";
import { rulesVersion } from "../../functions/processing/analysis/weights";
import type { HistoryRow } from "../../functions/processing/workflow/history";
import { UserError } from "../../local/engine/stackFile";
import type { Platform } from "../platform";

const gone = (type: string, key: string) => new UserError(`The ${type} ${key} is not stored any more`);

const readReport = async (
  { dynamodb, table }: Platform,
  asset_id: string,
  { type, report_key }: Version,
): Promise<StoredReport> => {
  const { Item } = await dynamodb.send(
    new GetCommand({ TableName: table(type.replaceAll("_", "-")), Key: { asset_id, report_key } }),
  );
  if (!Item) throw gone(type, report_key);
  return Item as StoredReport;
};

const readNews = async (
  { dynamodb, table }: Platform,
  asset_id: string,
  { report_key }: Version,
): Promise<NewsItem> => {
  const { Item } = await dynamodb.send(
    new GetCommand({ TableName: table("news"), Key: { asset_id, news_key: report_key } }),
  );
  if (!Item) throw gone("article", report_key);
  const { published_at, relevance, sentiment } = Item;
  return {
    report_key,
    published_at: String(published_at),
    ...(typeof relevance === "number" && { relevance }),
    ...(typeof sentiment === "number" && { sentiment }),
  };
};

const readPeer = async ({ dynamodb, table }: Platform, { report_key }: Version): Promise<Peer> => {
  const [, id = ""] = report_key.split("#");
  const { Items: [row] = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: table("asset-analysis"),
      IndexName: "by-analysis",
      KeyConditionExpression: "analysis_id = :id",
      ExpressionAttributeValues: { ":id": id },
    }),
  );
  if (!row) throw gone("rating", report_key);
  const { asset_id, rating_components = [] } = row as HistoryRow;
  const scored = rating_components.filter(({ score }) => typeof score === "number");
  return {
    assetId: asset_id.slice("ASSET#".length),
    report_key,
    scores: Object.fromEntries(scored.map(({ component, score }) => [String(component), Number(score)])),
  };
};

const annualOrQuarterly = (type: Version["type"], reports: ReadonlyMap<Version, StoredReport>) => {
  const of = (period: string) =>
    [...reports]
      .filter(([version]) => version.type === type && version.report_key.startsWith(period))
      .map(([, report]) => report);
  return { annual: of("ANNUAL#"), quarterly: of("QUARTERLY#") };
};

/** Computes a rating anew from just the versions that it names, and says whether it comes out the same. */
export const recompute = async (platform: Platform, rating: Rating): Promise<string> => {
  if (rating.rules_version !== rulesVersion) {
    return `It was made by rules ${rating.rules_version}; here are ${rulesVersion}: it cannot be computed anew by this version.`;
  }
  const { asset_id, inputs } = rating;
  const reports = new Map<Version, StoredReport>();
  const news: NewsItem[] = [];
  const peers: Peer[] = [];
  for (const version of inputs) {
    if (version.type === "news") news.push(await readNews(platform, asset_id, version));
    else if (version.type === "peer") peers.push(await readPeer(platform, version));
    else reports.set(version, await readReport(platform, asset_id, version));
  }
  const [overview] = [...reports].filter(([{ type }]) => type === "company_overview").map(([, report]) => report);
  const fundamentals: Fundamentals = {
    assetId: asset_id.slice("ASSET#".length),
    ...(overview && { overview }),
    income: annualOrQuarterly("income_statement", reports),
    balance: annualOrQuarterly("balance_sheet", reports),
    cashFlow: annualOrQuarterly("cash_flow", reports),
    earnings: annualOrQuarterly("earnings", reports),
    news,
  };
  const asked = { analysisType: rating.analysis_type, now: Date.parse(rating.as_of), peers };
  // Through the schema, as what was stored: its fields come in the same order.
  const anew = v.parse(ratingSchema, rate(fundamentals, asked));
  return JSON.stringify(anew) === JSON.stringify(rating)
    ? `Computed anew from ${inputs.length} stored versions: the same, byte for byte.`
    : `Computed anew from ${inputs.length} stored versions: NOT the same; now ${anew.investment_rating}, score ${anew.score}.`;
};

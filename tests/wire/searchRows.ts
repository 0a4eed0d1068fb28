import { PutCommand, ScanCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import type { Job } from "../../functions/processing/work/job";
import { enqueuingAnew } from "../../functions/processing/work/queue";
import { assetRow, historyRow, latestRow, overviewRows } from "../unit/search/rows";

const put = (TableName: string, Item: Record<string, unknown>) => dynamodb().send(new PutCommand({ TableName, Item }));

export interface Company {
  symbol: string;
  name: string;
  sector?: string;
  industry?: string;
  description?: string;
  status?: string;
  sourceTime?: number;
  rating?: string;
  marketCap?: number;
}

/** A company, row by row, as the syncs, the ingestion and the analysis leave it. */
export const putCompany = async (company: Company): Promise<void> => {
  const { symbol, name, sector, industry, description = "", status = "active", sourceTime = 1_000, rating } = company;
  const asset_id = `ASSET#${symbol}`;
  await put("assets", { ...assetRow({ asset_id, symbol, name, status, source_time: sourceTime }) });
  if (sector) {
    const { head, report } = overviewRows();
    await put("company-overview", {
      asset_id,
      report_key: "HEAD",
      ...head,
      current: {
        "LATEST#2026-06-30": "2026-10-26T07:00:00.000Z#abc",
        "LATEST#2026-03-31": "2026-07-26T07:00:00.000Z#def",
      },
    });
    const marketCapitalization = company.marketCap ?? 1_000_000;
    await put("company-overview", {
      asset_id,
      report_key: "LATEST#2026-06-30#2026-10-26T07:00:00.000Z",
      ...report,
      figures: { marketCapitalization },
      texts: { name, sector, description, ...(industry && { industry }) },
    });
  }
  if (rating) {
    await put("asset-analysis", {
      ...latestRow({ asset_id, investment_rating: rating, name, ...(sector && { sector }) }),
    });
    await put("asset-analysis", { ...historyRow({ asset_id, reason: `${name} is rated ${rating}.` }) });
  }
};

export interface News {
  hash: string;
  title: string;
  summary?: string;
  symbols: string[];
  publishedAt?: string;
  topics?: string[];
}

export const putArticle = async ({ hash, title, summary, symbols, publishedAt, topics = [] }: News): Promise<void> => {
  const published_at = publishedAt ?? "2026-10-26T11:30:00.000Z";
  const told = {
    url: `https://news.example/${hash}`,
    title,
    source: "Example News",
    published_at,
    overall_sentiment: 0.2,
  };
  for (const symbol of symbols) {
    await put("news", { asset_id: `ASSET#${symbol}`, news_key: `${published_at}#${hash}`, ...told, summary });
  }
  const rest = { topics: topics.map((topic) => ({ topic })), symbols };
  await put("news", { asset_id: `ARTICLE#${hash}`, news_key: "ARTICLE", ...told, ...rest });
};

export const enqueue = async (task: "assets" | "analysis" | "news", ...ids: string[]): Promise<void> => {
  for (const assetId of ids) {
    const job = {
      queue: "search",
      assetId,
      task,
      priority: "medium",
      eventId: `event-${assetId}`,
      correlationId: "c",
    } as const;
    await dynamodb().send(new TransactWriteCommand({ TransactItems: [enqueuingAnew(job, 0)] }));
  }
};

/** The jobs, by their ids. */
export const jobs = async (): Promise<Record<string, Job>> => {
  const { Items = [] } = await dynamodb().send(new ScanCommand({ TableName: "queue-tracking" }));
  return Object.fromEntries((Items as Job[]).map((job) => [job.job_id, job]));
};

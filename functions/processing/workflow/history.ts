import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Rating } from "../analysis/schema";
import { dynamodb } from "../aws/dynamodb";
import type { TransactItem } from "../aws/transact";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { analysisIdOf, type Item } from "./item";
import type { Result } from "./results";
import type { Standing } from "./standing";

/** The row that always shows a company's newest rating. */
export const latestKey = "LATEST";

export const analysisKeyOf = (item: Item): string => `${item.requestedAt}#${analysisIdOf(item)}`;

/** One analysis in the history of a company, newest last by its key. */
export interface HistoryRow {
  asset_id: string;
  analysis_key: string;
  analysis_id: string;
  analysis_date: string;
  analysis_type: string;
  status: "completed" | "failed";
  reason: string;
  investment_rating?: string;
  score?: number;
  confidence?: number;
  confidence_interval?: { low: number; high: number };
  /** In short; with every figure, in the object that `result_key` names. */
  rating_components?: Record<string, unknown>[];
  data_sources?: string[];
  rules_version?: string;
  /** Older rows do not say. */
  standing?: Standing;
  /** The rating before, where it was another. */
  previous_rating?: string;
  result_key?: string;
}

export interface LatestRow {
  asset_id: string;
  analysis_key: typeof latestKey;
  latest_key: string;
  analysis_date: string;
  investment_rating: string;
  confidence: number;
  sector?: string;
  name?: string;
  /** By component: what others of the sector are compared with. */
  scores: Record<string, number>;
  result_key: string;
}

const base = (item: Item) => ({
  asset_id: `ASSET#${item.assetId}`,
  analysis_key: analysisKeyOf(item),
  analysis_id: analysisIdOf(item),
  analysis_date: item.requestedAt,
  analysis_type: item.analysisType,
});

const inShort = (component: Rating["rating_components"][number]): Record<string, unknown> => {
  const { component: name, weight, reason } = component;
  if ("notComputable" in component) return { component: name, weight, not_computable: true, reason };
  const { value, score, verdict } = component;
  return { component: name, weight, value, score, verdict, reason };
};

export const completedRow = (item: Item, { rating }: Result, resultKey: string): HistoryRow => ({
  ...base(item),
  status: "completed",
  reason: rating.reason,
  investment_rating: rating.investment_rating,
  ...(rating.score !== undefined && { score: rating.score }),
  confidence: rating.confidence,
  confidence_interval: rating.confidence_interval,
  rating_components: rating.rating_components.map(inShort),
  data_sources: [...new Set(rating.inputs.map(({ type }) => type))],
  rules_version: rating.rules_version,
  result_key: resultKey,
});

export const failedRow = (item: Item, reason: string): HistoryRow => ({ ...base(item), status: "failed", reason });

export const latestRow = (item: Item, { rating, sector, name }: Result, resultKey: string): LatestRow => ({
  asset_id: `ASSET#${item.assetId}`,
  analysis_key: latestKey,
  latest_key: analysisKeyOf(item),
  analysis_date: item.requestedAt,
  investment_rating: rating.investment_rating,
  confidence: rating.confidence,
  ...(sector && { sector }),
  ...(name && { name }),
  scores: Object.fromEntries(
    rating.rating_components.flatMap((component) =>
      "notComputable" in component ? [] : [[component.component, component.score]],
    ),
  ),
  result_key: resultKey,
});

const read = async <Row>(assetId: string, key: string, run: Run): Promise<Row | undefined> => {
  const { Item: found } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: env("ASSET_ANALYSIS_TABLE"),
        Key: { asset_id: `ASSET#${assetId}`, analysis_key: key },
        ConsistentRead: true,
      }),
    ),
  );
  return found as Row | undefined;
};

export const readLatest = (assetId: string, run: Run) => read<LatestRow>(assetId, latestKey, run);
export const readHistory = (item: Item, run: Run) => read<HistoryRow>(item.assetId, analysisKeyOf(item), run);

export const newHistory = (row: HistoryRow): TransactItem => ({
  Put: {
    TableName: env("ASSET_ANALYSIS_TABLE"),
    Item: row,
    ConditionExpression: "attribute_not_exists(asset_id)",
  },
});

/** Replaces the newest rating that was read, if that is still the one. */
export const newLatest = (before: LatestRow | undefined, after: LatestRow): TransactItem => ({
  Put: {
    TableName: env("ASSET_ANALYSIS_TABLE"),
    Item: after,
    ...(before
      ? { ConditionExpression: "latest_key = :seen", ExpressionAttributeValues: { ":seen": before.latest_key } }
      : { ConditionExpression: "attribute_not_exists(asset_id)" }),
  },
});

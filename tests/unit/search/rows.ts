import type { AssetRow, CompanyRows } from "../../../functions/processing/search/documents";
import type { HistoryRow, LatestRow } from "../../../functions/processing/workflow/history";

export const assetRow = (over: Partial<AssetRow> = {}): AssetRow => ({
  asset_id: "ASSET#AAPL",
  symbol: "AAPL",
  name: "Apple Inc Common Stock",
  exchange: "NASDAQ",
  status: "active",
  source_time: 1_000,
  updated_at: "2026-10-26T04:00:00.000Z",
  ...over,
});

export const overviewRows = (): NonNullable<CompanyRows["overview"]> => ({
  head: { source_time: 20_000 },
  report: {
    received_at: "2026-10-26T07:00:00.000Z",
    figures: { marketCapitalization: 3_000_000_000_000.4 },
    texts: {
      name: "Apple Inc",
      sector: "TECHNOLOGY",
      industry: "CONSUMER ELECTRONICS",
      description: "Makes telephones.",
    },
  },
});

export const latestRow = (over: Partial<LatestRow> = {}): LatestRow => ({
  asset_id: "ASSET#AAPL",
  analysis_key: "LATEST",
  latest_key: "2026-10-26T08:00:00.000Z#abc",
  analysis_date: "2026-10-26T08:00:00.000Z",
  investment_rating: "Buy",
  confidence: 0.8,
  sector: "TECHNOLOGY",
  name: "Apple Inc",
  scores: { piotroski: 0.7 },
  result_key: "ratings/AAPL.json.gz",
  ...over,
});

export const historyRow = (over: Partial<HistoryRow> = {}): HistoryRow => ({
  asset_id: "ASSET#AAPL",
  analysis_key: "2026-10-26T08:00:00.000Z#abc",
  analysis_id: "abc",
  analysis_date: "2026-10-26T08:00:00.000Z",
  analysis_type: "rule_based",
  status: "completed",
  reason: "Sound books, and a high price.",
  confidence_interval: { low: 0.5, high: 0.7 },
  rating_components: [
    { component: "piotroski", weight: 0.2, value: 7, score: 0.7, verdict: "favourable", reason: "Seven of nine." },
    { component: "altman", weight: 0.1, not_computable: true, reason: "No retained earnings." },
  ],
  ...over,
});

export const companyRows = (over: Partial<CompanyRows> = {}): CompanyRows => ({
  asset: assetRow(),
  overview: overviewRows(),
  rating: { latest: latestRow(), history: historyRow() },
  ...over,
});

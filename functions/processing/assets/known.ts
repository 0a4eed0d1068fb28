import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { dynamodb } from "../aws/dynamodb";
import { readMany } from "../aws/readMany";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { assetId } from "../events/fields";

export const assetStatuses = ["active", "delisted"] as const;
export type AssetStatus = (typeof assetStatuses)[number];

/** What the platform knows of an asset's listing. */
export interface KnownAsset {
  status: AssetStatus;
  firstSeen: string;
  contentHash: string;
  /** When what the row says was true, in epoch milliseconds. */
  sourceTime: number;
}

/** One under which an asset can be stored, and told of in events. */
export const isSymbol = (text: string): boolean => v.is(assetId, text);

export const assetKey = (symbol: string) => ({ asset_id: `ASSET#${symbol}` });
const symbolOf = (row: Record<string, unknown>): string => String(row["asset_id"]).slice("ASSET#".length);

const readPage = (start: Record<string, unknown> | undefined, run: Run) =>
  run.call("Scan", "dynamodb", () =>
    dynamodb().send(
      new ScanCommand({
        TableName: env("ASSETS_TABLE"),
        ConsistentRead: true,
        ProjectionExpression: "asset_id, #status, first_seen, content_hash, source_time",
        ExpressionAttributeNames: { "#status": "status" },
        ...(start && { ExclusiveStartKey: start }),
      }),
    ),
  );

/** Every asset, by its symbol. */
export const readKnownAssets = async (run: Run): Promise<Map<string, KnownAsset>> => {
  const known = new Map<string, KnownAsset>();
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await readPage(start, run);
    for (const row of Items) {
      known.set(symbolOf(row), {
        status: row["status"] === "active" ? "active" : "delisted",
        firstSeen: String(row["first_seen"]),
        contentHash: String(row["content_hash"]),
        sourceTime: Number(row["source_time"] ?? 0),
      });
    }
    start = LastEvaluatedKey;
  } while (start);
  return known;
};

/** Those of the symbols that are assets of ours, and active. */
export const activeAmong = async (symbols: Iterable<string>, run: Run): Promise<Set<string>> => {
  const keys = [...new Set(symbols)].filter(isSymbol).map(assetKey);
  const rows = await readMany(env("ASSETS_TABLE"), keys, ["asset_id", "status"], run);
  return new Set(rows.filter(({ status }) => status === "active").map(symbolOf));
};

import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import { inBatches, requireTime, throwIfFailed } from "../batch";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import type { ListedAsset, Refused } from "../providers/rows";
import { moveWatermark, readWatermark } from "../watermark";
import { compare, contentHash, contentOf } from "./compare";
import { assetKey, readKnownAssets } from "./known";

/** What a provider listed, and when it said so. */
export interface AssetList {
  assets: readonly ListedAsset[];
  refused: readonly Refused[];
  receivedAt: number;
}

export interface AssetSummary {
  seen: number;
  added: number;
  /** Listed otherwise than before, or again. */
  changed: number;
  delisted: number;
  unchanged: number;
  refused: Refused[];
}

/** Under which it is remembered how far the list of assets has come. */
export const assetSyncName = "assets";
const writtenAtOnce = 16;

/** False where a younger list has been there already. */
const update = async (symbol: string, fields: Record<string, unknown>, at: number, run: Run): Promise<boolean> => {
  const all: Record<string, unknown> = { ...fields, source_time: at, updated_at: new Date(run.now()).toISOString() };
  const names = Object.keys(all);
  const set = names.filter((name) => all[name] !== undefined).map((name) => `#${name} = :${name}`);
  const remove = names.filter((name) => all[name] === undefined).map((name) => `#${name}`);
  try {
    await run.call("UpdateItem", "dynamodb", () =>
      dynamodb().send(
        new UpdateCommand({
          TableName: env("ASSETS_TABLE"),
          Key: assetKey(symbol),
          UpdateExpression: `SET ${[...set, "first_seen = if_not_exists(first_seen, :first_seen)"].join(", ")}${
            remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""
          }`,
          // Equal: our own write, whose answer was lost.
          ConditionExpression: "attribute_not_exists(asset_id) OR source_time <= :source_time",
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[`:${name}`, all[name]]]))),
            ":first_seen": new Date(at).toISOString(),
          },
        }),
      ),
    );
    return true;
  } catch (error) {
    if (error instanceof Failure && error.conditionFailed) return false;
    throw error;
  }
};

interface Write {
  symbol: string;
  kind: "added" | "changed" | "delisted";
  fields: Record<string, unknown>;
}

const listing = (asset: ListedAsset): Record<string, unknown> => ({
  ...contentOf(asset),
  content_hash: contentHash(asset),
  status: "active",
  delisted_at: undefined,
});

/** Brings the assets to what the provider lists. Only differences are written, so the same list twice writes nothing. */
export const syncAssets = async ({ assets, refused, receivedAt }: AssetList, run: Run): Promise<AssetSummary> => {
  const seen = assets.length + refused.length;
  const summary: AssetSummary = { seen, added: 0, changed: 0, delisted: 0, unchanged: 0, refused: [...refused] };
  const mark = await readWatermark(assetSyncName, run);
  if (mark && mark.at > receivedAt) {
    summary.refused.push({ at: "the list", reason: `is older than that of ${new Date(mark.at).toISOString()}` });
    return summary;
  }
  const { added, changed, delisted, ...rest } = compare(assets, await readKnownAssets(run), refused, receivedAt);
  summary.unchanged = rest.unchanged;
  summary.refused.push(...rest.refused);
  const goneAt = new Date(receivedAt).toISOString();
  const writes: Write[] = [
    ...added.map((asset) => ({ symbol: asset.symbol, kind: "added" as const, fields: listing(asset) })),
    ...changed.map((asset) => ({ symbol: asset.symbol, kind: "changed" as const, fields: listing(asset) })),
    ...delisted.map((symbol) => ({
      symbol,
      kind: "delisted" as const,
      fields: { status: "delisted", delisted_at: goneAt },
    })),
  ];
  const written = await inBatches(
    writes,
    writtenAtOnce,
    async ({ symbol, kind, fields }) => {
      requireTime(run);
      if (await update(symbol, fields, receivedAt, run)) summary[kind]++;
      else summary.refused.push({ at: symbol, reason: "is older than what is known" });
    },
    ({ symbol }) => symbol,
  );
  throwIfFailed(written, "writes of assets");
  await moveWatermark(assetSyncName, { at: receivedAt, caughtUp: true }, run);
  return summary;
};

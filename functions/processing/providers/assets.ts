import * as v from "valibot";
import { validate } from "../events/validate";
import { nameOfRow, parseJson, readRow, symbolText } from "./readRow";
import type { ListedAsset, Refused } from "./rows";

const word = v.pipe(
  v.string(),
  v.minLength(1, "must not be empty"),
  v.maxLength(100, "must have at most 100 characters"),
);

const assetSchema = v.object({
  id: word,
  symbol: symbolText,
  name: v.nullish(v.pipe(v.string(), v.maxLength(500, "must have at most 500 characters")), ""),
  exchange: word,
  // What was not asked for has no place among what is traded.
  status: v.optional(v.literal("active", "must be active")),
  class: v.optional(v.literal("us_equity", "must be us_equity")),
  tradable: v.boolean(),
  marginable: v.boolean(),
  shortable: v.boolean(),
  easy_to_borrow: v.boolean(),
  fractionable: v.boolean(),
  // New attributes appear without notice.
  attributes: v.nullish(v.array(word), () => []),
});

const listedAsset = (raw: v.InferOutput<typeof assetSchema>): ListedAsset => ({
  symbol: raw.symbol,
  name: raw.name,
  exchange: raw.exchange,
  providerId: raw.id,
  tradable: raw.tradable,
  marginable: raw.marginable,
  shortable: raw.shortable,
  easyToBorrow: raw.easy_to_borrow,
  fractionable: raw.fractionable,
  attributes: raw.attributes,
});

const symbolIn = (row: unknown): unknown =>
  typeof row === "object" && row !== null && "symbol" in row ? row.symbol : undefined;

/** What Alpaca lists. An asset that cannot be read is left out with the reason, under its symbol where it has one. */
export const parseAssets = (body: string): { assets: ListedAsset[]; refused: Refused[] } => {
  const rows = validate(v.array(v.unknown()), parseJson(body, "assets"), "assets");
  const assets: ListedAsset[] = [];
  const refused: Refused[] = [];
  for (const [index, row] of rows.entries()) {
    const at = nameOfRow(symbolIn(row), `assets.${index}`);
    const asset = readRow(assetSchema, row, { kind: "asset", at }, refused);
    if (asset) assets.push(listedAsset(asset));
  }
  return { assets, refused };
};

import { createHash } from "node:crypto";
import type { ListedAsset, Refused } from "../providers/rows";
import { isSymbol, type KnownAsset } from "./known";

/** What an asset's row says of its listing. An absent field is removed from the row. */
export const contentOf = (asset: ListedAsset) => ({
  symbol: asset.symbol,
  name: asset.name,
  exchange: asset.exchange,
  provider_id: asset.providerId,
  tradable: asset.tradable,
  marginable: asset.marginable,
  shortable: asset.shortable,
  easy_to_borrow: asset.easyToBorrow,
  fractionable: asset.fractionable,
  attributes: asset.attributes.toSorted(),
});

export const contentHash = (asset: ListedAsset): string =>
  createHash("sha256")
    .update(JSON.stringify(contentOf(asset)))
    .digest("base64url")
    .slice(0, 16);

export interface Comparison {
  added: ListedAsset[];
  /** Listed otherwise than before, or again. */
  changed: ListedAsset[];
  delisted: string[];
  unchanged: number;
  refused: Refused[];
}

/** From so many known assets on, a list that lacks more than this share of them is rather cut off than true. */
const fewest = 20;
const plausibleShare = 0.2;

const implausible = (missing: number, active: number, listed: number): boolean =>
  missing > 0 && (listed === 0 || (active >= fewest && missing > active * plausibleShare));

/** Whatever could be a symbol in what a row that cannot be read is called. */
const namesIn = ({ at }: Refused): string[] => at.split(/[^A-Z0-9.-]+/).filter(isSymbol);

/** Why those that are missing are not taken for delisted, if there is a reason. */
const doubt = (missing: number, active: number, listed: number, nameless: number): string | undefined => {
  if (implausible(missing, active, listed)) return "which is implausible";
  const rows = nameless === 1 ? "1 row has" : `${nameless} rows have`;
  return missing > 0 && missing <= nameless ? `and ${rows} no name that can be read` : undefined;
};

/**
 * What a list of everything that is traded, as it was at a moment, means for the assets we know. Rows that could not be
 * read say nothing, so that what they may be about is not taken for delisted, be it named or not.
 */
export const compare = (
  listed: readonly ListedAsset[],
  known: ReadonlyMap<string, KnownAsset>,
  unreadable: readonly Refused[],
  at: number,
): Comparison => {
  const result: Comparison = { added: [], changed: [], delisted: [], unchanged: 0, refused: [] };
  const seen = new Set<string>();
  for (const asset of listed) {
    const { symbol } = asset;
    const before = known.get(symbol);
    if (!isSymbol(symbol)) {
      result.refused.push({ at: symbol, reason: "is no symbol of 1 to 16 of A-Z 0-9 . -" });
    } else if (seen.has(symbol)) {
      result.refused.push({ at: symbol, reason: "is listed a second time" });
    } else if (!before) {
      result.added.push(asset);
    } else if (before.status === "active" && before.contentHash === contentHash(asset)) {
      result.unchanged++;
    } else if (before.sourceTime > at) {
      result.refused.push({ at: symbol, reason: "is older than what is known" });
    } else {
      result.changed.push(asset);
    }
    seen.add(symbol);
  }
  const mentioned = new Set(unreadable.flatMap(namesIn));
  const nameless = unreadable.filter((row) => namesIn(row).length === 0).length;
  const active = [...known].filter(([, { status }]) => status === "active");
  const missing = active.filter(([symbol]) => !seen.has(symbol) && !mentioned.has(symbol));
  const why = doubt(missing.length, active.length, listed.length, nameless);
  if (why) {
    const reason = `lacks ${missing.length} of ${active.length} known assets, ${why}: none was delisted`;
    result.refused.push({ at: "the list", reason });
  } else {
    result.delisted = missing.filter(([, { sourceTime }]) => sourceTime <= at).map(([symbol]) => symbol);
  }
  return result;
};

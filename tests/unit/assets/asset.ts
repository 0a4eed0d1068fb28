import type { ListedAsset } from "../../../functions/processing/providers/rows";

/** An asset as the provider lists it. */
export const asset = (symbol: string, over: Partial<ListedAsset> = {}): ListedAsset => ({
  symbol,
  name: `${symbol} Inc.`,
  exchange: "NASDAQ",
  providerId: `id-${symbol}`,
  tradable: true,
  marginable: true,
  shortable: true,
  easyToBorrow: true,
  fractionable: true,
  attributes: [],
  ...over,
});

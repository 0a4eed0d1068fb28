import type { Cloud } from "./cloud/cloud";
import { type Market, type MarketOptions as MarketStart, startMarket } from "./market/market";

export type { Market };

export interface ProviderKeys {
  alpacaKeyId?: string;
  alpacaSecretKey?: string;
  alphaVantageKey?: string;
}

export type MarketOptions = Partial<Pick<MarketStart, "perSecond" | "perDay" | "extraSymbols">>;

/** Keys of the stand-in market: whoever knows them can do nothing with them. */
const standIn = {
  alpacaKeyId: "stand-in-alpaca-key",
  alpacaSecretKey: "stand-in-alpaca-secret",
  alphaVantageKey: "stand-in-alphavantage-key",
};

/** Who gives out tokens for the real stack is asked by nobody here: the program makes a pool of its own. */
const ownUsers = { jwtIssuer: "", jwtAudience: "[]" };

/** There is no model here to make vectors of texts. */
const embedded = { embedder: "local" };

interface Providers {
  market: Market | undefined;
  /** What the program must be told to find them. */
  settings: Record<string, string>;
}

/** Whoever answers for the providers: the real ones where keys are given, else a market of our own on this machine. */
export const startProviders = async (
  cloud: Cloud,
  config: Record<string, string>,
  project: string,
  { live, market: options = {} }: { live?: ProviderKeys; market?: MarketOptions },
): Promise<Providers> => {
  if (live) return { market: undefined, settings: { ...embedded, ...live } };
  const plan = (name: string): number => Number(config[`${project}:${name}`]);
  const market = await startMarket({
    now: () => cloud.clock.now(),
    perSecond: plan("alphaVantagePerSecond"),
    perDay: plan("alphaVantagePerDay"),
    alphaVantageKeys: [standIn.alphaVantageKey],
    alpacaKeys: [{ keyId: standIn.alpacaKeyId, secretKey: standIn.alpacaSecretKey }],
    ...options,
  });
  return {
    market,
    settings: { ...embedded, ...ownUsers, ...standIn, alpacaUrl: market.url, alphaVantageUrl: market.url },
  };
};

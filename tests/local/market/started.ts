import { type Market, type MarketOptions, startMarket } from "../../../local/market/market";

export const alphaVantageKey = "an-accepted-key";
export const alpacaKey = { keyId: "an-accepted-id", secretKey: "an-accepted-secret" };

/** A Friday, at noon in UTC. */
export const friday = Date.UTC(2026, 7, 28, 12);

export interface TestMarket extends Market {
  turnBy: (ms: number) => void;
  /** Asks AlphaVantage, with the accepted key unless `params` has another. */
  ask: (name: string, params?: Record<string, string>, init?: RequestInit) => Promise<Response>;
  json: <Body>(name: string, params?: Record<string, string>) => Promise<Body>;
  assets: (params?: Record<string, string>, headers?: Record<string, string>) => Promise<Response>;
}

const alpacaHeaders = { "APCA-API-KEY-ID": alpacaKey.keyId, "APCA-API-SECRET-KEY": alpacaKey.secretKey };

/** A market whose clock stands still until it is turned; without limits unless `options` has some. */
export const startTestMarket = async (options: Partial<MarketOptions> = {}): Promise<TestMarket> => {
  let time = friday;
  const market = await startMarket({
    now: () => time,
    perSecond: Number.POSITIVE_INFINITY,
    perDay: Number.POSITIVE_INFINITY,
    alphaVantageKeys: [alphaVantageKey],
    alpacaKeys: [alpacaKey],
    ...options,
  });
  const ask: TestMarket["ask"] = (name, params = {}, init = {}) => {
    const query = new URLSearchParams({ function: name, apikey: alphaVantageKey, ...params });
    return fetch(`${market.url}/query?${query}`, init);
  };
  return {
    ...market,
    ask,
    turnBy: (ms) => {
      time += ms;
    },
    json: async (name, params) => JSON.parse(await (await ask(name, params)).text()),
    assets: (params = { status: "active", asset_class: "us_equity" }, headers = alpacaHeaders) =>
      fetch(`${market.url}/v2/assets?${new URLSearchParams(params)}`, { headers }),
  };
};

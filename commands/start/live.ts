import { UserError } from "../../local/engine/stackFile";
import type { ProviderKeys } from "../../local/providers";

const names: Record<keyof ProviderKeys, string> = {
  alpacaKeyId: "ALPACA_KEY_ID",
  alpacaSecretKey: "ALPACA_SECRET_KEY",
  alphaVantageKey: "ALPHA_VANTAGE_KEY",
};

/** The user's own keys for the real providers. What has no key is not called. */
export const liveKeys = (environment: NodeJS.ProcessEnv): ProviderKeys => {
  const keys = Object.fromEntries(
    Object.entries(names).flatMap(([setting, variable]) => {
      const value = environment[variable];
      return value ? [[setting, value]] : [];
    }),
  ) as ProviderKeys;
  if (Object.keys(keys).length === 0) {
    throw new UserError(`--live calls the real providers and needs keys: set ${Object.values(names).join(", ")}`);
  }
  return keys;
};

/** The stand-in market has the free plan's 25 calls a day, but is in less of a hurry to hold back: a day fits a coffee. */
export const standInPlan = { alphaVantagePerSecond: "100" };

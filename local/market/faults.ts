export const faultKinds = [
  "burst",
  "spent",
  "premium",
  "keyRejected",
  "error",
  "empty",
  "html",
  "status500",
  "hang",
  "badCsv",
  "letterCsv",
  "truncated",
  "malformed",
] as const;

/**
 * How a provider can fail. `error`: the call is refused for good. `empty`: an answer with nothing in it. `html`: a page of the
 * provider's proxy. `badCsv`: a calendar of which some rows are broken. `letterCsv`: a calendar whose one row spells the
 * first letters of a notice. `malformed`: whole, but no JSON. `truncated`: the connection breaks half way.
 */
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** AlphaVantage's function, or ASSETS for Alpaca. @default any that can fail in this way */
  function?: string;
  /** @default any */
  symbol?: string;
  kind: FaultKind;
  /** After so many hits the fault is over. @default no end */
  times?: number;
}

export interface Injected {
  hits: () => number;
  remove: () => void;
}

export interface MarketFaults {
  inject: (fault: Fault) => Injected;
  /** The fault that strikes this call, if one does. */
  strike: (call: { function: string; symbol: string | undefined }) => FaultKind | undefined;
}

const onlyFor: { [Kind in FaultKind]?: (name: string) => boolean } = {
  spent: (name) => name !== "ASSETS",
  premium: (name) => name !== "ASSETS",
  badCsv: (name) => name === "EARNINGS_CALENDAR",
  letterCsv: (name) => name === "EARNINGS_CALENDAR",
};

const canFail = (kind: FaultKind, name: string): boolean => onlyFor[kind]?.(name) ?? true;

export const createFaults = (): MarketFaults => {
  const armed = new Set<Fault & { hits: number }>();
  return {
    inject: (fault) => {
      if (fault.function !== undefined && !canFail(fault.kind, fault.function)) {
        throw new Error(`kind: ${fault.function} has no fault ${fault.kind}`);
      }
      const one = { ...fault, hits: 0 };
      armed.add(one);
      return { hits: () => one.hits, remove: () => armed.delete(one) };
    },
    strike: (call) => {
      for (const one of armed) {
        if (one.function !== undefined && one.function !== call.function) continue;
        if (one.symbol !== undefined && one.symbol !== call.symbol) continue;
        if (!canFail(one.kind, call.function) || one.hits >= (one.times ?? Number.POSITIVE_INFINITY)) continue;
        one.hits++;
        return one.kind;
      }
      return undefined;
    },
  };
};

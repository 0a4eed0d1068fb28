import type { Company } from "./companies/company";

export interface Listing {
  /** Those that are traded. */
  active: () => Company[];
  inactive: () => Company[];
  /** Undefined unless it is, or was, listed. */
  find: (symbol: string) => Company | undefined;
  list: (...symbols: string[]) => void;
  delist: (symbol: string) => void;
}

const symbolForm = /^[A-Z]{1,5}(\.[A-Z])?$/;

/** What the stock exchange trades. A company that left it is still known. */
export const openListing = (symbols: Iterable<string>, company: (symbol: string) => Company): Listing => {
  const listed = new Map<string, boolean>();
  const list = (symbol: string): void => {
    if (!symbolForm.test(symbol)) throw new Error(`symbol: "${symbol}" is not a stock symbol, such as AAPL or BRK.B`);
    listed.set(symbol, true);
  };
  for (const symbol of symbols) list(symbol);
  const those = (active: boolean): Company[] =>
    [...listed].filter(([, isActive]) => isActive === active).map(([symbol]) => company(symbol));
  return {
    active: () => those(true),
    inactive: () => those(false),
    find: (symbol) => (listed.has(symbol) ? company(symbol) : undefined),
    list: (...more) => {
      for (const symbol of more) list(symbol);
    },
    delist: (symbol) => {
      if (!listed.get(symbol)) throw new Error(`symbol: ${symbol} is not listed`);
      listed.set(symbol, false);
    },
  };
};

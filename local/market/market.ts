import type { IncomingMessage } from "node:http";
import { type AlpacaKey, createAlpaca } from "./alpaca/respond";
import { createLimits, type LimitOptions } from "./alphaVantage/limits";
import { createAlphaVantage } from "./alphaVantage/respond";
import { createRestatements, type Restatement } from "./alphaVantage/restatements";
import { anonymousSymbol } from "./companies/generated/anonymous";
import { dayOf } from "./days";
import { createFaults, type Fault, type Injected } from "./faults";
import { openListing } from "./listing";
import { createFeed } from "./news/feed";
import type { Call } from "./outcome";
import { json, type Reply } from "./reply";
import { startServer } from "./server";
import { companiesFrom, universe } from "./universe";

export interface MarketOptions extends LimitOptions {
  /** Keys that are accepted; any other is rejected as the provider would. */
  alphaVantageKeys: readonly string[];
  alpacaKeys: readonly AlpacaKey[];
  /** @default all of the universe */
  symbols?: readonly string[] | undefined;
  /** @default any that is free */
  port?: number | undefined;
  /** So many further companies are listed, in neither calendar nor news. @default 0 */
  extraSymbols?: number | undefined;
  /** Another seed makes other figures of the companies that do not exist. @default "signal9" */
  seed?: string | undefined;
  /** Whether the earnings calendar has its last column. @default true */
  timeOfTheDay?: boolean | undefined;
}

export interface Market {
  /** Base address of both providers. */
  url: string;
  close: () => Promise<void>;
  /** Every call so far, with neither keys nor addresses. */
  calls: () => readonly Call[];
  faults: { inject: (fault: Fault) => Injected };
  list: (...symbols: string[]) => void;
  delist: (symbol: string) => void;
  restate: (symbol: string, restatement: Restatement) => void;
}

const extras = (count: number, taken: ReadonlySet<string>): Set<string> => {
  const symbols = new Set<string>();
  for (let number = 0; symbols.size < count; number++) {
    const symbol = anonymousSymbol(number);
    if (!taken.has(symbol)) symbols.add(symbol);
  }
  return symbols;
};

/** Starts a market that stands in for both providers. Companies are made when they are first asked for. */
export const startMarket = async (options: MarketOptions): Promise<Market> => {
  const { now, seed = "signal9", symbols = universe.map(({ symbol }) => symbol), port = 0 } = options;
  const company = companiesFrom(seed);
  const [firstSymbol, ...otherSymbols] = symbols;
  if (firstSymbol === undefined) throw new Error("symbols: a market needs at least one");
  const subject = (symbol: string) => company(symbol).profile;
  const extra = extras(options.extraSymbols ?? 0, new Set(symbols));
  const listing = openListing([...symbols, ...extra], company);
  const faults = createFaults();
  const restated = createRestatements();
  const calls: Call[] = [];
  const alpaca = createAlpaca({ listing, keys: options.alpacaKeys, now, strike: faults.strike });
  const alphaVantage = createAlphaVantage({
    listing,
    followed: () => listing.active().filter(({ profile }) => !extra.has(profile.symbol)),
    feed: createFeed([subject(firstSymbol), ...otherSymbols.map(subject)], seed),
    restated,
    limits: createLimits(options),
    keys: options.alphaVantageKeys,
    timeOfTheDay: options.timeOfTheDay ?? true,
    now,
    strike: faults.strike,
  });

  const serve = ({ pathname, searchParams }: URL, { method, headers }: IncomingMessage): Reply => {
    const at = now();
    if (method === "GET" && pathname === "/query") {
      const { reply, outcome } = alphaVantage(searchParams, headers);
      const symbol = searchParams.get("symbol") ?? undefined;
      calls.push({ at, provider: "alphaVantage", function: searchParams.get("function") ?? "", symbol, outcome });
      return reply;
    }
    if (method === "GET" && pathname === "/v2/assets") {
      const { reply, outcome } = alpaca(searchParams, headers);
      calls.push({ at, provider: "alpaca", function: "ASSETS", symbol: undefined, outcome });
      return reply;
    }
    return json({ message: `${method} ${pathname} is not supported` }, 404);
  };

  const server = await startServer(serve, port);
  return {
    ...server,
    calls: () => calls,
    faults: { inject: faults.inject },
    list: listing.list,
    delist: listing.delist,
    restate: (symbol, restatement) => {
      const { function: name, period, fiscalDateEnding } = restatement;
      const reports = listing.find(symbol)?.reportsBy(dayOf(now()));
      if (!reports) throw new Error(`symbol: ${symbol} is not listed`);
      if (!reports[period].some((report) => report.fiscalDateEnding === fiscalDateEnding)) {
        throw new Error(`fiscalDateEnding: ${symbol} has no ${period} ${name} of ${fiscalDateEnding}`);
      }
      restated.add(symbol, restatement);
    },
  };
};

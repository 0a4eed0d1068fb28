import type { IncomingHttpHeaders } from "node:http";
import type { Company } from "../companies/company";
import { type Day, dayOf } from "../days";
import type { FaultKind } from "../faults";
import type { Listing } from "../listing";
import type { Feed } from "../news/feed";
import { definitions } from "../news/wording";
import { type Answered, csv, json, type Reply } from "../reply";
import { brokenReply } from "../trouble";
import { brokenCalendar, calendarAnswer, horizonDays, letterCalendar } from "./calendar";
import { earningsAnswer } from "./earnings";
import type { Limits } from "./limits";
import { newsAnswer } from "./news";
import * as notices from "./notices";
import { overviewAnswer } from "./overview";
import type { Restatements } from "./restatements";
import { statementAnswer, statementFunctions } from "./statements";

interface Options {
  listing: Listing;
  /** Those whose reports the calendar announces to whoever names no symbol. */
  followed: () => readonly Company[];
  feed: Feed;
  restated: Restatements;
  limits: Limits;
  keys: readonly string[];
  timeOfTheDay: boolean;
  now: () => number;
  strike: (call: { function: string; symbol: string | undefined }) => FaultKind | undefined;
}

const demo = "demo";

const answered = (body: unknown): Answered => ({ reply: json(body), outcome: "answered" });
const refused = (reply: Reply): Answered => ({ reply, outcome: "error" });
const unknownSymbol: Answered = { reply: json({}), outcome: "unknownSymbol" };

/** The provider refuses a caller that asks for CSV alone, even where it answers with CSV. */
const acceptsJson = ({ accept = "*/*" }: IncomingHttpHeaders): boolean => /\*\/\*|application\/(json|\*)/.test(accept);

/** AlphaVantage: GET /query. */
export const createAlphaVantage = (options: Options) => {
  const { listing, limits, keys, now, strike, timeOfTheDay } = options;

  const fundamentals = new Map<string, (company: Company, day: Day) => unknown>([
    ["OVERVIEW", (company, day) => overviewAnswer(company, day) ?? {}],
    ["EARNINGS", earningsAnswer],
    ...statementFunctions.map(
      (name) => [name, (company: Company, day: Day) => statementAnswer(name, company, day, options.restated)] as const,
    ),
  ]);

  const calendar = (query: URLSearchParams): Answered => {
    const days = horizonDays(query.get("horizon") ?? "3month");
    if (days === undefined) return refused(notices.invalidCall("EARNINGS_CALENDAR"));
    const symbol = query.get("symbol");
    const named = symbol === null ? undefined : listing.find(symbol);
    const companies = symbol === null ? options.followed() : named ? [named] : [];
    const body = calendarAnswer({ companies, day: dayOf(now()), days, timeOfTheDay });
    return { reply: csv(body), outcome: "answered" };
  };

  const answer = (name: string, query: URLSearchParams): Answered => {
    if (name === "EARNINGS_CALENDAR") return calendar(query);
    if (name === "NEWS_SENTIMENT") {
      const isKnown = (symbol: string): boolean => listing.find(symbol) !== undefined;
      return newsAnswer(query, { feed: options.feed, now: now(), isKnown });
    }
    const ask = fundamentals.get(name);
    if (!ask) return refused(notices.unknownFunction(name));
    const symbol = query.get("symbol");
    if (!symbol) return refused(notices.invalidCall(name));
    const company = listing.find(symbol);
    return company ? answered(ask(company, dayOf(now()))) : unknownSymbol;
  };

  const empty = (name: string): Reply => {
    if (name === "EARNINGS_CALENDAR") {
      return csv(calendarAnswer({ companies: [], day: dayOf(now()), days: 0, timeOfTheDay }));
    }
    return json(name === "NEWS_SENTIMENT" ? { items: "0", ...definitions, feed: [] } : {});
  };

  const failed = (kind: FaultKind, name: string, query: URLSearchParams, key: string): Reply => {
    const said: { [Kind in FaultKind]?: () => Reply } = {
      burst: notices.burst,
      spent: () => notices.spent(key),
      premium: notices.premium,
      keyRejected: notices.keyRejected,
      error: () => notices.invalidCall(name),
      empty: () => empty(name),
      badCsv: () => csv(brokenCalendar(calendar(query).reply.body)),
      letterCsv: () => csv(letterCalendar(timeOfTheDay)),
    };
    const whole = (): Reply => answer(name, query).reply;
    return said[kind]?.() ?? brokenReply(kind, whole) ?? whole();
  };

  return (query: URLSearchParams, headers: IncomingHttpHeaders): Answered => {
    if (!acceptsJson(headers)) return { reply: notices.notAcceptable(), outcome: "notAcceptable" };
    const name = query.get("function") ?? "";
    const key = query.get("apikey") ?? "";
    if (!keys.includes(key)) {
      return { reply: key === demo ? notices.demoKey() : notices.keyRejected(), outcome: "keyRejected" };
    }
    const full = limits.full(key);
    if (full) return { reply: failed(full, name, query, key), outcome: full };
    const kind = strike({ function: name, symbol: query.get("symbol") ?? undefined });
    // What the provider refuses for its number is not counted.
    if (kind !== "burst" && kind !== "spent") limits.count(key);
    return kind ? { reply: failed(kind, name, query, key), outcome: kind } : answer(name, query);
  };
};

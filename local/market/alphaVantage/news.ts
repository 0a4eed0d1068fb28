import { stamp } from "../news/article";
import type { Feed } from "../news/feed";
import { definitions } from "../news/wording";
import { type Answered, json } from "../reply";
import { invalidNewsInputs, noArticles } from "./notices";

const form = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})$/;

/** Undefined if it is no such time. */
const timeOf = (text: string): number | undefined => {
  const [, year, month, day, hour, minute] = (form.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined) return undefined;
  const time = Date.UTC(year, month - 1, day, hour, minute);
  // A 31st of June would be taken for the 1st of July.
  return stamp(time).startsWith(text) ? time : undefined;
};

const sorts = ["LATEST", "EARLIEST", "RELEVANCE"] as const;
const defaultLimit = 50;
const mostArticles = 1_000;
const minuteMs = 60_000;

const refused: Answered = { reply: invalidNewsInputs(), outcome: "error" };

const unsupported: Answered = {
  reply: json({ message: "topics: this market does not select news by topic" }, 501),
  outcome: "error",
};

interface Context {
  feed: Feed;
  now: number;
  isKnown: (symbol: string) => boolean;
}

/** Answers NEWS_SENTIMENT. */
export const newsAnswer = (query: URLSearchParams, { feed, now, isKnown }: Context): Answered => {
  if (query.has("topics")) return unsupported;
  const [fromText, toText] = [query.get("time_from"), query.get("time_to")];
  const from = fromText === null ? undefined : timeOf(fromText);
  // The minute that is named is part of the answer.
  const to = toText === null ? now : (timeOf(toText) ?? Number.NaN) + minuteMs - 1;
  const limit = Number(query.get("limit") ?? defaultLimit);
  const sort = sorts.find((one) => one === (query.get("sort") ?? "LATEST"));
  const tickers = (query.get("tickers") ?? "").split(",").filter((ticker) => ticker !== "");
  const wrongTime = (fromText !== null && from === undefined) || Number.isNaN(to) || (from ?? 0) > to;
  const wrongLimit = !Number.isInteger(limit) || limit < 1 || limit > mostArticles;
  if (wrongTime || wrongLimit || !sort || !tickers.every(isKnown)) return refused;
  const articles = feed({ from, to: Math.min(to, now), tickers, sort, limit });
  if (articles.length === 0) return { reply: noArticles(), outcome: "empty" };
  return { reply: json({ items: String(articles.length), ...definitions, feed: articles }), outcome: "answered" };
};

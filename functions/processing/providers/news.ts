import * as v from "valibot";
import { validate } from "../events/validate";
import { isNothingFound } from "./notice";
import { isAbsent, numberIn } from "./numeral";
import { parseJson, readRow, symbolText } from "./readRow";
import type { Article, Refused } from "./rows";

/** A number within bounds, written as one or as text; undefined where there is none. */
const scoreBetween = (low: number, high: number) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform(numberIn),
      v.check(
        (score) => score === undefined || (score >= low && score <= high),
        `must be a number from ${low} to ${high}`,
      ),
    ),
  );

const relevance = scoreBetween(0, 1);
const sentiment = scoreBetween(-1, 1);

/** Text that may be lacking. */
const word = v.nullish(v.pipe(v.string(), v.maxLength(500, "must have at most 500 characters")), "");

const stamp = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})?$/;

/** `20260824T101500` is ISO 8601 in its short form, in UTC. Undefined for what is no moment. */
const momentOf = (text: string): string | undefined => {
  const iso = text.replace(stamp, (_, year, month, day, hour, minute, second = "00") =>
    [year, "-", month, "-", day, "T", hour, ":", minute, ":", second, ".000Z"].join(""),
  );
  const moment = iso === text ? Number.NaN : Date.parse(iso);
  // A day that does not exist is read as one of the next month.
  return !Number.isNaN(moment) && new Date(moment).toISOString() === iso ? iso : undefined;
};

const published = v.pipe(
  v.string(),
  v.check((text) => momentOf(text) !== undefined, "must be a moment as YYYYMMDDTHHMMSS"),
  v.transform((text) => momentOf(text) ?? text),
);

const list = <Item extends v.GenericSchema>(item: Item) => v.nullish(v.array(item), () => []);

const articleSchema = v.object({
  url: v.pipe(
    v.string(),
    v.minLength(1, "must not be empty"),
    v.maxLength(10_000, "must have at most 10000 characters"),
  ),
  title: v.pipe(v.string(), v.minLength(1, "must not be empty")),
  time_published: published,
  summary: v.nullish(v.string(), ""),
  source: word,
  topics: list(v.object({ topic: v.string(), relevance_score: relevance })),
  overall_sentiment_score: sentiment,
  ticker_sentiment: list(
    v.object({
      ticker: symbolText,
      relevance_score: relevance,
      ticker_sentiment_score: sentiment,
      ticker_sentiment_label: word,
    }),
  ),
});

const articleOf = (raw: v.InferOutput<typeof articleSchema>): Article => ({
  url: raw.url,
  title: raw.title,
  summary: raw.summary,
  source: raw.source,
  publishedAt: raw.time_published,
  topics: raw.topics.map(({ topic, relevance_score }) => ({
    topic,
    ...(relevance_score !== undefined && { relevance: relevance_score }),
  })),
  ...(raw.overall_sentiment_score !== undefined && { sentiment: raw.overall_sentiment_score }),
  tickers: raw.ticker_sentiment.map((one) => ({
    symbol: one.ticker,
    ...(one.relevance_score !== undefined && { relevance: one.relevance_score }),
    ...(one.ticker_sentiment_score !== undefined && { sentiment: one.ticker_sentiment_score }),
    ...(!isAbsent(one.ticker_sentiment_label) && { label: one.ticker_sentiment_label }),
  })),
});

const newsSchema = v.object({ feed: v.array(v.unknown()) });

/** The articles of a feed. One that cannot be read is left out with the reason. */
export const parseNews = (body: string): { articles: Article[]; refused: Refused[] } => {
  const json = parseJson(body, "news");
  const articles: Article[] = [];
  const refused: Refused[] = [];
  if (isNothingFound(json)) return { articles, refused };
  for (const [at, row] of validate(newsSchema, json, "news").feed.entries()) {
    const article = readRow(articleSchema, row, { kind: "article", at: `feed.${at}` }, refused);
    if (article) articles.push(articleOf(article));
  }
  return { articles, refused };
};

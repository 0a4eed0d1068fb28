import type { Profile } from "../companies/company";
import { type Random, randomOf } from "../random";
import { topicOf } from "./topics";
import { authors, bad, commonTopics, good, labelOf, plain, sources } from "./wording";

/** Who is written about. */
export type Subject = Pick<Profile, "symbol" | "name" | "sector">;

export type Subjects = readonly [Subject, ...Subject[]];

/** As the provider writes it. */
export interface Article {
  title: string;
  url: string;
  time_published: string;
  authors: string[];
  summary: string;
  banner_image: null;
  source: string;
  category_within_source: string;
  source_domain: string;
  topics: { topic: string; relevance_score: string }[];
  overall_sentiment_score: number;
  overall_sentiment_label: string;
  ticker_sentiment: {
    ticker: string;
    relevance_score: string;
    ticker_sentiment_score?: string;
    ticker_sentiment_label: string;
  }[];
}

/** 20260824T101500: the time in UTC. */
export const stamp = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+Z$/g, "");

const hourMs = 3_600_000;
const decimals = (value: number): number => Number(value.toFixed(6));

const mention = (symbol: string, relevance: number, score: number, random: Random) => ({
  ticker: symbol,
  relevance_score: String(decimals(relevance)),
  // Some mentions come without a score.
  ...(!random.chance(0.08) && { ticker_sentiment_score: String(decimals(score)) }),
  ticker_sentiment_label: labelOf(score),
});

const mentioned = (subjects: Subjects, main: Subject, random: Random): Subject[] => {
  const others = random.chance(0.35) ? random.integer(1, 2) : 0;
  const all = [main, ...Array.from({ length: others }, () => random.pick(subjects))];
  return [...new Map(all.map((subject) => [subject.symbol, subject])).values()];
};

/** One article of an hour, the same whenever it is asked for. What it tells never happened, and it says so. */
export const articleOf = (subjects: Subjects, hour: number, place: number, seed: string): Article => {
  const random = randomOf(seed, "news", hour, place);
  const main = random.pick(subjects);
  const score = random.between(-0.7, 0.8);
  const story = random.pick(score >= 0.15 ? good : score <= -0.15 ? bad : plain);
  const [source, domain] = random.pick(sources);
  const about = mentioned(subjects, main, random);
  const names = about.map(({ symbol }) => symbol).join(", ");
  return {
    title: `${main.name} (${main.symbol}) ${story}`,
    url: `https://${domain}/generated/${hour}-${place}-${main.symbol.toLowerCase()}`,
    time_published: stamp(hour * hourMs + random.integer(0, hourMs - 1)),
    authors: [random.pick(authors)],
    summary: `Generated for tests: nothing of this happened. It mentions ${names}.`,
    banner_image: null,
    source,
    category_within_source: "n/a",
    source_domain: domain,
    topics: [...new Set([topicOf(main.sector), random.pick(commonTopics)])].map((topic) => ({
      topic,
      relevance_score: String(decimals(random.between(0.2, 1))),
    })),
    overall_sentiment_score: decimals(score),
    overall_sentiment_label: labelOf(score),
    ticker_sentiment: about.map(({ symbol }, at) =>
      mention(
        symbol,
        at === 0 ? random.between(0.5, 1) : random.between(0.05, 0.6),
        Math.max(-1, Math.min(1, score + random.between(-0.2, 0.2))),
        random,
      ),
    ),
  };
};

import { randomOf } from "../random";
import { type Article, articleOf, type Subjects, stamp } from "./article";

const hourMs = 3_600_000;
/** Nobody finds older articles here. */
const daysKept = 60;

export interface NewsQuestion {
  from?: number | undefined;
  to: number;
  /** An article must mention every one of them. */
  tickers: readonly string[];
  sort: "LATEST" | "EARLIEST" | "RELEVANCE";
  limit: number;
}

export type Feed = (question: NewsQuestion) => Article[];

const byTime = (a: Article, b: Article): number =>
  a.time_published < b.time_published ? -1 : a.time_published > b.time_published ? 1 : a.url < b.url ? -1 : 1;

const relevance = ({ ticker_sentiment }: Article, tickers: readonly string[]): number =>
  Math.max(
    ...ticker_sentiment
      .filter(({ ticker }) => tickers.length === 0 || tickers.includes(ticker))
      .map(({ relevance_score }) => Number(relevance_score)),
  );

/** The news of the last weeks, a few articles an hour. */
export const createFeed = (subjects: Subjects, seed: string): Feed => {
  const written = new Map<number, Article[]>();

  const inHour = (hour: number): Article[] => {
    const known = written.get(hour);
    if (known) return known;
    const random = randomOf(seed, "hour", hour);
    const articles = Array.from({ length: random.integer(2, 5) }, (_, place) => articleOf(subjects, hour, place, seed));
    if (random.chance(0.4)) {
      // An article of the hour before, published once more under its old address.
      const again = articleOf(subjects, hour - 1, 0, seed);
      const time_published = stamp(hour * hourMs + random.integer(0, hourMs - 1));
      articles.push({ ...again, title: `${again.title} (updated)`, time_published });
    }
    written.set(hour, articles);
    return articles;
  };

  return ({ from, to, tickers, sort, limit }) => {
    const [first, last] = [stamp(from ?? 0), stamp(to)];
    const oldest = Math.floor(Math.max(from ?? 0, to - daysKept * 24 * hourMs) / hourMs);
    const found: Article[] = [];
    // Newest hours first, so that the usual question, for the latest few, reads no more than it needs.
    for (let hour = Math.floor(to / hourMs); hour >= oldest; hour--) {
      if (sort === "LATEST" && found.length >= limit) break;
      found.push(
        ...inHour(hour).filter(
          ({ time_published, ticker_sentiment }) =>
            time_published >= first &&
            time_published <= last &&
            tickers.every((wanted) => ticker_sentiment.some(({ ticker }) => ticker === wanted)),
        ),
      );
    }
    found.sort(byTime);
    if (sort === "LATEST") found.reverse();
    if (sort === "RELEVANCE") found.sort((a, b) => relevance(b, tickers) - relevance(a, tickers) || byTime(b, a));
    return found.slice(0, limit);
  };
};

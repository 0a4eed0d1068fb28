import { lacking, type Outcome, verdictOn } from "./assess";
import type { Books } from "./books";
import { between, rounded } from "./scale";
import type { Input } from "./schema";
import { lifetimes } from "./weights";
import { plain } from "./wording";

/** The provider calls a sentiment bearish up to -0.35 and bullish from 0.35 on: scored 0 and 1. */
const score = between(-0.35, 0.35);

/** As much as this many new articles that are about nothing else is as certain as news can be. */
const enoughArticles = 3;

/** What the news says, each article by how much it is about the firm and how new it is. One that does not say both is left out. */
export const newsSentiment = (books: Books): Outcome => {
  const articles = books.news.flatMap(({ item, freshness }) => {
    const { relevance, sentiment } = item;
    if (relevance === undefined || sentiment === undefined) return [];
    const counts = Math.min(1, relevance) * freshness;
    return counts > 0 && Math.abs(sentiment) <= 1 ? [{ item, sentiment, counts }] : [];
  });
  const newest = articles
    .map(({ item }) => item.published_at.slice(0, 10))
    .sort()
    .at(-1);
  if (newest === undefined) return lacking("News sentiment", [`news of the last ${lifetimes.news} days`]);
  const total = articles.reduce((sum, { counts }) => sum + counts, 0);
  const value = rounded(articles.reduce((sum, { counts, sentiment }) => sum + counts * sentiment, 0) / total);
  const how = rounded(score(value));
  return {
    value,
    score: how,
    verdict: verdictOn(how),
    reason: `Sentiment is ${plain(value)} over ${articles.length} ${articles.length === 1 ? "article" : "articles"}, the newest of ${newest}.`,
    measures: [{ name: "sentiment", fiscal_date: newest, value, score: how }],
    inputs: articles.map(
      ({ item, sentiment }): Input => ({
        type: "news",
        figure: "sentiment",
        fiscal_date: item.published_at.slice(0, 10),
        report_key: item.report_key,
        value: sentiment,
      }),
    ),
    missing: [],
    evidence: [
      {
        share: 1,
        observations: articles.map(({ sentiment, counts }) => ({
          score: score(sentiment),
          certainty: counts / enoughArticles,
        })),
      },
    ],
  };
};

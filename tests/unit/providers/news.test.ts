import { expect } from "chai";
import fc from "fast-check";
import { Failure } from "../../../functions/processing/failure";
import { parseNews } from "../../../functions/processing/providers/alphaVantage";
import { remember } from "../../../functions/processing/redact";

const article = (changes: Record<string, unknown> = {}) => ({
  title: "Big machines sell",
  url: "https://news.example/1",
  time_published: "20260824T101500",
  authors: ["A. Writer"],
  summary: "They do.",
  source: "Example",
  source_domain: "news.example",
  topics: [{ topic: "Technology", relevance_score: "0.65" }],
  overall_sentiment_score: 0.25,
  overall_sentiment_label: "Somewhat-Bullish",
  ticker_sentiment: [
    { ticker: "IBM", relevance_score: "0.85", ticker_sentiment_score: "-0.31", ticker_sentiment_label: "Bearish" },
  ],
  ...changes,
});
const parse = (...feed: unknown[]) => parseNews(JSON.stringify({ items: String(feed.length), feed }));
const reasons = (changes: Record<string, unknown>) => parse(article(changes)).refused.map(({ reason }) => reason);

describe("news", () => {
  it("is read with what it says of each company", () => {
    expect(parse(article())).to.deep.equal({
      articles: [
        {
          url: "https://news.example/1",
          title: "Big machines sell",
          summary: "They do.",
          source: "Example",
          publishedAt: "2026-08-24T10:15:00.000Z",
          topics: [{ topic: "Technology", relevance: 0.65 }],
          sentiment: 0.25,
          tickers: [{ symbol: "IBM", relevance: 0.85, sentiment: -0.31, label: "Bearish" }],
        },
      ],
      refused: [],
    });
  });

  it("may lack what is not needed", () => {
    const { title, url, time_published } = article({ time_published: "20260824T1015" });
    const { articles } = parse({ title, url, time_published, summary: null, ticker_sentiment: [{ ticker: "IBM" }] });
    expect(articles).to.deep.equal([
      {
        url,
        title,
        summary: "",
        source: "",
        publishedAt: "2026-08-24T10:15:00.000Z",
        topics: [],
        tickers: [{ symbol: "IBM" }],
      },
    ]);
  });

  it("has no score where the provider has none, which is not 0", () => {
    for (const none of ["None", "", "-", null]) {
      const ticker = {
        ticker: "IBM",
        relevance_score: none,
        ticker_sentiment_score: none,
        ticker_sentiment_label: none,
      };
      const { articles } = parse(article({ overall_sentiment_score: none, ticker_sentiment: [ticker] }));
      expect(articles[0]?.tickers).to.deep.equal([{ symbol: "IBM" }]);
      expect(articles[0]).not.to.have.property("sentiment");
    }
  });

  it("leaves out an article that cannot be read, once, and keeps its neighbours", () => {
    const bad = article({ title: "", time_published: "soon" });
    const { articles, refused } = parse(article(), bad, "no article", article({ url: "https://news.example/2" }));
    expect(articles.map(({ url }) => url)).to.deep.equal(["https://news.example/1", "https://news.example/2"]);
    expect(refused).to.deep.equal([
      {
        at: "feed.1",
        reason: "article.title must not be empty; article.time_published must be a moment as YYYYMMDDTHHMMSS",
      },
      { at: "feed.2", reason: "article must be an object" },
    ]);
  });

  it("says which field is wrong", () => {
    const moment = "article.time_published must be a moment as YYYYMMDDTHHMMSS";
    expect(reasons({ time_published: "2026-08-24T10:15:00Z" })).to.deep.equal([moment]);
    expect(reasons({ time_published: "20260230T101500" })).to.deep.equal([moment]);
    expect(reasons({ time_published: "20260824T251500" })).to.deep.equal([moment]);
    expect(reasons({ url: undefined })).to.deep.equal(["article.url is missing"]);
    expect(reasons({ overall_sentiment_score: "good" })).to.deep.equal([
      "article.overall_sentiment_score must be a number from -1 to 1",
    ]);
    expect(reasons({ ticker_sentiment: [{ ticker: "IBM", relevance_score: "1.2" }] })).to.deep.equal([
      "article.ticker_sentiment.0.relevance_score must be a number from 0 to 1",
    ]);
    expect(reasons({ ticker_sentiment: [{ relevance_score: "1" }] })).to.deep.equal([
      "article.ticker_sentiment.0.ticker is missing",
    ]);
    expect(reasons({ ticker_sentiment: {} })).to.deep.equal(["article.ticker_sentiment must be a list"]);
  });

  it("without a feed is none", () => {
    expect(() => parseNews('{"items":"3"}')).to.throw(Failure, "news.feed is missing");
    expect(() => parseNews("<html>"))
      .to.throw(Failure, "news must be JSON")
      .that.includes({ field: "news" });
  });

  it("is read or refused, whatever it holds, and never shows a key in a reason", () => {
    const key = "NEWSKEY12345";
    remember(key);
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(key, "0.5", "20260824T101500", { __proto__: null, ticker: key }),
    );
    const changed = fc.dictionary(fc.constantFrom(...Object.keys(article()), "__proto__", "constructor", key), value);
    fc.assert(
      fc.property(fc.array(fc.oneof(changed.map(article), value), { maxLength: 4 }), (feed) => {
        const { articles, refused } = parse(...feed);
        expect(articles.length + refused.length).to.equal(feed.length);
        expect(JSON.stringify(refused)).not.to.include(key);
        for (const { publishedAt, sentiment = 0 } of articles) {
          expect(new Date(publishedAt).toISOString()).to.equal(publishedAt);
          expect(sentiment).to.be.within(-1, 1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

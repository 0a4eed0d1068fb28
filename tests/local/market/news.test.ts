import { expect } from "chai";
import type { Article } from "../../../local/market/news/article";
import { startTestMarket, type TestMarket } from "./started";

interface News {
  items: string;
  feed: Article[];
}

const hour = 3_600_000;

describe("the stand-in market's news", () => {
  let market: TestMarket;
  before(async () => {
    market = await startTestMarket();
  });
  after(() => market.close());

  const news = (params: Record<string, string> = {}): Promise<News> => market.json("NEWS_SENTIMENT", params);
  const times = ({ feed }: News): string[] => feed.map(({ time_published }) => time_published);

  it("has the provider's fields and types, and says that it is generated", async () => {
    const { items, feed, ...definitions } = await news({ limit: "200" });
    expect(items).to.equal("200");
    expect(definitions).to.have.all.keys("sentiment_score_definition", "relevance_score_definition");
    for (const article of feed) {
      expect(article).to.include.keys("title", "url", "authors", "summary", "source", "source_domain", "topics");
      expect(article.time_published).to.match(/^\d{8}T\d{6}$/);
      expect(article.summary).to.contain("Generated");
      expect(article.overall_sentiment_score).to.be.a("number");
      expect(new URL(article.url).hostname).to.match(/\.example$/);
      for (const { topic, relevance_score } of article.topics) {
        expect(topic).to.be.a("string");
        expect(relevance_score).to.match(/^0?\.?\d/);
      }
      for (const { relevance_score, ticker_sentiment_score = "0" } of article.ticker_sentiment) {
        expect([relevance_score, ticker_sentiment_score].every((value) => typeof value === "string")).to.equal(true);
        expect(Number(relevance_score)).to.be.within(0, 1);
        expect(Number(ticker_sentiment_score)).to.be.within(-1, 1);
      }
    }
    const mentions = feed.flatMap(({ ticker_sentiment }) => ticker_sentiment);
    expect(mentions.some(({ ticker_sentiment_score }) => ticker_sentiment_score === undefined)).to.equal(true);
    expect(feed.some(({ ticker_sentiment }) => ticker_sentiment.length > 1)).to.equal(true);
    expect(new Set(feed.map(({ overall_sentiment_label }) => overall_sentiment_label)).size).to.equal(5);
  });

  it("brings a few articles an hour, none of them from the future", async () => {
    const day = await news({ time_from: "20260827T1200", limit: "1000" });
    expect(day.feed.length).to.be.within(48, 150);
    expect(times(day).every((time) => time >= "20260827T120000" && time <= "20260828T120000")).to.equal(true);
  });

  it("keeps to the times that are asked for", async () => {
    const answer = await news({ time_from: "20260828T0800", time_to: "20260828T0859", limit: "1000" });
    expect(answer.feed.length).to.be.greaterThan(1);
    for (const time of times(answer)) expect(time.slice(0, 11)).to.equal("20260828T08");
  });

  it("repeats addresses over hours that follow each other, under a later time", async () => {
    const { feed } = await news({ time_from: "20260827T1200", limit: "1000" });
    const repeated = feed.filter(({ url }, at) => feed.findIndex((other) => other.url === url) !== at);
    expect(repeated.length).to.be.greaterThan(2);
  });

  it("sorts by time, either way, and by relevance", async () => {
    const latest = times(await news());
    expect(latest).to.have.length(50);
    expect(latest).to.deep.equal([...latest].sort().reverse());
    const earliest = times(await news({ sort: "EARLIEST", time_from: "20260828T0000" }));
    expect(earliest).to.deep.equal([...earliest].sort());
    const { feed } = await news({ sort: "RELEVANCE", tickers: "VRDX" });
    const relevance = feed.map(({ ticker_sentiment }) =>
      Number(ticker_sentiment.find(({ ticker }) => ticker === "VRDX")?.relevance_score),
    );
    expect(relevance.length).to.be.greaterThan(3);
    expect(relevance).to.deep.equal([...relevance].sort((a, b) => b - a));
  });

  it("takes several tickers as all of them", async () => {
    const pair = (await news({ limit: "1000" })).feed.find(({ ticker_sentiment }) => ticker_sentiment.length > 1);
    const [one = "", two = ""] = pair?.ticker_sentiment.map(({ ticker }) => ticker) ?? [];
    const { feed } = await news({ tickers: `${one},${two}`, limit: "1000" });
    expect(feed.map(({ url }) => url)).to.include(pair?.url);
    for (const { ticker_sentiment } of feed) {
      expect(ticker_sentiment.map(({ ticker }) => ticker)).to.include.members([one, two]);
    }
  });

  it("says that there is none, and that a question makes no sense", async () => {
    expect(await news({ time_from: "20260828T1200", tickers: "AAPL" }))
      .to.have.property("Information")
      .that.contains("No articles found");
    const wrong: Record<string, string>[] = [
      { limit: "1001" },
      { limit: "0" },
      { limit: "few" },
      { time_from: "2026-08-28" },
      { time_from: "20260631T0000" },
      { time_from: "20260828T0900", time_to: "20260828T0800" },
      { sort: "OLDEST" },
      { tickers: "NOPE" },
    ];
    for (const params of wrong) {
      expect(await news(params), JSON.stringify(params))
        .to.have.property("Information")
        .that.contains("Invalid inputs");
    }
    expect((await market.ask("NEWS_SENTIMENT", { topics: "ipo" })).status).to.equal(501);
  });

  it("does not change what was published when an hour has passed", async () => {
    const moving = await startTestMarket();
    try {
      const ask = (): Promise<News> => moving.json("NEWS_SENTIMENT", { time_from: "20260828T1000", limit: "1000" });
      const first = await ask();
      moving.turnBy(hour);
      const second = await ask();
      expect(second.feed.length).to.be.greaterThan(first.feed.length);
      expect(second.feed.slice(-first.feed.length)).to.deep.equal(first.feed);
    } finally {
      await moving.close();
    }
  });
});

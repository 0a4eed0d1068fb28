import { randomUUID } from "node:crypto";
import { GetCommand, PutCommand, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { Failure } from "../../functions/processing/failure";
import { hashOf } from "../../functions/processing/news/address";
import { type NewsList, syncNews } from "../../functions/processing/news/sync";
import { newsFrom } from "../../functions/processing/news/window";
import type { Article, ArticleTicker } from "../../functions/processing/providers/rows";
import { type TestRun, testRun } from "./run";
import { emptyTables } from "./tables";
import { world } from "./world";

const minute = 60_000;
const hour = 60 * minute;
const noon = Date.parse("2026-10-26T12:00:00Z");

const about = (...symbols: string[]): ArticleTicker[] =>
  symbols.map((symbol) => ({ symbol, relevance: 0.85, sentiment: 0.31, label: "Somewhat-Bullish" }));

const article = (name: string, over: Partial<Article> = {}): Article => ({
  url: `https://news.example/${name}`,
  title: `About ${name}`,
  summary: `All about ${name}.`,
  source: "Example News",
  publishedAt: "2026-10-26T11:30:00.000Z",
  topics: [{ topic: "Technology", relevance: 0.65 }],
  sentiment: 0.25,
  tickers: about("AAPL"),
  ...over,
});

const list = (articles: Article[], over: Partial<NewsList> = {}): NewsList => ({
  articles,
  refused: [],
  from: noon - 24 * hour,
  limit: 1_000,
  askedAt: noon,
  ...over,
});

/** Every run has ids of its own: a transaction's token is known for ten minutes. */
const newsRun = (now: number, over: { remainingMs?: number } = {}) => testRun(now, { newId: randomUUID, ...over });
const sync = (asked: NewsList) => syncNews(asked, newsRun(asked.askedAt));
const rows = async () => (await dynamodb().send(new ScanCommand({ TableName: "news" }))).Items ?? [];

const newsOf = async (symbol: string) =>
  (
    await dynamodb().send(
      new QueryCommand({
        TableName: "news",
        KeyConditionExpression: "asset_id = :asset",
        ExpressionAttributeValues: { ":asset": `ASSET#${symbol}` },
      }),
    )
  ).Items ?? [];

const mark = async () =>
  (await dynamodb().send(new GetCommand({ TableName: "processing-state", Key: { asset_id: "SYNC#news" } }))).Item;

const none = { seen: 0, added: 0, duplicates: 0, linked: 0, unknown: 0, refused: [] };

/** A run that is cut off at a call, as if the process had died there. */
const cutOffAt = (operation: string, over: TestRun = newsRun(noon)): TestRun => ({
  ...over,
  call: (name, origin, send) =>
    name === operation
      ? Promise.reject(new Failure("unavailable", `cut off at ${name}`))
      : over.call(name, origin, send),
});

describe("the sync of news", () => {
  before(world);
  const clean = () => emptyTables("assets", "news", "processing-state", "queue-tracking");
  after(clean);
  beforeEach(async () => {
    await clean();
    for (const symbol of ["AAPL", "MSFT"]) {
      await dynamodb().send(
        new PutCommand({ TableName: "assets", Item: { asset_id: `ASSET#${symbol}`, status: "active" } }),
      );
    }
    await dynamodb().send(
      new PutCommand({ TableName: "assets", Item: { asset_id: "ASSET#GONE", status: "delisted" } }),
    );
  });

  it("stores an article once, and once for each asset of ours that it is about", async () => {
    const both = article("apple", { tickers: about("AAPL", "XXXX", "GONE", "MSFT", "FOREX:USD", "AAPL") });
    expect(await sync(list([both]))).to.deep.equal({ ...none, seen: 1, added: 1, linked: 2 });
    const Key = { job_id: `search#${hashOf("https://news.example/apple")}#news` };
    const { Item: job } = await dynamodb().send(new GetCommand({ TableName: "queue-tracking", Key }));
    expect(job).to.include({ queue: "search", status: "enqueued", priority: "low" });
    const hash = hashOf("https://news.example/apple");
    const told = {
      url: "https://news.example/apple",
      title: "About apple",
      source: "Example News",
      published_at: "2026-10-26T11:30:00.000Z",
      overall_sentiment: 0.25,
      expires_at: Date.parse("2027-11-30T11:30:00Z") / 1_000,
    };
    const link = { summary: "All about apple.", relevance: 0.85, sentiment: 0.31, label: "Somewhat-Bullish" };
    const news_key = `2026-10-26T11:30:00.000Z#${hash}`;
    expect(await rows()).to.have.deep.members([
      { asset_id: "ASSET#AAPL", news_key, ...told, ...link },
      { asset_id: "ASSET#MSFT", news_key, ...told, ...link },
      {
        asset_id: `ARTICLE#${hash}`,
        news_key: "ARTICLE",
        ...told,
        topics: [{ topic: "Technology", relevance: 0.65 }],
        symbols: ["AAPL", "MSFT"],
      },
    ]);
  });

  it("knows an article again within an answer and across hours, however its link is written", async () => {
    const first = list([article("one"), article("one", { url: "https://NEWS.example/one?utm_source=feed#top" })]);
    expect(await sync(first)).to.deep.equal({ ...none, seen: 2, added: 1, duplicates: 1, linked: 1 });
    const before = await rows();
    const later = article("one", { url: "https://news.example/one?utm_medium=mail", tickers: about("AAPL", "MSFT") });
    const second = list([later, article("two")], { askedAt: noon + hour });
    expect(await sync(second)).to.deep.equal({ ...none, seen: 2, added: 1, duplicates: 1, linked: 1 });
    expect(await rows()).to.deep.include.members(before);
    expect(await newsOf("AAPL")).to.have.length(2);
    expect(await newsOf("MSFT")).to.deep.equal([]);
  });

  it("leaves what is about no asset of ours, or has no address or moment", async () => {
    const summary = await sync(
      list(
        [
          article("other", { tickers: about("XXXX") }),
          article("nobody", { tickers: [] }),
          article("odd", { url: "javascript:alert(1)" }),
          article("when", { publishedAt: "soon" }),
        ],
        { refused: [{ at: "feed.9", reason: "title is missing" }] },
      ),
    );
    expect(summary).to.deep.equal({
      ...none,
      seen: 5,
      unknown: 2,
      refused: [
        { at: "feed.9", reason: "title is missing" },
        { at: "About odd", reason: "url is no address on the web" },
        { at: "About when", reason: "publishedAt is no moment" },
      ],
    });
    expect(await rows()).to.deep.equal([]);
  });

  it("stores an article without scores, and one whose text is longer than a row may be", async () => {
    const bare = article("bare", { summary: "x".repeat(500_000), tickers: [{ symbol: "AAPL" }] });
    const { sentiment: _, ...without } = bare;
    expect(await sync(list([without]))).to.deep.include({ added: 1, linked: 1 });
    const [link] = await newsOf("AAPL");
    expect(link).not.to.have.any.keys("sentiment", "relevance", "label", "overall_sentiment");
    expect(link?.["summary"]).to.have.length(4_000);
  });

  it("links an article about more assets than fit one call", async () => {
    const symbols = Array.from({ length: 120 }, (_, at) => `S${at}`);
    for (const symbol of symbols) {
      const Item = { asset_id: `ASSET#${symbol}`, status: "active" };
      await dynamodb().send(new PutCommand({ TableName: "assets", Item }));
    }
    expect(await sync(list([article("all", { tickers: about(...symbols) })]))).to.deep.include({ linked: 120 });
    expect(await newsOf("S119")).to.have.length(1);
  });

  describe("when it is cut off", () => {
    for (const operation of ["BatchWriteItem", "TransactWriteItems"]) {
      it(`at ${operation}, is made whole by the next run`, async () => {
        const articles = [article("one", { tickers: about("AAPL", "MSFT") }), article("two")];
        const failure = await syncNews(list(articles), cutOffAt(operation)).catch((error) => error);
        expect(failure).to.be.instanceOf(Failure);
        expect(failure.message).to.include(`2 of 2 articles failed, https://news.example/one: cut off at ${operation}`);
        expect(await mark()).to.equal(undefined);
        expect(await sync(list(articles))).to.deep.equal({ ...none, seen: 2, added: 2, linked: 3 });
        expect(await rows()).to.have.length(5);
      });
    }

    it("begins no article that it has no time for, and keeps its place", async () => {
      const late = newsRun(noon, { remainingMs: 1_000 });
      const failure = await syncNews(list([article("one")]), late).catch((error) => error);
      expect(failure).to.include({ category: "unavailable" });
      expect(await rows()).to.deep.equal([]);
      expect(await mark()).to.equal(undefined);
    });
  });

  it("counts an article once where two runs meet at it", async () => {
    const articles = Array.from({ length: 20 }, (_, at) => article(`story-${at}`));
    const summaries = await Promise.all([sync(list(articles)), sync(list(articles)), sync(list(articles))]);
    const sum = (key: "added" | "duplicates" | "linked") => summaries.reduce((total, one) => total + one[key], 0);
    expect([sum("added"), sum("linked"), sum("duplicates")]).to.deep.equal([20, 20, 40]);
    expect(await rows()).to.have.length(40);
  });

  describe("asks", () => {
    const from = (now: number) => newsFrom(testRun(now));

    it("for a day at first, and then from where it was, with two hours of overlap", async () => {
      expect(await from(noon)).to.equal(noon - 24 * hour);
      await sync(list([article("one")]));
      expect(await mark()).to.deep.equal({
        asset_id: "SYNC#news",
        watermark: "2026-10-26T12:00:00.000Z",
        caught_up: true,
        updated_at: "2026-10-26T12:00:00.000Z",
      });
      expect(await from(noon + 6 * hour)).to.equal(noon - 2 * hour);
    });

    it("from the last article on, without overlap, where the provider had more than it gave", async () => {
      const last = "2026-10-26T03:00:00.000Z";
      const full = [article("late", { publishedAt: last }), article("early", { publishedAt: "2026-10-26T01:00:00Z" })];
      await sync(list(full, { limit: 2 }));
      expect(await from(noon + hour)).to.equal(Date.parse(last));
    });

    it("never for the same again, even where one minute fills an answer", async () => {
      const start = noon - 3 * hour;
      const publishedAt = new Date(start).toISOString();
      const full = [article("one", { publishedAt }), article("two", { publishedAt })];
      await sync(list(full, { limit: 2, from: start }));
      expect(await from(noon)).to.equal(start + minute);
    });

    it("for the next minute, where nothing of an answer could be read", async () => {
      const refused = [{ at: "feed.0", reason: "url is missing" }];
      await sync(list([], { refused, limit: 1, from: noon - hour }));
      expect(await from(noon)).to.equal(noon - hour + minute);
    });

    it("from where it was, where an answer that was continued comes again", async () => {
      const full = ["02", "03"].map((at) => article(at, { publishedAt: `2026-10-26T${at}:00:00.000Z` }));
      await sync(list(full, { limit: 2 }));
      const continued = await from(noon);
      await sync(list(full, { limit: 2, from: continued }));
      expect(await from(noon)).to.equal(continued);
    });

    it("never from further back than it was, and never from a moment that has not come", async () => {
      await sync(list([article("one")]));
      const within = article("two", { publishedAt: "2026-10-26T11:00:00.000Z" });
      await sync(list([within], { limit: 1, from: noon - 2 * hour, askedAt: noon + hour }));
      expect(await from(noon + 2 * hour)).to.equal(noon);
      const future = article("three", { publishedAt: "2099-01-01T00:00:00.000Z" });
      await sync(list([future], { limit: 1, from: noon, askedAt: noon + 2 * hour }));
      expect(await from(noon + 3 * hour)).to.equal(noon + 2 * hour);
    });

    it("from where the younger of two runs was, where the older ends last", async () => {
      await sync(list([], { askedAt: noon + hour }));
      await sync(list([], { askedAt: noon }));
      expect(await mark()).to.include({ watermark: "2026-10-26T13:00:00.000Z" });
    });
  });
});

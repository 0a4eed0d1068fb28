import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { search } from "../../functions/processing/search";
import { compare } from "../../functions/processing/search/compare";
import { definitionOf } from "../../functions/processing/search/indices";
import { parseRequest, type Query } from "../../functions/processing/search/request";
import type { Answer } from "../../functions/processing/search/results";
import { search as find } from "../../functions/processing/search/search";
import { bedrock } from "./bedrock";
import { captureOutput } from "./output";
import { testRun } from "./run";
import { putArticle, putCompany } from "./searchRows";
import { asIndexer, asSearcher, deploy, type Searching, searching } from "./searchWorld";
import { emptyTables } from "./tables";
import { context } from "./world";

const noon = Date.parse("2026-10-26T12:00:00Z");
const tables = ["assets", "company-overview", "asset-analysis", "news"] as const;

const fill = async (): Promise<void> => {
  const technology = { sector: "TECHNOLOGY", rating: "Buy" };
  await putCompany({ symbol: "AAPL", name: "Apple Inc", industry: "CONSUMER ELECTRONICS", ...technology });
  await putCompany({
    symbol: "OBSL",
    name: "Obsidelle",
    industry: "SEMICONDUCTORS",
    sector: "TECHNOLOGY",
    rating: "Sell",
    description: "Makes chips <small> & fast",
  });
  await putCompany({
    symbol: "PTRV",
    name: "Petrovane Oil",
    sector: "ENERGY",
    industry: "OIL & GAS E&P",
    rating: "Buy",
  });
  await putCompany({ symbol: "APLX", name: "Appleton Holdings" });
  await putCompany({ symbol: "OLDA", name: "Apple Records", sector: "MEDIA", rating: "Buy", status: "delisted" });
  for (let at = 10; at < 40; at++) await putCompany({ symbol: `ZZ${at}`, name: `Zebra ${at} Partners` });
  await putArticle({
    hash: "aa01",
    title: "Apple raises its outlook",
    summary: "Telephones sell well.",
    symbols: ["AAPL"],
    topics: ["Technology"],
  });
  await putArticle({
    hash: "bb02",
    title: "Oil is found at sea",
    summary: "By Petrovane.",
    symbols: ["PTRV"],
    publishedAt: "2026-10-20T11:30:00.000Z",
  });
};

describe("search", () => {
  let world: Searching;
  let now = noon;

  before(async () => {
    world = await searching();
    await deploy(world);
    await Promise.all([emptyTables(...tables), world.reset()]);
    await fill();
    asIndexer(world);
    await compare(testRun(noon, { remainingMs: 300_000 }));
    await world.search.indices.refresh({ index: "documents" });
  });
  after(() => emptyTables(...tables));
  beforeEach(() => asSearcher(world));
  afterEach(() => {
    world.cloud.faults.clear();
    process.env["EMBEDDER"] = "local";
    // Longer than a domain that failed is left alone.
    now += 60_000;
  });

  const run = () => testRun(now, { now: () => now });
  const ask = (query: Query, using = run()): Promise<Answer> => find(parseRequest(query), using);
  const found = async (query: Query): Promise<string[]> =>
    (await ask(query)).results.map(({ type, id }) => `${type}/${id}`);

  it("finds companies, ratings and news by their words, and shows where", async () => {
    const { results, degraded, next } = await ask({ text: "apple outlook" });
    expect([degraded, next]).to.deep.equal([false, undefined]);
    expect(results.map(({ type, id }) => `${type}/${id}`)).to.have.members([
      "assets/AAPL",
      "analysis/AAPL",
      "news/aa01",
      "assets/APLX",
    ]);
    expect(results.find(({ id }) => id === "aa01")).to.deep.include({
      title: "Apple raises its outlook",
      summary: "Telephones sell well.",
      symbols: ["AAPL"],
      date: "2026-10-26T11:30:00.000Z",
      url: "https://news.example/aa01",
      source: "Example News",
      highlights: { title: ["<em>Apple</em> raises its <em>outlook</em>"] },
    });
    const company = results.find(({ type, id }) => type === "assets" && id === "AAPL");
    expect(company).to.deep.include({ title: "Apple Inc (AAPL)", sector: "TECHNOLOGY", rating: "Buy" });
    expect(company?.highlights).to.deep.equal({ company_name: ["<em>Apple</em> Inc"] });
  });

  it("finds by symbol first", async () => {
    expect((await found({ text: "ptrv" }))[0]).to.equal("assets/PTRV");
  });

  it("finds what only looks alike, and never what is delisted", async () => {
    expect((await found({ text: "semiconductr" }))[0]).to.equal("assets/OBSL");
    expect(await found({ text: "apple records" })).not.to.include("assets/OLDA");
    expect(await found({ text: "apple records" })).not.to.include("analysis/OLDA");
  });

  it("looks for the first of more words than the domain takes", async () => {
    const ideographs = (count: number) =>
      Array.from({ length: count }, (_, at) => String.fromCodePoint(0x4e00 + at)).join("");
    const letters = Array.from({ length: 240 }, (_, at) => String.fromCodePoint(0x100 + at)).join(" ");
    const kana = Array.from({ length: 240 }, (_, at) => `a${String.fromCodePoint(0x30a1 + (at % 80))}`).join("");
    const filters = { sector: "ENERGY", rating: "Buy", from: "2026-01-01", to: "2026-12-31" } as const;
    for (const more of [ideographs(250), ideographs(490), letters, kana]) {
      const answer = await ask({ text: `ptrv ${more}`, filters });
      expect(answer).to.include({ degraded: false });
      expect(answer.results[0]).to.deep.include({ type: "assets", id: "PTRV" });
    }
  });

  it("finds nothing where nothing is alike", async () => {
    expect(await ask({ text: "qqqqq" })).to.deep.equal({ results: [], degraded: false });
  });

  it("marks what it found in text that is safe to show", async () => {
    const { results } = await ask({ text: "chips", filters: { types: ["assets"] } });
    expect(results[0]?.highlights).to.deep.equal({ description: ["Makes <em>chips</em> &lt;small&gt; &amp; fast"] });
  });

  it("holds to filters, also for news, which are of the companies they are about", async () => {
    expect(await found({ text: "oil apple outlook", filters: { types: ["news"] } })).to.have.members([
      "news/aa01",
      "news/bb02",
    ]);
    expect(await found({ text: "oil apple outlook", filters: { sector: "energy" } })).to.have.members([
      "assets/PTRV",
      "analysis/PTRV",
      "news/bb02",
    ]);
    expect(await found({ text: "apple obsidelle oil", filters: { rating: "Sell" } })).to.have.members([
      "assets/OBSL",
      "analysis/OBSL",
    ]);
    expect(
      await found({ text: "apple obsidelle oil", filters: { rating: "Buy", sector: "TECHNOLOGY" } }),
    ).to.have.members(["assets/AAPL", "analysis/AAPL", "news/aa01"]);
    expect(await found({ text: "oil apple", filters: { rating: "Strong Sell" } })).to.deep.equal([]);
    expect(await found({ text: "oil", filters: { types: ["news"], from: "2026-10-21" } })).to.deep.equal([]);
    expect(
      await found({ text: "oil", filters: { types: ["news"], from: "2026-10-20", to: "2026-10-20" } }),
    ).to.deep.equal(["news/bb02"]);
  });

  it("gives pages that belong together, each result once", async () => {
    const query: Query = { text: "zebra partners", size: 12 };
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const answer = await ask({ ...query, ...(cursor && { cursor }) });
      pages.push(answer.results.map(({ id }) => id));
      cursor = answer.next;
    } while (cursor);
    expect(pages.map(({ length }) => length)).to.deep.equal([12, 12, 6]);
    expect(new Set(pages.flat()).size).to.equal(30);
    expect(await found({ text: "zebra partners", size: 30 })).to.deep.equal(pages.flat().map((id) => `assets/${id}`));
  });

  it("answers whoever invokes it, and tells what is wrong with a query", async () => {
    const { result } = await captureOutput(() => search({ text: "ptrv", size: 1 }, context()));
    expect(result.results.map(({ id }) => id)).to.deep.equal(["PTRV"]);
    const refused = await captureOutput(() => search({ size: 0 }, context()).catch((error: unknown) => error));
    expect(refused.result)
      .to.be.instanceOf(Error)
      .with.property("message", "query.text is missing; query.size must be a whole number from 1 to 50");
  });

  it("searches by words where the embedder fails, and says so", async () => {
    process.env["EMBEDDER"] = "bedrock";
    (await bedrock()).answer(403, () => ({ __type: "AccessDeniedException", message: "no" }));
    const using = run();
    const { result } = await captureOutput(() => ask({ text: "ptrv" }, using));
    expect(result).to.deep.include({ degraded: true, reason: "searched by words only" });
    expect(result.results[0]?.id).to.equal("PTRV");
    expect(using.counted).to.include({ ErrorPermission: 1, SearchDegraded: 1, SearchRequests: 1 });
  });

  it("asks the embedder once: nobody waits for further tries", async () => {
    process.env["EMBEDDER"] = "bedrock";
    const service = await bedrock();
    service.answer(500, () => ({ __type: "InternalServerException" }));
    const using = run();
    const { result } = await captureOutput(() => ask({ text: "ptrv" }, using));
    expect(result).to.deep.include({ degraded: true, reason: "searched by words only" });
    expect([service.calls.length, using.waits, using.counted.Retries]).to.deep.equal([1, [], undefined]);
  });

  it("has the tables answer what the domain refuses, and asks it the next question all the same", async () => {
    // Only who filters by sector looks into what cannot be looked into there.
    const { settings, mappings } = definitionOf("assets");
    const properties = { ...mappings.properties, sector: { type: "keyword", index: false } };
    const body = { settings, mappings: { ...mappings, properties }, aliases: { documents: {} } };
    const index = "assets-v99";
    await world.search.indices.create({ index, body: body as never });
    try {
      const using = run();
      const { result, lines } = await captureOutput(() =>
        ask({ text: "petrovane", filters: { sector: "energy", types: ["assets"] } }, using),
      );
      expect(result).to.deep.include({
        degraded: true,
        reason: "the search domain refused this query: companies were looked up by symbol and name",
      });
      expect(result.results.map(({ id }) => id)).to.deep.equal(["PTRV"]);
      expect(using.counted).to.include({ SearchErrors: 2, ErrorOther: 1, SearchDegraded: 1 });
      const line = lines.find(({ message }) => message === "the search domain refused a query; the tables answer it");
      expect(JSON.stringify(line)).to.include("Cannot search on field [sector] since it is not indexed.");
      expect(await ask({ text: "petrovane" })).to.include({ degraded: false });
    } finally {
      await world.search.indices.delete({ index });
    }
  });

  describe("while the domain is down", () => {
    const degraded = async (query: Query, using = run()): Promise<Answer & { ids: string[] }> => {
      const { result } = await captureOutput(() => ask(query, using));
      expect(result.degraded).to.equal(true);
      return { ...result, ids: result.results.map(({ type, id }) => `${type}/${id}`) };
    };

    it("answers from the tables, in the same shape", async () => {
      world.cloud.faults.inject({ kind: "serverError", service: "es" });
      const { ids, results, reason } = await degraded({ text: "apple" });
      expect(ids).to.deep.equal(["assets/AAPL", "analysis/AAPL", "assets/APLX", "news/aa01"]);
      expect(reason).to.equal("the search domain does not answer: companies were looked up by symbol and name");
      expect(results[0]).to.deep.equal({
        type: "assets",
        id: "AAPL",
        title: "Apple Inc (AAPL)",
        symbols: ["AAPL"],
        sector: "TECHNOLOGY",
        rating: "Buy",
        date: "2026-10-26T04:00:00.000Z",
        score: 5,
        highlights: {},
      });
      expect(results[3]).to.include({ title: "Apple raises its outlook", url: "https://news.example/aa01" });
    });

    it("holds to the same filters and pages", async () => {
      world.cloud.faults.inject({ kind: "serverError", service: "es" });
      const first = await degraded({ text: "zebra", size: 20 });
      const query: Query = { text: "zebra", size: 20 };
      const second = await degraded({ ...query, ...(first.next && { cursor: first.next }) });
      expect([first.ids.length, second.ids.length, second.next]).to.deep.equal([20, 10, undefined]);
      expect(new Set([...first.ids, ...second.ids]).size).to.equal(30);
      expect((await degraded({ text: "obsidelle", filters: { rating: "Buy" } })).ids).to.deep.equal([]);
      expect((await degraded({ text: "obsidelle", filters: { sector: "technology" } })).ids).to.have.length(2);
      expect(
        (await degraded({ text: "petrovane", filters: { from: "2026-10-21", types: ["news"] } })).ids,
      ).to.deep.equal([]);
      expect((await degraded({ text: "petrovane", filters: { to: "2026-10-21" } })).ids).to.deep.equal(["news/bb02"]);
    });

    it("looks beyond the hundred likest companies for what the filters ask for, as far as there is time", async () => {
      world.cloud.faults.inject({ kind: "serverError", service: "es" });
      const many = Array.from({ length: 105 }, (_, at) => `Q${100 + at}`);
      for (const symbol of many) await putCompany({ symbol, name: `Quagga ${symbol}` });
      await putCompany({ symbol: "Q999", name: "Quagga Last", sector: "ENERGY", rating: "Strong Buy" });
      const query: Query = { text: "quagga", filters: { rating: "Strong Buy" } };
      expect((await degraded(query)).ids).to.deep.equal(["assets/Q999", "analysis/Q999"]);
      let moment = now;
      const slow = testRun(now, { now: () => moment });
      const { call } = slow;
      slow.call = async (operation, origin, send) => {
        moment += operation === "Scan" ? 4_000 : 0;
        return call(operation, origin, send);
      };
      const { ids, reason } = await degraded(query, slow);
      expect(ids).to.deep.equal([]);
      expect(reason).to.match(/, and not all of them$/);
      now = moment;
      for (const asset_id of [...many, "Q999"].map((symbol) => `ASSET#${symbol}`)) {
        await dynamodb().send(new DeleteCommand({ TableName: "assets", Key: { asset_id } }));
      }
    });

    it("leaves the domain alone for half a minute, and then asks it again", async () => {
      const down = world.cloud.faults.inject({ kind: "serverError", service: "es" });
      const using = run();
      await degraded({ text: "apple" }, using);
      const tried = down.hits();
      expect(using.counted).to.include({ SearchErrors: tried, ErrorOther: 1, SearchDegraded: 1 });
      now += 29_000;
      await degraded({ text: "apple" });
      expect(down.hits()).to.equal(tried);
      world.cloud.faults.clear();
      now += 1_000;
      expect(await ask({ text: "apple" })).to.include({ degraded: false });
    });

    it("does not wait for an answer that does not come", async () => {
      world.cloud.faults.inject({ kind: "latency", service: "es", ms: 60_000 });
      const startedAt = performance.now();
      const { ids } = await degraded({ text: "ptrv", filters: { types: ["assets"] } });
      expect(ids).to.deep.equal(["assets/PTRV"]);
      expect(performance.now() - startedAt).to.be.within(1_900, 3_000);
    });

    it("looks through the companies for three seconds, and says where that was not enough", async () => {
      world.cloud.faults.inject({ kind: "serverError", service: "es" });
      let moment = now;
      const slow = testRun(now, { now: () => moment });
      const { call } = slow;
      slow.call = async (operation, origin, send) => {
        const answer = await call(operation, origin, send);
        if (operation !== "Scan") return answer;
        moment += 4_000;
        return { ...(answer as object), LastEvaluatedKey: { asset_id: "ASSET#A" } } as typeof answer;
      };
      const { reason, ids } = await degraded({ text: "ptrv" }, slow);
      expect(reason).to.match(/, and not all of them$/);
      expect(ids[0]).to.equal("assets/PTRV");
      now = moment;
    });

    it("counts a missing permission as one", async () => {
      world.become("arn:aws:iam::123456789012:role/bootstrap");
      const allowed = world.cloud.faults;
      allowed.clear();
      process.env["AWS_ACCESS_KEY_ID"] = "AKIANOBODYKNOWSTHISKEY";
      const using = run();
      const { ids } = await degraded({ text: "ptrv" }, using);
      expect(ids[0]).to.equal("assets/PTRV");
      expect(using.counted).to.include({ ErrorPermission: 1 });
    });
  });
});

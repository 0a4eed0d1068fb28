import { expect } from "chai";
import { Failure } from "../../functions/processing/failure";
import { compare } from "../../functions/processing/search/compare";
import { drain } from "../../functions/processing/search/drain";
import { searchIndexing } from "../../functions/processing/searchIndexing";
import { searchRepair } from "../../functions/processing/searchRepair";
import { searchQueue } from "../../functions/processing/work/names";
import { takeMany } from "../../functions/processing/work/queue";
import { bedrock } from "./bedrock";
import { captureOutput } from "./output";
import { testRun } from "./run";
import { enqueue, jobs, putArticle, putCompany } from "./searchRows";
import { asIndexer, deploy, type Searching, searching } from "./searchWorld";
import { emptyTables } from "./tables";
import { batch, context, envelope } from "./world";

const now = Date.parse("2026-10-26T12:00:00Z");
const minute = 60_000;
const apple = {
  symbol: "AAPL",
  name: "Apple Inc",
  sector: "TECHNOLOGY",
  industry: "CONSUMER ELECTRONICS",
  rating: "Buy",
};

describe("indexing", () => {
  let world: Searching;
  const tables = ["assets", "company-overview", "asset-analysis", "news", "queue-tracking"] as const;

  before(async () => {
    world = await searching();
    await deploy(world);
  });
  after(() => emptyTables(...tables));
  beforeEach(async () => {
    await Promise.all([emptyTables(...tables), world.reset()]);
    asIndexer(world);
  });
  afterEach(() => {
    world.cloud.faults.clear();
    process.env["EMBEDDER"] = "local";
  });

  const run = (over: Parameters<typeof testRun>[1] = {}, at = now) => testRun(at, { remainingMs: 120_000, ...over });
  const drained = async (at = now) => (await captureOutput(() => drain(run({}, at)))).result;
  const documents = async (): Promise<Record<string, Record<string, unknown>>> => {
    await world.search.indices.refresh({ index: "documents" });
    const { body } = await world.search.search({ index: "documents", body: { size: 500 } });
    const hits = body.hits.hits as unknown as { _id: string; _source: Record<string, unknown> }[];
    return Object.fromEntries(hits.map(({ _id, _source }) => [`${_source["kind"]}/${_id}`, _source]));
  };
  const statuses = async () =>
    Object.fromEntries(Object.entries(await jobs()).map(([id, { status, attempts }]) => [id, `${status} ${attempts}`]));

  it("makes documents of all that waits, and ends its jobs", async () => {
    await putCompany(apple);
    await putCompany({ symbol: "MSFT", name: "Microsoft" });
    await putArticle({ hash: "aa11", title: "Apple grows", summary: "It sells more.", symbols: ["AAPL", "MSFT"] });
    await enqueue("assets", "AAPL", "MSFT");
    await enqueue("analysis", "AAPL");
    await enqueue("news", "aa11");
    expect(await drained()).to.deep.equal({ written: 4, done: 4, later: 0, dead: 0, stopped: undefined });
    const found = await documents();
    expect(Object.keys(found).sort()).to.deep.equal(["analysis/AAPL", "assets/AAPL", "assets/MSFT", "news/aa11"]);
    expect(found["assets/AAPL"]).to.deep.include({
      asset_id: "ASSET#AAPL",
      company_name: "Apple Inc",
      sector: "TECHNOLOGY",
      investment_rating: "Buy",
      embedder: "local-ngrams-1",
    });
    expect(found["assets/AAPL"]?.["embedding"]).to.have.length(512);
    expect(found["analysis/AAPL"]).to.deep.include({ reason: "Apple Inc is rated Buy.", analysis_id: "abc" });
    expect(found["news/aa11"]).to.deep.include({ content: "It sells more.", asset_symbol: ["AAPL", "MSFT"] });
    expect(new Set(Object.values(await statuses()))).to.deep.equal(new Set(["done 1"]));
    expect(await drained()).to.deep.include({ written: 0, done: 0 });
  });

  it("takes more than fit one request", async () => {
    const symbols = Array.from({ length: 130 }, (_, at) => `S${at}`);
    for (const symbol of symbols) await putCompany({ symbol, name: `Company ${symbol}` });
    await enqueue("assets", ...symbols);
    expect(await drained()).to.deep.include({ written: 130, done: 130 });
    expect(Object.keys(await documents())).to.have.length(130);
  });

  it("takes as many jobs as asked for, in the order of their places", async () => {
    const symbols = Array.from({ length: 60 }, (_, at) => `S${100 + at}`);
    await enqueue("assets", ...symbols);
    const take = async (most: number) =>
      (await takeMany(searchQueue, most, minute, run())).map(({ asset_id }) => asset_id.slice("ASSET#".length));
    expect(await take(35)).to.deep.equal(symbols.slice(0, 35));
    expect(await take(35)).to.deep.equal(symbols.slice(35));
    expect(await take(35)).to.deep.equal([]);
  });

  it("shares the work with others that drain the same queue: each job is done once", async () => {
    const symbols = Array.from({ length: 60 }, (_, at) => `S${at}`);
    for (const symbol of symbols) await putCompany({ symbol, name: `Company ${symbol}` });
    await enqueue("assets", ...symbols);
    const drainers = ["a", "b", "c"].map((name) => {
      let ids = 0;
      return run({ newId: () => `${name}${ids++}` });
    });
    const { result } = await captureOutput(() => Promise.all(drainers.map(drain)));
    expect(result.reduce((sum, { done }) => sum + done, 0)).to.equal(60);
    expect(new Set(Object.values(await statuses()))).to.deep.equal(new Set(["done 1"]));
  });

  it("goes on with the jobs that it could take, and takes the others once it can", async () => {
    const symbols = Array.from({ length: 20 }, (_, at) => `S${at}`);
    for (const symbol of symbols) await putCompany({ symbol, name: `Company ${symbol}` });
    await enqueue("assets", ...symbols);
    const throttled = run();
    const { call } = throttled;
    let refused = 0;
    throttled.call = async (operation, origin, send) => {
      if (operation === "UpdateItem" && refused < 5) {
        refused++;
        throw new Failure("throttled", "too fast", { origin: "dynamodb" });
      }
      return call(operation, origin, send);
    };
    expect((await captureOutput(() => drain(throttled))).result).to.deep.include({ done: 20, later: 0 });
    expect(new Set(Object.values(await statuses()))).to.deep.equal(new Set(["done 1"]));
    await enqueue("assets", ...symbols);
    refused = -15;
    const failure = await captureOutput(() => drain(throttled).catch((error: unknown) => error));
    expect(failure.result).to.be.instanceOf(Failure).and.have.property("category", "throttled");
  });

  it("never replaces a younger document", async () => {
    await putCompany({ ...apple, sourceTime: 2_000 });
    await enqueue("assets", "AAPL");
    await drained();
    await putCompany({ ...apple, name: "Apple of old", sourceTime: 1_000 });
    await enqueue("assets", "AAPL");
    expect(await drained()).to.deep.include({ done: 1 });
    expect((await documents())["assets/AAPL"]).to.include({ company_name: "Apple Inc" });
    await putCompany({ ...apple, name: "Apple of today", sourceTime: 3_000 });
    await enqueue("assets", "AAPL");
    await drained();
    expect((await documents())["assets/AAPL"]).to.include({ company_name: "Apple of today" });
  });

  it("removes a company that is not known any more", async () => {
    await putCompany(apple);
    await enqueue("assets", "AAPL");
    await drained();
    await emptyTables("assets");
    await enqueue("assets", "AAPL");
    expect(await drained()).to.deep.include({ done: 1, written: 2 });
    expect(await documents()).to.deep.equal({});
  });

  it("keeps just those jobs whose document was refused, and gives up what no try can help", async () => {
    await putCompany(apple);
    await putArticle({ hash: "bad1", title: "When?", symbols: ["AAPL"], publishedAt: "some day" });
    await enqueue("assets", "AAPL");
    await enqueue("news", "bad1");
    expect(await drained()).to.deep.equal({ written: 2, done: 1, later: 1, dead: 0, stopped: undefined });
    const job = (await jobs())["search#bad1#news"];
    expect(job).to.include({ status: "enqueued", attempts: 1, not_before: now + 10 * minute });
    expect(job?.error).to.match(/^news\/bad1: mapper_parsing_exception: failed to parse field \[time_published\]/);
    expect(await drained()).to.deep.include({ done: 0, later: 0 });
    for (const attempt of [2, 3, 4]) {
      expect(await drained(now + attempt * 10 * minute)).to.deep.include({ later: 1 });
    }
    expect(await drained(now + 60 * minute)).to.deep.include({ later: 0, dead: 1 });
    expect(await statuses()).to.deep.include({ "search#bad1#news": "dead 5" });
  });

  it("keeps what the domain had no room for, and counts that as no attempt", async () => {
    const symbols = ["AAPL", "MSFT", "IBM"];
    for (const symbol of symbols) await putCompany({ symbol, name: symbol });
    await enqueue("assets", ...symbols);
    const full = world.cloud.faults.inject({ kind: "partialFailure", service: "es", operation: "bulk", times: 2 });
    expect(await drained()).to.deep.include({
      done: 1,
      later: 2,
      stopped: "rejected_execution_exception: rejected execution of a write (injected)",
    });
    expect(full.hits()).to.equal(2);
    expect(Object.values(await statuses()).sort()).to.deep.equal(["done 1", "enqueued 0", "enqueued 0"]);
    expect(await drained()).to.deep.include({ done: 2, later: 0 });
    expect(Object.keys(await documents())).to.have.length(3);
  });

  it("leaves what is enqueued once more while it is done to be done again", async () => {
    await putCompany(apple);
    await enqueue("assets", "AAPL");
    const disturbed = run();
    const { call } = disturbed;
    let done = 0;
    disturbed.call = async (operation, origin, send) => {
      if (operation === "UpdateItem" && ++done === 2) await enqueue("assets", "AAPL");
      return call(operation, origin, send);
    };
    const { result } = await captureOutput(() => drain(disturbed));
    expect([result.done, done]).to.deep.equal([2, 4]);
    expect(await statuses()).to.deep.equal({ "search#AAPL#assets": "done 1" });
  });

  it("begins nothing that it has no time for", async () => {
    await putCompany(apple);
    await enqueue("assets", "AAPL");
    const { result } = await captureOutput(() => drain(run({ remainingMs: 20_000 })));
    expect(result).to.deep.include({ done: 0, stopped: "no time left; the next run goes on" });
    expect(await statuses()).to.deep.equal({ "search#AAPL#assets": "enqueued 0" });
  });

  describe("while the domain is down", () => {
    it("waits in the queue, and converges once it is back", async () => {
      await putCompany(apple);
      await enqueue("assets", "AAPL");
      const down = world.cloud.faults.inject({ kind: "serverError", service: "es" });
      for (let hour = 0; hour < 60; hour += 15) {
        const at = now + hour * minute;
        expect(await drained(at)).to.deep.include({ done: 0, later: 1 });
      }
      expect(down.hits()).to.equal(4);
      expect(await statuses()).to.deep.equal({ "search#AAPL#assets": "enqueued 0" });
      world.cloud.faults.clear();
      const time = new Date(now).toISOString();
      const { result } = await captureOutput(() => searchRepair({ trigger: "drain", time }, context(300_000)));
      expect(result).to.deep.include({ done: 1, later: 0 });
      expect(Object.keys(await documents())).to.include("assets/AAPL");
    });

    it("acknowledges the events: what they rang for is kept", async () => {
      await putCompany(apple);
      await enqueue("assets", "AAPL");
      world.cloud.faults.inject({ kind: "serverError", service: "es" });
      const body = envelope("pollinationComplete", { assetId: "AAPL", dataTypes: ["earnings"], priority: "high" });
      const down = await captureOutput(() => searchIndexing(batch(body), context(120_000)));
      expect(down.result).to.deep.equal({ batchItemFailures: [] });
      expect(await statuses()).to.deep.equal({ "search#AAPL#assets": "enqueued 0" });
      world.cloud.faults.clear();
      const rated = envelope("analysisComplete", { analysisId: "a", assetId: "AAPL", status: "completed" });
      const up = await captureOutput(() => searchIndexing(batch(rated, body), context(120_000)));
      expect(up.lines.filter(({ message }) => message === "handled").map(({ outcome }) => outcome)).to.deep.equal([
        "1 done, 0 to be tried again",
        "1 done, 0 to be tried again",
      ]);
      expect(Object.keys(await documents())).to.include("assets/AAPL");
    });

    it("passes over no missing permission for an index", async () => {
      await putCompany(apple);
      await enqueue("assets", "AAPL");
      const name = "signal9_index";
      const { body } = await world.search.security.getRole({ role: name });
      const nowhere = [{ index_patterns: ["elsewhere"], allowed_actions: ["write"] }];
      await world.search.security.createRole({
        role: name,
        body: { cluster_permissions: ["indices:data/write/bulk"], index_permissions: nowhere },
      });
      const failure = await captureOutput(() => drain(run()).catch((error: unknown) => error));
      const { cluster_permissions = [], index_permissions = [] } = body[name] ?? {};
      await world.search.security.createRole({ role: name, body: { cluster_permissions, index_permissions } });
      expect(failure.result).to.be.instanceOf(Failure).with.property("category", "denied");
      expect(failure.result).to.have.property("message").that.includes("no permissions for");
      expect(await statuses()).to.deep.equal({ "search#AAPL#assets": "enqueued 0" });
      expect(await drained()).to.deep.include({ done: 1 });
    });

    it("passes over no missing permission", async () => {
      await putCompany(apple);
      await enqueue("assets", "AAPL");
      world.become("arn:aws:iam::123456789012:role/search");
      const failure = await captureOutput(() => drain(run()).catch((error: unknown) => error));
      expect(failure.result).to.be.instanceOf(Failure).with.property("category", "denied");
      expect(await statuses()).to.deep.equal({ "search#AAPL#assets": "enqueued 0" });
    });
  });

  it("goes on without vectors where the embedder fails, and makes them up later", async () => {
    await putCompany(apple);
    await enqueue("assets", "AAPL");
    process.env["EMBEDDER"] = "bedrock";
    (await bedrock()).answer(500, () => ({ __type: "InternalServerException" }));
    const { lines } = await captureOutput(async () => expect(await drain(run())).to.deep.include({ done: 1 }));
    expect(lines.map(({ message }) => message)).to.include("no vectors: documents are found by their words only");
    expect((await documents())["assets/AAPL"]).not.to.have.any.keys("embedding", "embedder");
    process.env["EMBEDDER"] = "local";
    expect(await compare(run())).to.deep.equal({ compared: 2, repaired: 2, forgotten: 0, refused: 0 });
    expect((await documents())["assets/AAPL"]).to.include({ embedder: "local-ngrams-1" });
  });

  it("asks once for the vector of a text that the embedder refuses, and keeps those of all others", async () => {
    for (let at = 0; at < 12; at++) await putCompany({ symbol: `S${at}`, name: `Company ${at}` });
    await putCompany({ symbol: "BAD", name: "Unspeakable" });
    await enqueue("assets", "BAD", ...Array.from({ length: 12 }, (_, at) => `S${at}`));
    process.env["EMBEDDER"] = "bedrock";
    const service = await bedrock();
    const vector = Array.from({ length: 512 }, (_, at) => (at === 3 ? 1 : 0));
    const bad = ({ inputText }: Record<string, unknown>) => String(inputText).includes("Unspeakable");
    const answer = () => service.answer(200, (asked) => ({ embedding: bad(asked) ? [] : vector }));
    answer();
    const { lines } = await captureOutput(async () => expect(await drain(run())).to.deep.include({ done: 13 }));
    expect(lines.find(({ message }) => String(message).startsWith("no vectors"))).to.include({ without: 1 });
    const found = await documents();
    expect(Object.values(found).filter(({ embedding }) => embedding)).to.have.length(12);
    expect(found["assets/BAD"]).to.include({ embedder: "amazon.titan-embed-text-v2:0" }).and.not.have.key("embedding");
    answer();
    expect(await compare(run())).to.deep.include({ compared: 13, repaired: 0 });
    expect(service.calls).to.deep.equal([]);
    await putCompany({ symbol: "BAD", name: "Speakable", sourceTime: 5_000 });
    expect(await compare(run())).to.deep.include({ repaired: 1 });
    expect((await documents())["assets/BAD"]).to.include.keys("embedding");
  });

  it("asks once for the vector of a text that is refused alone, and again where every text is", async () => {
    await putCompany({ symbol: "BAD", name: "Unspeakable" });
    process.env["EMBEDDER"] = "bedrock";
    const service = await bedrock();
    const vector = Array.from({ length: 512 }, (_, at) => (at === 3 ? 1 : 0));
    const refusing = (what: string) => {
      const refuses = ({ inputText }: Record<string, unknown>) => String(inputText).includes(what);
      service.answer(
        (asked) => (refuses(asked) ? 400 : 200),
        (asked) => (refuses(asked) ? { __type: "ValidationException", message: "no" } : { embedding: vector }),
      );
    };
    const compared = async () => {
      const { result } = await captureOutput(() => compare(run()));
      await documents();
      return result.repaired;
    };
    refusing("");
    expect([await compared(), await compared()]).to.deep.equal([1, 1]);
    refusing("Unspeakable");
    expect([await compared(), await compared()]).to.deep.equal([1, 0]);
  });

  describe("holding the index against the tables", () => {
    beforeEach(async () => {
      await putCompany(apple);
      for (let at = 0; at < 120; at++) await putCompany({ symbol: `S${at}`, name: `Company ${at}` });
      await putArticle({ hash: "aa11", title: "Apple grows", symbols: ["AAPL"] });
    });

    it("makes an empty index whole, and then finds nothing to do", async () => {
      expect(await compare(run())).to.deep.equal({ compared: 123, repaired: 123, forgotten: 0, refused: 0 });
      expect(Object.keys(await documents())).to.have.length(123);
      expect(await compare(run())).to.deep.equal({ compared: 123, repaired: 0, forgotten: 0, refused: 0 });
    });

    it("repairs what is older than the tables say", async () => {
      await compare(run());
      await documents();
      await putCompany({ ...apple, name: "Apple of today", sourceTime: 5_000 });
      await putCompany({ symbol: "S7", name: "Company 7", status: "delisted", sourceTime: 5_000 });
      const { result } = await captureOutput(() =>
        searchRepair({ trigger: "compare", time: "2026-10-26T04:30:00Z" }, context(300_000)),
      );
      expect(result).to.deep.include({ repaired: 3 });
      const found = await documents();
      expect(found["assets/AAPL"]).to.include({ company_name: "Apple of today" });
      expect(found["assets/S7"]).to.include({ status: "delisted" });
    });

    it("forgets articles that the table has forgotten", async () => {
      await compare(run());
      await documents();
      await emptyTables("news");
      expect(await compare(run({}, now + 401 * 24 * 60 * minute))).to.deep.include({ forgotten: 1 });
      expect(Object.keys(await documents())).not.to.include("news/aa11");
    });

    it("tells of what is refused, and goes on", async () => {
      await putArticle({ hash: "bad1", title: "When?", symbols: ["AAPL"], publishedAt: "some day" });
      const { result, lines } = await captureOutput(() => compare(run()));
      expect(result).to.deep.include({ compared: 124, repaired: 123, refused: 1 });
      expect(lines.map(({ message }) => message)).to.include("documents were refused");
    });

    it("fails where the domain is down, and where it may not be asked", async () => {
      const failing = () => captureOutput(() => compare(run()).catch((error: unknown) => error));
      world.cloud.faults.inject({ kind: "serverError", service: "es" });
      expect((await failing()).result)
        .to.be.instanceOf(Failure)
        .with.property("category", "unavailable");
      world.cloud.faults.clear();
      world.become("arn:aws:iam::123456789012:role/search");
      expect((await failing()).result)
        .to.be.instanceOf(Failure)
        .with.property("category", "denied");
    });
  });
});

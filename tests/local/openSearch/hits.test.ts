import { expect } from "chai";
import { idsOf, type NewsWorld, news, startNewsWorld } from "./newsWorld";
import { refused } from "./world";

describe("the hits of a search", () => {
  let world: NewsWorld;
  before(async () => {
    world = await startNewsWorld();
  });
  after(() => world.close());

  const find: NewsWorld["find"] = (body, more) => world.find(body, more);
  const ids: NewsWorld["ids"] = (query, more) => world.ids(query, more);
  it("the whole answer as OpenSearch does", async () => {
    const answer = await world.search.search({ index: "news", body: { query: { ids: { values: ["3"] } } } });
    const { took, ...rest } = answer.body;
    expect(took).to.be.a("number");
    expect(rest).to.deep.equal({
      timed_out: false,
      _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
      hits: {
        total: { value: 1, relation: "eq" },
        max_score: 1,
        hits: [{ _index: "news-1", _id: "3", _score: 1, _source: { ...news[2], id: undefined } }].map(
          (hit) => JSON.parse(JSON.stringify(hit)) as object,
        ),
      },
    });
  });

  it("pages, by number or after the last", async () => {
    expect(await ids({ match_all: {} }, { size: 2 })).to.equal("1 2");
    expect(await ids({ match_all: {} }, { size: 2, from: 3 })).to.equal("4");
    expect(idsOf(await find({}, { size: 1, from: 1 }))).to.equal("2");
    const sort = [{ at: "desc" }, { _id: "asc" }];
    const first = await find({ sort, size: 2 });
    expect(idsOf(first)).to.equal("3 2");
    expect(first.hits.hits[1]?.sort).to.deep.equal([Date.UTC(2026, 0, 20, 12), "2"]);
    const next = await find({ sort, size: 2, search_after: first.hits.hits[1]?.sort });
    expect(idsOf(next)).to.equal("1 4");
    expect(idsOf(await find({ sort, search_after: ["2026-01-10", "1"] }))).to.equal("4");
    const window = await refused(find({ from: 9_999, size: 2 }));
    expect(window).to.include({ status: 400, type: "search_phase_execution_exception" });
    expect(window.reason).to.match(/^Result window is too large, from \+ size must be .* \[10000\] but was \[10001\]/);
  });

  it("hits by fields, missing ones at the end or the beginning", async () => {
    const sorted = async (...sort: unknown[]) => idsOf(await find({ sort }));
    expect(await sorted({ score: { order: "asc" } })).to.equal("2 3 1 4");
    expect(await sorted({ score: { order: "desc", missing: "_first" } })).to.equal("4 1 3 2");
    expect(await sorted("sector", { at: "desc" })).to.equal("3 2 1 4");
    expect(await sorted({ "title.raw": "desc" })).to.equal("4 3 2 1");
    expect(await sorted({ big: "desc" })).to.equal("1 2 3 4");
    expect(await sorted({ tags: "asc" })).to.equal("4 1 2 3");
    expect(await sorted({ _doc: "desc" })).to.equal("4 3 2 1");
    expect(await sorted({ later: { order: "asc", unmapped_type: "long" } })).to.equal("1 2 3 4");
    const shown = async (sort: object) => (await find({ sort, size: 4 })).hits.hits.map((hit) => hit.sort?.[0]);
    expect(await shown({ score: "asc" })).to.deep.equal([1, 2, 3, 2 ** 63]);
    expect(await shown({ ratio: "desc" })).to.deep.equal(Array(4).fill("-Infinity"));
    expect(await shown({ tags: "desc" })).to.deep.equal(["calm", null, null, null]);
    expect(await shown({ big: "asc" })).to.deep.equal([0, 1, null, null]);
    const last = await find({ sort: [{ score: "asc" }, "_doc"], search_after: [2 ** 63, 0] });
    expect(idsOf(last)).to.equal("4");
    expect(idsOf(await find({ sort: ["sector", "_doc"], search_after: ["finance", 9] }))).to.equal("1 4");
  });

  it("scores only where they are asked for", async () => {
    const query = { match: { body: "earnings" } };
    const byDate = await find({ query, sort: "at" });
    expect([byDate.hits.max_score, byDate.hits.hits[0]?._score]).to.deep.equal([null, null]);
    const tracked = await find({ query, sort: "at", track_scores: true });
    expect(tracked.hits.hits[0]?._score).to.be.greaterThan(0);
    const both = await find({ query, sort: ["_score", { at: "asc" }] });
    expect(both.hits.hits[0]?.sort?.[0]).to.equal(both.hits.max_score);
    expect(await ids(query, { sort: [{ _score: "asc" }] })).to.equal("1 3");
    expect(await ids(query, { min_score: (both.hits.max_score ?? 0) - 0.001 })).to.equal("3");
  });

  it("as many totals as are asked for", async () => {
    const total = async (track_total_hits?: unknown) => (await find({ size: 0, track_total_hits })).hits.total;
    expect(await total()).to.deep.equal({ value: 4, relation: "eq" });
    expect(await total(2)).to.deep.equal({ value: 2, relation: "gte" });
    expect(await total(true)).to.deep.equal({ value: 4, relation: "eq" });
    expect(await total(false)).to.equal(undefined);
  });

  it("of a document what is asked for", async () => {
    const source = async (_source: unknown) =>
      (await find({ query: { ids: { values: ["4"] } }, _source })).hits.hits[0]?._source;
    expect(await source(["title", "t*s"])).to.deep.equal({ title: "Quiet day", tags: ["calm", "Calm"] });
    expect(await source({ includes: ["*"], excludes: ["vector", "b*", "t*"] })).to.deep.equal({
      sector: "tech",
      at: "2025-12-31",
    });
    expect(await source(false)).to.equal(undefined);
    const [hit] = (await find({ version: true, seq_no_primary_term: true, size: 1 })).hits.hits;
    expect(hit).to.include({ _version: 1, _seq_no: 0, _primary_term: 1 });
  });

  it("counts by value", async () => {
    const aggs = {
      sectors: { terms: { field: "sector", size: 2 } },
      tags: { terms: { field: "tags", order: { _key: "desc" } } },
      big: { terms: { field: "big" } },
      scores: { terms: { field: "score", order: { _count: "asc" } } },
      nowhere: { terms: { field: "nowhere" } },
    };
    const { aggregations = {} } = await find({ size: 0, aggs });
    expect(aggregations["sectors"]).to.deep.equal({
      doc_count_error_upper_bound: 0,
      sum_other_doc_count: 1,
      buckets: [
        { key: "tech", doc_count: 2 },
        { key: "energy", doc_count: 1 },
      ],
    });
    const keys = (name: string) =>
      (aggregations[name] as { buckets: { key: unknown; key_as_string?: string }[] }).buckets.map(
        ({ key, key_as_string: text }) => text ?? key,
      );
    expect(keys("tags")).to.deep.equal(["calm", "Calm"]);
    expect(keys("big")).to.deep.equal(["false", "true"]);
    expect(keys("scores")).to.deep.equal([1, 2, 3]);
    expect(keys("nowhere")).to.deep.equal([]);
  });

  it("of several indices the hits together", async () => {
    await world.search.indices.create({
      index: "other",
      body: { mappings: { dynamic: "strict", properties: { score: { type: "long" } } } },
    });
    await world.search.index({ index: "other", id: "o", body: { score: 2 }, refresh: true });
    const found = await find(
      { query: { range: { score: { gte: 2 } } }, sort: { score: "asc" } },
      { index: "news,oth*" },
    );
    expect(found.hits.hits.map(({ _index, _id }) => `${_index}/${_id}`)).to.deep.equal([
      "news-1/3",
      "other/o",
      "news-1/1",
    ]);
    const { body } = await world.search.count({
      index: ["news", "other"],
      body: { query: { range: { score: { gte: 2 } } } as never },
    });
    expect(body).to.deep.include({ count: 3 });
    expect((await refused(find({}, { index: "news,none" }))).status).to.equal(404);
    expect(idsOf(await find({ size: 1 }, { index: "none,news", ignore_unavailable: true }))).to.equal("1");
  });
});

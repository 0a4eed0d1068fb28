import { expect } from "chai";
import { type Found, idsOf, type NewsWorld, startNewsWorld } from "./newsWorld";
import { refused } from "./world";

describe("queries of a search domain", () => {
  let world: NewsWorld;
  before(async () => {
    world = await startNewsWorld();
  });
  after(() => world.close());

  const find: NewsWorld["find"] = (body, more) => world.find(body, more);
  const ids: NewsWorld["ids"] = (query, more) => world.ids(query, more);
  describe("by words", () => {
    it("find the stems of a text's words, the rarer and the denser first", async () => {
      expect(await ids({ match: { body: "earning" } })).to.equal("3 1");
      expect(await ids({ match: { body: { query: "apple earnings", operator: "and" } } })).to.equal("3 1");
      expect(await ids({ match: { body: { query: "apple profit bank", minimum_should_match: 2 } } })).to.equal("2");
      expect(await ids({ match: { body: { query: "apple profit bank", minimum_should_match: "-34%" } } })).to.equal(
        "2",
      );
      expect(await ids({ match: { body: "the" } })).to.equal("");
      expect(await ids({ match: { nowhere: "earnings" } })).to.equal("");
    });

    it("score as Lucene does", async () => {
      await world.search.indices.create({
        index: "one",
        body: { mappings: { dynamic: "strict", properties: { t: { type: "text" }, k: { type: "keyword" } } } },
      });
      await world.search.index({ index: "one", id: "1", body: { t: "fox", k: "fox" }, refresh: true });
      const score = async (query: object) =>
        ((await world.search.search({ index: "one", body: { query } as never })).body as unknown as Found).hits
          .max_score;
      expect(await score({ match: { t: "fox" } })).to.equal(0.2876821);
      expect(await score({ term: { k: { value: "fox", boost: 2 } } })).to.equal(0.5753642);
      expect(await score({ terms: { k: ["fox"] } })).to.equal(1);
      expect(await score({ bool: { filter: [{ match_all: {} }] } })).to.equal(0);
      expect(await score({ bool: { must: [{ match_all: {} }, { match: { t: "fox" } }] } })).to.equal(1.287682);
      expect(await score({ bool: {} })).to.equal(1);
      expect(await score({ bool: { boost: 3, should: { match_all: {} } } })).to.equal(3);
    });

    it("take the best of several fields, weighed", async () => {
      const multi = (fields: string[], more: object = {}) => ({
        multi_match: { query: "apple earnings", fields, ...more },
      });
      expect(await ids(multi(["title^5", "body"]))).to.equal("1 2 3");
      expect(await ids(multi(["title^0.01", "body"]))).to.equal("3 1 2");
      expect(await ids(multi(["title", "body"], { operator: "and", type: "best_fields" }))).to.equal("1 3");
      const [alone, tied] = await Promise.all(
        [0, 1].map(
          async (tie_breaker) => (await find({ query: multi(["title", "body"], { tie_breaker }) })).hits.max_score,
        ),
      );
      expect(tied).to.be.greaterThan(alone ?? 0);
    });

    it("look up other fields as they are", async () => {
      expect(await ids({ match: { sector: "tech" } })).to.equal("1 4");
      expect(await ids({ match: { score: "2" } })).to.equal("3");
      expect(await ids({ match: { at: "2026-01-20" } })).to.equal("2");
      expect(await ids({ match: { big: true } })).to.equal("1");
      expect(await ids({ term: { title: "earn" } })).to.equal("1 2");
      expect(await ids({ term: { "title.raw": "Oil" } })).to.equal("3");
    });
  });

  describe("by values", () => {
    it("find terms, ids, beginnings and what is there", async () => {
      expect(await ids({ terms: { sector: ["finance", "energy", "none"] } })).to.equal("2 3");
      expect(await ids({ terms: { score: [1, 3, 9] } })).to.equal("1 2");
      expect(await ids({ terms: { title: ["oil"] } })).to.equal("3");
      expect(await ids({ terms: { nowhere: ["x"] } })).to.equal("");
      expect(await ids({ ids: { values: ["4", "2", "9"] } })).to.equal("2 4");
      expect(await ids({ prefix: { sector: "te" } })).to.equal("1 4");
      expect(await ids({ prefix: { title: { value: "ear" } } })).to.equal("1 2");
      expect(await ids({ prefix: { nowhere: "a" } })).to.equal("");
      expect(await ids({ exists: { field: "tags" } })).to.equal("4");
      expect(await ids({ bool: { must_not: { exists: { field: "big" } } } })).to.equal("3 4");
    });

    it("find ranges of numbers, dates and terms", async () => {
      expect(await ids({ range: { score: { gt: 1, lte: 3 } } })).to.equal("1 3");
      expect(await ids({ range: { score: { gte: "1.5", lt: 3 } } })).to.equal("3");
      expect(await ids({ range: { at: { gte: "2026-01", lt: "2026-02" } } })).to.equal("1 2");
      expect(await ids({ range: { at: { gt: "2026-01" } } })).to.equal("3");
      expect(await ids({ range: { at: { lte: "2026-01" } } })).to.equal("1 2 4");
      expect(await ids({ range: { at: { lt: "20/01/2026", format: "dd/MM/yyyy" } } })).to.equal("1 4");
      expect(await ids({ range: { sector: { gt: "energy", lte: "tech" } } })).to.equal("1 2 4");
      expect(await ids({ range: { sector: { gte: "energy", lt: "tech" } } })).to.equal("2 3");
      expect(await ids({ range: { nowhere: { gte: 1 } } })).to.equal("");
    });

    it("combine clauses", async () => {
      const bool = (clauses: object) => ids({ bool: clauses });
      expect(await bool({ must: { match: { body: "earnings" } }, filter: { term: { sector: "tech" } } })).to.equal("1");
      expect(await bool({ must_not: [{ term: { sector: "tech" } }] })).to.equal("2 3");
      expect(await bool({ should: [{ term: { sector: "tech" } }, { term: { score: 3 } }] })).to.equal("1 4");
      const should = [{ term: { sector: "tech" } }, { term: { score: 3 } }, { term: { big: true } }];
      expect(await bool({ should, minimum_should_match: 2 })).to.equal("1");
      expect(await bool({ should, minimum_should_match: "100%" })).to.equal("1");
      expect(await bool({ filter: { match_all: {} }, should })).to.equal("1 4 2 3");
      expect(await bool({ filter: { match_all: {} }, should, minimum_should_match: 1 })).to.equal("1 4");
    });
  });

  describe("by nearness", () => {
    const knn = (more: object, field = "vector") => ({ knn: { [field]: { vector: [1, 0.1], k: 2, ...more } } });

    it("find the k nearest, of those that pass a filter", async () => {
      const found = await find({ query: knn({}) });
      expect(idsOf(found)).to.equal("1 3");
      expect(found.hits.hits[0]?._score).to.be.closeTo((1 + 1 / Math.hypot(1, 0.1)) / 2, 1e-6);
      expect(await ids(knn({ filter: { bool: { must_not: { term: { sector: "tech" } } } } }))).to.equal("3 2");
      expect(await ids(knn({ k: 10 }))).to.equal("1 3 2 4");
      expect(await ids({ bool: { filter: [{ term: { sector: "tech" } }], must: [knn({ boost: 2 })] } })).to.equal("1");
    });

    it("measure as the field says", async () => {
      const put = (id: string, body: object) => world.search.index({ index: "news", id, body, refresh: true });
      await put("v1", { near: [1, 0], far: [1, 0] });
      await put("v2", { near: [4, 4], far: [4, 4] });
      await put("v3", { far: [-1, 0] });
      const near = await find({ query: knn({ vector: [0, 0] }, "near") });
      expect(near.hits.hits.map(({ _id, _score }) => [_id, _score])).to.deep.equal([
        ["v1", 0.5],
        ["v2", Number(Math.fround(1 / 33).toPrecision(8))],
      ]);
      const far = await find({ query: knn({ vector: [1, 0], k: 3 }, "far") });
      expect(far.hits.hits.map(({ _id, _score }) => [_id, _score])).to.deep.equal([
        ["v2", 5],
        ["v1", 2],
        ["v3", 0.5],
      ]);
      await world.search.bulk({
        body: ["v1", "v2", "v3"].map((_id) => ({ delete: { _index: "news", _id } })),
        refresh: true,
      });
      expect(await ids(knn({ vector: [0, 0] }, "near"))).to.equal("");
    });

    it("refuse vectors that cannot be compared", async () => {
      const refusals: [object, string][] = [
        [knn({ vector: [1] }), "Query vector has invalid dimension: 1. Dimension should be: 2"],
        [knn({ vector: [0, 0] }), "zero vector is not supported"],
        [knn({}, "title"), "Field 'title' is not knn_vector type."],
        [knn({ vector: [] }), "[knn] requires query vector"],
        [knn({ vector: [1, "x"] }), "finite numbers"],
        [knn({ k: undefined }), "requires exactly one of k, distance or score to be set"],
        [knn({ k: 10_001 }), "requires k to be in the range (0, 10000]"],
        [knn({ min_score: 1 }), "[min_score] in the [knn] query"],
        [{ knn: {} }, "[knn] query requires one field"],
      ];
      for (const [query, reason] of refusals) expect((await refused(find({ query }))).reason).to.include(reason);
    });

    it("need an index that was made for it", async () => {
      const properties = { v: { type: "knn_vector", dimension: 2 } } as never;
      await world.search.indices.create({ index: "no-knn", body: { mappings: { dynamic: "strict", properties } } });
      const search = world.search.search({ index: "no-knn", body: { query: knn({}, "v") } as never });
      expect((await refused(search)).reason).to.include("index.knn is not true for [no-knn]");
    });
  });
});

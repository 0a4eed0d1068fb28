import { expect } from "chai";
import { type NewsWorld, startNewsWorld } from "./newsWorld";
import { refused } from "./world";

const words = (count: number): string => Array.from({ length: count }, (_, at) => `w${at}`).join(" ");
const ideographs = (count: number): string =>
  Array.from({ length: count }, (_, at) => String.fromCodePoint(0x4e00 + at)).join("");
/** All of them different: what comes again in a `bool`, Lucene takes out. */
const each = (count: number, one: (at: number) => object): object[] =>
  Array.from({ length: count }, (_, at) => one(at));

describe("the clauses of a query", () => {
  let world: NewsWorld;
  before(async () => {
    world = await startNewsWorld();
  });
  after(() => world.close());

  const multi = (query: string, ...fields: string[]) => ({ multi_match: { query, fields } });
  const accepted = async (query: object): Promise<void> => {
    await world.find({ query });
  };
  const tooMany = async (query: object): Promise<void> => {
    const answer = await refused(world.find({ query }));
    const { status, type, reason } = answer;
    expect({ status, type, reason }).to.deep.equal({
      status: 500,
      type: "search_phase_execution_exception",
      reason: "Query contains too many nested clauses; maxClauseCount is set to 1024",
    });
    expect(answer.body["error"]).to.have.nested.property("root_cause[0].type", "too_many_nested_clauses");
    expect(answer.body["error"]).to.deep.nested.include({
      "failed_shards[0].index": "news-1",
      "failed_shards[0].reason.type": "too_many_nested_clauses",
    });
  };

  it("are its words times the fields that an index has of those it names, 1,024 at most", async () => {
    await accepted(multi(words(512), "title", "body", "elsewhere", "nowhere"));
    await tooMany(multi(words(513), "title", "body"));
  });

  it("are as many as a text has ideographs", async () => {
    await accepted(multi(ideographs(341), "title", "body", "plain"));
    await tooMany(multi(ideographs(342), "title", "body", "plain"));
  });

  it("are fewer where words come again, as long as one of them is enough", async () => {
    const again = { multi_match: { query: "apple ".repeat(600), fields: ["title", "body"] } };
    await accepted(again);
    await tooMany({ multi_match: { ...again.multi_match, minimum_should_match: 2 } });
  });

  it("are counted through all parts of a query, those that leave documents out among them", async () => {
    const half = { match: { body: words(512) } };
    const parts = (more: object) => ({ bool: { must: [half], filter: [{ match: { title: words(510) } }], ...more } });
    await accepted(parts({ should: [{ term: { sector: "tech" } }], must_not: [{ ids: { values: ["1", "2"] } }] }));
    await tooMany(parts({ must_not: each(3, (at) => ({ ids: { values: [`${at}`] } })) }));
    await tooMany(parts({ should: [{ match_all: {} }, { prefix: { sector: "t" } }] }));
  });

  it("are two where the index or a column may answer, however many values are asked for", async () => {
    const ranges = (count: number) => ({ bool: { filter: each(count, (gte) => ({ range: { score: { gte } } })) } });
    await accepted(ranges(512));
    await tooMany(ranges(513));
    await accepted({ terms: { sector: words(2_000).split(" ") } });
    await tooMany({ bool: { should: each(513, (at) => ({ terms: { score: [at, 1, 2] } })) } });
    await tooMany({ bool: { should: each(513, (score) => ({ match: { score } })) } });
  });

  it("are counted by themselves in what the nearest are chosen from", async () => {
    const near = (filter: object) => ({ knn: { vector: { vector: [1, 0], k: 2, filter } } });
    const most = multi(words(512), "title", "body");
    await accepted({ bool: { should: [near(most), { match: { body: words(1_000) } }] } });
    await tooMany(near(multi(words(513), "title", "body")));
  });

  it("are refused before they are counted where one part of a query has too many by itself", async () => {
    const queries = [
      { match: { body: words(1_025) } },
      { bool: { must_not: each(1_025, (at) => ({ term: { sector: `s${at}` } })) } },
    ];
    for (const query of queries) {
      const { status, reason, body } = await refused(world.find({ query }));
      expect([status, reason]).to.deep.equal([400, "failed to create query: maxClauseCount is set to 1024"]);
      expect(body["error"]).to.deep.nested.include({
        "root_cause[0].type": "query_shard_exception",
        "failed_shards[0].reason.caused_by.type": "too_many_clauses",
      });
    }
    const count = world.search.count({ index: "news", body: { query: queries[0] } as never });
    expect((await refused(count)).reason).to.equal("failed to create query: maxClauseCount is set to 1024");
  });
});

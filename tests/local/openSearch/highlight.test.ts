import { expect } from "chai";
import { type NewsWorld, startNewsWorld } from "./newsWorld";

describe("the highlights of a search", () => {
  let world: NewsWorld;
  before(async () => {
    world = await startNewsWorld();
  });
  after(() => world.close());

  const find: NewsWorld["find"] = (body, more) => world.find(body, more);
  const marked = async (query: object, highlight: object) =>
    (await find({ query, highlight, size: 1 })).hits.hits[0]?.highlight;

  it("in the fields that were searched, by their stems", async () => {
    const query = { bool: { must: { match: { body: "apple earning" } }, filter: { ids: { values: ["1"] } } } };
    expect(await marked(query, { type: "plain", fields: { body: {}, title: {} } })).to.deep.equal({
      body: ["<em>Earnings</em> of <em>Apple</em> rose in the quarter."],
    });
    const anywhere = {
      type: "plain",
      require_field_match: false,
      fields: [{ title: {} }],
      pre_tags: ["<b>"],
      post_tags: ["</b>"],
    };
    expect(await marked(query, anywhere)).to.deep.equal({ title: ["<b>Apple</b> <b>earnings</b> rise"] });
    const terms = {
      bool: {
        must: [{ prefix: { title: "quie" } }],
        filter: [{ terms: { sector: ["tech"] } }, { term: { title: "dai" } }],
      },
    };
    const whole = { number_of_fragments: 0, fields: { title: {}, sector: {}, score: {}, body: {} } };
    expect(await marked(terms, whole)).to.deep.equal({
      title: ["<em>Quiet</em> <em>day</em>"],
      sector: ["<em>tech</em>"],
    });
    const multi = { multi_match: { query: "oil", fields: ["title", "body"] } };
    expect(await marked(multi, { type: "plain", fields: { title: {} } })).to.deep.equal({ title: ["<em>Oil</em>"] });
  });

  it("in fragments, the best of them first", async () => {
    const text =
      "One fox here. Then there is much that says nothing at all of it. And at last a quick fox, a quick fox.";
    await world.search.index({ index: "news", id: "f", body: { plain: text }, refresh: true });
    const fragments = async (more: object) =>
      (await marked({ match: { plain: "quick fox" } }, { fields: { plain: { type: "plain", ...more } } }))?.["plain"];
    const [first = "", second = "", ...others] = (await fragments({ fragment_size: 30 })) ?? [];
    expect(first).to.include("<em>quick</em> <em>fox</em>");
    expect(second).to.equal("One <em>fox</em> here. Then there is");
    expect(others).to.deep.equal([]);
    expect(await fragments({ fragment_size: 30, number_of_fragments: 1 })).to.deep.equal([first]);
    expect((await fragments({ number_of_fragments: 0 }))?.[0]).to.have.length(text.length + 5 * "<em></em>".length);
    await world.search.delete({ index: "news", id: "f", refresh: true });
  });

  it("as text that can stand in a page", async () => {
    await world.search.index({ index: "news", id: "h", body: { plain: "<i>Q&A</i> fox" }, refresh: true });
    const highlight = { encoder: "html", type: "plain", fields: { plain: {} } };
    expect(await marked({ match: { plain: "fox" } }, highlight)).to.deep.equal({
      plain: ["&lt;i&gt;Q&amp;A&lt;/i&gt; <em>fox</em>"],
    });
    await world.search.delete({ index: "news", id: "h", refresh: true });
  });
});

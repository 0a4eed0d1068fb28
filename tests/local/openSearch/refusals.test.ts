import { expect } from "chai";
import { type NewsWorld, startNewsWorld } from "./newsWorld";
import { refused } from "./world";

describe("a search domain", () => {
  let world: NewsWorld;
  before(async () => {
    world = await startNewsWorld();
  });
  after(() => world.close());

  const find: NewsWorld["find"] = (body, more) => world.find(body, more);
  const query = (source: unknown) => ({ query: source });
  const refusals: [object, string][] = [
    [query({ fuzzy: { title: "x" } }), "The embedded cloud does not support the query [fuzzy]; there are bool,"],
    [query({}), "query malformed, empty clause found"],
    [
      query({ term: { a: 1 }, match: { b: 2 } }),
      "[term] malformed query, expected [END_OBJECT] but found [FIELD_NAME]",
    ],
    [query({ bool: { must: "x" } }), "query malformed"],
    [query({ bool: { maybe: [] } }), "[maybe] in the [bool] query"],
    [query({ bool: { should: [], minimum_should_match: "2<75%" } }), "minimum_should_match [2<75%]"],
    [query({ match: { title: { query: "x", fuzziness: 1 } } }), "[fuzziness] in the [match] query"],
    [query({ match: { title: { query: "x", operator: "xor" } } }), "operator needs to be either OR or AND"],
    [
      query({ match: { title: "a", body: "b" } }),
      "[match] query doesn't support multiple fields, found [title] and [body]",
    ],
    [query({ match: "x" }), "[match] query malformed, no start_object after query name"],
    [query({ match: { title: {} } }), "query cannot be null"],
    [query({ match: { title: { query: "x", boost: -1 } } }), "negative [boost] are not allowed"],
    [query({ match: { score: "high" } }), 'failed to create query: For input string: "high"'],
    [query({ match: { vector: "x" } }), "KNN vector [vector] does not support exact searching"],
    [query({ terms: { vector: ["x"] } }), "KNN vector [vector] does not support exact searching"],
    [
      query({ term: { hidden: "x" } }),
      "failed to create query: Cannot search on field [hidden] since it is not indexed.",
    ],
    [query({ term: { sector: ["a"] } }), "[term] query does not support array of values"],
    [query({ terms: { sector: { index: "x" } } }), "a [terms] query of [sector] by anything but a list"],
    [query({ terms: {} }), "[terms] query requires a field name"],
    [query({ prefix: { score: "1" } }), "Can only use prefix queries on keyword, text and wildcard fields"],
    [query({ ids: {} }), "[ids] requires providing a `values` array"],
    [query({ exists: {} }), "[exists] must be provided with a [field]"],
    [query({ range: { at: { gte: "now-1d" } } }), "date math [now-1d]"],
    [query({ range: { at: { gte: "soon" } } }), "failed to create query: failed to parse date field [soon]"],
    [query({ range: { at: { time_zone: "+01:00" } } }), "[time_zone] in the [range] query"],
    [query({ range: { title: { gte: "a" } } }), "Field [title] of type [text] does not support range queries"],
    [query({ range: { at: "x" } }), "[range] query requires one field with its bounds"],
    [query({ multi_match: { fields: ["title"] } }), "No text specified for multi_match query"],
    [query({ multi_match: { query: "x" } }), "a [multi_match] query without a list of fields"],
    [query({ multi_match: { query: "x", fields: ["t*"] } }), "the pattern [t*] among the fields"],
    [query({ multi_match: { query: "x", fields: [""] } }), "[multi_match] field [] is malformed"],
    [query({ multi_match: { query: "x", fields: ["a"], type: "phrase" } }), "[multi_match] of type [phrase]"],
    [{ rescore: {} }, "[rescore] in the body of a search"],
    [{ size: -1 }, "[size] parameter cannot be negative, found [-1]"],
    [{ sort: { title: "asc" } }, "Text fields are not optimised"],
    [{ sort: { hidden: "asc" } }, "Can't load fielddata on [hidden]"],
    [{ sort: { nowhere: "asc" } }, "No mapping found for [nowhere] in order to sort on"],
    [{ sort: { score: "up" } }, "Unknown SortOrder [up]"],
    [{ sort: { score: "asc", at: "asc" } }, "each sort must name one field"],
    [{ sort: { score: { order: "asc", missing: 0 } } }, "[missing] of [0]"],
    [{ sort: { score: { mode: "avg" } } }, "[mode] in the sort by [score]"],
    [{ search_after: [1] }, "Sort must contain at least one field when search_after is used."],
    [{ sort: "at", search_after: [1, 2] }, "search_after has 2 value(s) but sort has 1."],
    [{ sort: "at", search_after: [1], from: 1 }, "`from` parameter must be set to 0 when `search_after` is used."],
    [{ _source: { only: [] } }, "[only] in [_source]"],
    [{ highlight: { fields: { title: {} } } }, '[highlight] of type [unified] (say "type": "plain") of [title]'],
    [{ highlight: { type: "plain", fields: { "*": {} } } }, "the pattern [*] among the fields of [highlight]"],
    [{ highlight: { fields: {}, encoder: "xml" } }, "the encoder [xml] of [highlight]"],
    [{ highlight: { fields: {}, boundary_chars: "." } }, "[boundary_chars] in [highlight]"],
    [{ highlight: "all" }, "a [highlight] that is no object"],
    [{ aggs: { a: { avg: { field: "score" } } } }, "the aggregation [a]: there is [terms]"],
    [{ aggs: { a: { terms: { field: "score", order: { b: "asc" } } } } }, "the order by [b] of a [terms] aggregation"],
    [{ aggs: { a: { terms: { field: "title" } } } }, "Please use a keyword field instead of [title]"],
    [{ aggs: { a: { terms: { field: "at" } } } }, "the [terms] aggregation [a] of the date [at]"],
    [{ aggs: "all" }, "aggregations that are no object"],
  ];
  for (const [body, reason] of refusals) {
    it(`refuse ${JSON.stringify(body).slice(0, 90)}`, async () => {
      const answer = await refused(find(body));
      expect(answer.reason).to.include(reason);
      expect(answer.status).to.equal(400);
    });
  }

  it("refuse what is no count", async () => {
    const count = (body: object) => refused(world.search.count({ index: "news", body: body as never }));
    expect((await count({ size: 1 })).reason).to.include("[size] in the body of a count");
    expect((await count({ query: { match: { score: "x" } } })).type).to.equal("search_phase_execution_exception");
  });
});

import { expect } from "chai";
import { refused, type SearchWorld, startSearchWorld } from "./world";

describe("bulk writes of a search domain", () => {
  const index = "docs";
  let world: SearchWorld;
  before(async () => {
    world = await startSearchWorld();
    const properties = { name: { type: "keyword" as const }, count: { type: "integer" as const } };
    await world.search.indices.create({ index, body: { mappings: { dynamic: "strict", properties } } });
  });
  after(() => world.close());

  const put = (id: string, body: object) => world.search.index({ index, id, body });
  const get = async (id: string) => (await world.search.get({ index, id })).body;
  const bulk = async (...body: object[]) => (await world.search.bulk({ index, body: body as never })).body;

  it("succeed and fail each for itself", async () => {
    await put("old", { name: "a" });
    const answer = await bulk(
      { index: { _id: "1" } },
      { name: "a", count: 1 },
      { create: { _id: "old" } },
      { name: "b" },
      { update: { _id: "old" } },
      { doc: { count: 2 } },
      { index: { _id: "2" } },
      { other: 1 },
      { index: { _id: "3" } },
      { count: "None" },
      { delete: { _id: "gone" } },
      { delete: { _id: "1", if_seq_no: 99, if_primary_term: 1 } },
      { index: { _index: "none", _id: "1" } },
      {},
      { create: {} },
      { name: "auto" },
    );
    expect(answer.errors).to.equal(true);
    const results = answer.items.map(
      (item) => Object.entries(item)[0] as [string, { status: number; error?: { type: string } }],
    );
    expect(results.map(([kind, { status, error }]) => [kind, status, error?.type])).to.deep.equal([
      ["index", 201, undefined],
      ["create", 409, "version_conflict_engine_exception"],
      ["update", 200, undefined],
      ["index", 400, "strict_dynamic_mapping_exception"],
      ["index", 400, "mapper_parsing_exception"],
      ["delete", 404, undefined],
      ["delete", 409, "version_conflict_engine_exception"],
      ["index", 404, "index_not_found_exception"],
      ["create", 201, undefined],
    ]);
    expect((await get("old"))._source).to.deep.equal({ name: "a", count: 2 });
  });

  it("go only where there is an alias, if that is asked", async () => {
    await world.search.indices.putAlias({ index, name: "aliased" });
    const item = (_index: string, more: object = {}) => [{ index: { _index, _id: "a", ...more } }, {}];
    const body = [...item(index), ...item("aliased"), ...item("none"), ...item(index, { require_alias: false })];
    const asked = (await world.search.bulk({ body: body as never, require_alias: true })).body.items;
    expect(asked.map((one) => one.index?.status)).to.deep.equal([404, 201, 404, 200]);
    expect(asked[0]?.index?.error?.reason).to.equal(
      `no such index [${index}] and [require_alias] request flag is [true] and [${index}] is not an alias`,
    );
    const each = (await world.search.bulk({ body: item(index, { require_alias: true }) as never })).body.items;
    expect(each[0]?.index?.status).to.equal(404);
  });

  it("keep what is right of a line that is no JSON", async () => {
    const send = async (body: string) =>
      (await world.search.transport.request({ method: "POST", path: `/${index}/_bulk`, bulkBody: body })).body as {
        items: { index: { status: number; error?: { type: string } } }[];
      };
    const { items } = await send(
      '{"index":{"_id":"1"}}\n{"name":\n{"index":{"_id":"2"}}\n\n{"index":{"_id":"3"}}\n{}\n',
    );
    expect(items.map((item) => item.index.status)).to.deep.equal([400, 400, 201]);
    const refusals: [string, string][] = [
      ['{"index":{"_id":"1"}}\n{}', "The bulk request must be terminated by a newline [\\n]"],
      ["nonsense\n", "Malformed action/metadata line [1], expected START_OBJECT"],
      ["[]\n", "but found [START_ARRAY]"],
      ['{"upsert":{}}\n{}\n', "expected field [create], [delete], [index] or [update] but found [upsert]"],
      ['{"index":{"pipeline":"x"}}\n{}\n', "does not support [pipeline] in the action of line [1]"],
      ['{"delete":{}}\n', "id is missing"],
    ];
    for (const [body, reason] of refusals) expect((await refused(send(body))).reason).to.include(reason);
    const nowhere = world.search.transport.request({
      method: "POST",
      path: "/_bulk",
      bulkBody: '{"index":{}}\n{}\n',
    });
    expect((await refused(nowhere)).reason).to.include("index is missing");
    const empty = world.search.transport.request({ method: "POST", path: "/_bulk" });
    expect((await refused(empty)).reason).to.equal("request body is required");
  });
});

import { expect } from "chai";
import { refused, type SearchWorld, startSearchWorld } from "./world";

const mappings = {
  dynamic: "strict",
  properties: {
    name: { type: "keyword" },
    count: { type: "integer" },
    company: { properties: { city: { type: "keyword" }, country: { type: "keyword" } } },
  },
} as never;

describe("documents of a search domain", () => {
  let world: SearchWorld;
  let index: string;
  let made = 0;
  before(async () => {
    world = await startSearchWorld();
  });
  after(() => world.close());
  beforeEach(async () => {
    index = `docs-${++made}`;
    await world.search.indices.create({ index, body: { mappings } });
  });

  const put = (id: string, body: object, more: object = {}) => world.search.index({ index, id, body, ...more });
  const get = async (id: string) => (await world.search.get({ index, id })).body;

  it("are put, read by their ids at once, put again and deleted", async () => {
    const first = await put("1", { name: "a" });
    expect(first.statusCode).to.equal(201);
    expect(first.body).to.deep.equal({
      _index: index,
      _id: "1",
      _version: 1,
      result: "created",
      _shards: { total: 2, successful: 2, failed: 0 },
      _seq_no: 0,
      _primary_term: 1,
    });
    const second = await put("1", { name: "b" }, { refresh: true });
    expect(second.statusCode).to.equal(200);
    expect(second.body).to.include({ result: "updated", _version: 2, _seq_no: 1, forced_refresh: true });
    expect(await get("1")).to.deep.equal({
      _index: index,
      _id: "1",
      _version: 2,
      _seq_no: 1,
      _primary_term: 1,
      found: true,
      _source: { name: "b" },
    });
    expect((await world.search.exists({ index, id: "1" })).body).to.equal(true);
    expect((await world.search.getSource({ index, id: "1" })).body).to.deep.equal({ name: "b" });
    expect((await world.search.delete({ index, id: "1" })).body).to.include({ result: "deleted", _version: 3 });
    expect((await refused(world.search.delete({ index, id: "1" }))).body).to.include({ result: "not_found" });
    expect((await refused(world.search.get({ index, id: "1" }))).body).to.deep.equal({
      _index: index,
      _id: "1",
      found: false,
    });
    expect((await world.search.existsSource({ index, id: "1" })).body).to.equal(false);
    expect((await refused(world.search.getSource({ index, id: "1" }))).reason).to.include("Document not found");
    expect((await put("1", { name: "c" })).body).to.include({ result: "created", _version: 5 });
  });

  it("forget the version of what was deleted after a minute", async () => {
    await put("1", {});
    await world.search.delete({ index, id: "1" });
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 61_000);
    expect((await put("1", {})).body._version).to.equal(1);
  });

  it("without an id get one, and with a long one are refused", async () => {
    const { body } = await world.search.index({ index, body: { name: "a" } });
    expect(body._id).to.match(/^[0-9a-f]{20}$/);
    expect((await get(body._id)).found).to.equal(true);
    expect((await refused(put("x".repeat(513), {}))).reason).to.include(
      "is too long, must be no longer than 512 bytes",
    );
  });

  it("are made only where there are none, if that is asked", async () => {
    await world.search.create({ index, id: "1", body: { name: "a" } });
    const conflict = await refused(put("1", { name: "b" }, { op_type: "create" }));
    expect(conflict).to.include({
      status: 409,
      type: "version_conflict_engine_exception",
      reason: "[1]: version conflict, document already exists (current version [1])",
    });
    expect(conflict.body).to.have.nested.property("error.index", index);
    expect((await refused(world.search.create({ index, id: "1", body: {} }))).status).to.equal(409);
    expect((await refused(put("1", {}, { op_type: "insert" }))).reason).to.include(
      "opType must be 'create' or 'index'",
    );
  });

  it("are changed only as they were seen, if that is asked", async () => {
    await put("1", { name: "a" });
    await put("1", { name: "b" }, { if_seq_no: 0, if_primary_term: 1 });
    const stale = { if_seq_no: 0, if_primary_term: 1 };
    expect((await refused(put("1", { name: "c" }, stale))).reason).to.equal(
      "[1]: version conflict, required seqNo [0], primary term [1]. current document has seqNo [1] and primary term [1]",
    );
    expect((await refused(put("2", {}, stale))).reason).to.include("but no document was found");
    expect((await refused(world.search.delete({ index, id: "1", ...stale }))).status).to.equal(409);
    expect((await refused(put("1", {}, { if_seq_no: 1 }))).status).to.equal(400);
    expect((await refused(put("1", {}, { if_seq_no: "x", if_primary_term: 1 }))).reason).to.include("[if_seq_no]");
    expect((await get("1"))._source).to.deep.equal({ name: "b" });
  });

  it("never go back behind a version of the writer's own", async () => {
    const external = (version: number, version_type = "external") => ({ version, version_type });
    expect((await put("1", { name: "b" }, external(5))).body._version).to.equal(5);
    expect((await refused(put("1", { name: "a" }, external(5)))).reason).to.equal(
      "[1]: version conflict, current version [5] is higher or equal to the one provided [5]",
    );
    await put("1", { name: "c" }, external(5, "external_gte"));
    expect((await refused(put("1", {}, external(4, "external_gte")))).reason).to.include(
      "current version [5] is higher than the one provided [4]",
    );
    expect((await refused(world.search.delete({ index, id: "1", ...external(3) } as never))).status).to.equal(409);
    await world.search.delete({ index, id: "1", ...external(7) } as never);
    expect((await refused(put("1", {}, external(6)))).status).to.equal(409);
    expect((await refused(put("2", {}, { version: 1 }))).reason).to.include("internal versioning can not be used");
    expect((await refused(put("2", {}, { version_type: "external" }))).reason).to.include("[version] is missing");
    expect((await refused(put("2", {}, external(1, "force")))).reason).to.include("No version type match [force]");
    expect((await refused(put("2", {}, { ...external(1), op_type: "create" }))).reason).to.include(
      "create operations only",
    );
  });

  it("are changed in part", async () => {
    const update = (id: string, body: object, more: object = {}) =>
      world.search.update({ index, id, body: body as never, ...more });
    expect(await refused(update("1", { doc: { name: "a" } }))).to.include({
      status: 404,
      reason: "[1]: document missing",
    });
    expect((await update("1", { doc: { name: "a" }, upsert: { count: 1 } })).body.result).to.equal("created");
    expect((await update("1", { doc: { company: { city: "Paris" } } })).body).to.include({
      result: "updated",
      _version: 2,
    });
    await update("1", { doc: { company: { country: "France" }, name: "b" } });
    expect((await get("1"))._source).to.deep.equal({
      count: 1,
      name: "b",
      company: { city: "Paris", country: "France" },
    });
    expect((await update("1", { doc: { name: "b" } })).body).to.deep.include({
      result: "noop",
      _version: 3,
      _shards: { total: 0, successful: 0, failed: 0 },
    });
    expect((await update("1", { doc: { name: "b" }, detect_noop: false })).body.result).to.equal("updated");
    expect((await update("2", { doc: { name: "x" }, doc_as_upsert: true })).statusCode).to.equal(201);
    expect((await refused(update("1", { script: "x" }))).reason).to.include("an update by [script]");
    expect((await refused(update("1", {}))).reason).to.include("script or doc is missing");
    expect((await refused(update("1", { doc: {}, fields: 1 }))).reason).to.include("[fields] in the body of an update");
    expect((await refused(update("1", { doc: { other: 1 } }))).type).to.equal("strict_dynamic_mapping_exception");
    const versioned = update("1", { doc: {} }, { version: 9, version_type: "external" });
    expect((await refused(versioned)).reason).to.include("internal versioning can not be used");
  });

  it("need a body that is an object", async () => {
    const send = (body?: string) =>
      refused(
        world.search.transport.request({
          method: "PUT",
          path: `/${index}/_doc/1`,
          ...(body && { body: body as never }),
        }),
      );
    expect((await send()).reason).to.equal("request body is required");
    expect((await send("{")).type).to.equal("json_parse_exception");
    expect((await send("[]")).reason).to.include("Expected [START_OBJECT]");
  });

  it("are read many at once, and in part", async () => {
    await put("1", { name: "a", company: { city: "Paris", country: "France" } });
    await put("2", { name: "b" });
    const { docs } = (await world.search.mget({ index, body: { ids: ["1", "3"] }, _source_includes: ["company.city"] }))
      .body;
    expect(docs[0]).to.deep.include({ found: true, _source: { company: { city: "Paris" } } });
    expect(docs[1]).to.deep.equal({ _index: index, _id: "3", found: false });
    const wanted = [
      { _index: index, _id: "1", _source: false },
      { _index: "none", _id: "1" },
      { _index: index, _id: "2" },
    ];
    const [bare, nowhere, whole] = (await world.search.mget({ body: { docs: wanted as never } })).body.docs;
    expect(bare).not.to.have.property("_source");
    expect(nowhere).to.have.nested.property("error.reason", "no such index [none]");
    expect(whole).to.deep.include({ _source: { name: "b" } });
    expect((await refused(world.search.mget({ index, body: {} as never }))).reason).to.equal("no documents to get");
    const part = await world.search.get({ index, id: "1", _source_excludes: ["company.country", "name"] });
    expect(part.body._source).to.deep.equal({ company: { city: "Paris" } });
    expect((await world.search.get({ index, id: "1", _source: ["name"] })).body._source).to.deep.equal({ name: "a" });
    expect((await world.search.get({ index, id: "1", _source: "false" })).body).not.to.have.property("_source");
  });

  it("are not read by an alias of several indices", async () => {
    await world.search.indices.create({ index: `${index}-more`, body: { mappings, aliases: { both: {} } } });
    await world.search.indices.putAlias({ index, name: "both" });
    expect((await refused(world.search.get({ index: "both", id: "1" }))).reason).to.include(
      "alias [both] has more than one index associated with it",
    );
  });
});

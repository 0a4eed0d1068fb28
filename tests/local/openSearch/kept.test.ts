import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Segment } from "../../../local/openSearch/index/segment";
import { refused, type SearchWorld, startSearchWorld } from "./world";

const mappings = { dynamic: "strict" as const, properties: { name: { type: "keyword" as const } } };

const countIn = async (world: SearchWorld, index: string) => (await world.search.count({ index })).body.count;

describe("what a search sees", () => {
  let world: SearchWorld;
  beforeEach(async () => {
    world = await startSearchWorld();
    await world.search.indices.create({ index: "a", body: { mappings } });
  });
  afterEach(() => world.close());

  const put = (id: string, more: object = {}) => world.search.index({ index: "a", id, body: { name: id }, ...more });

  it("is what was there at the last refresh, which comes after a second of the clock", async () => {
    await put("1");
    expect(await countIn(world, "a")).to.equal(0);
    expect((await world.search.get({ index: "a", id: "1" })).body.found).to.equal(true);
    await world.cloud.activity.settle(world.cloud.clock);
    expect(await countIn(world, "a")).to.equal(1);
    expect(world.cloud.clock.offset()).to.be.within(1, 1_000);
    await world.search.delete({ index: "a", id: "1" });
    expect(await countIn(world, "a")).to.equal(1);
    await world.search.indices.refresh({ index: "a" });
    expect(await countIn(world, "a")).to.equal(0);
    expect(world.cloud.clock.next("work")).to.equal(undefined);
  });

  it("is there at once for whoever asks for a refresh, or waits for one", async () => {
    await put("1", { refresh: true });
    expect(await countIn(world, "a")).to.equal(1);
    const waiting = put("2", { refresh: "wait_for" });
    while (world.cloud.clock.next("work") === undefined) await new Promise(setImmediate);
    expect(await countIn(world, "a")).to.equal(1);
    await world.cloud.activity.settle(world.cloud.clock);
    await waiting;
    expect(await countIn(world, "a")).to.equal(2);
    expect((await refused(put("3", { refresh: "soon" }))).reason).to.equal("Unknown value for refresh: [soon].");
  });

  it("comes as often as the index says", async () => {
    const refreshEvery = (refresh_interval: string) =>
      world.search.indices.putSettings({ index: "a", body: { refresh_interval } as never });
    await refreshEvery("-1");
    await put("1");
    expect(world.cloud.clock.next("work")).to.equal(undefined);
    await refreshEvery("5s");
    const due = (world.cloud.clock.next("work") ?? 0) - world.cloud.clock.now();
    expect(due).to.be.within(1_001, 5_000);
  });

  it("is without documents after a reset, while indices, aliases and roles stay", async () => {
    await put("1", { refresh: true });
    await put("2");
    await world.search.indices.putAlias({ index: "a", name: "b" });
    await world.search.security.createRole({ role: "r", body: { cluster_permissions: [] } });
    await world.reset();
    expect(await countIn(world, "b")).to.equal(0);
    expect((await world.search.exists({ index: "a", id: "2" })).body).to.equal(false);
    expect((await world.search.security.getRoles()).body).to.have.property("r");
    expect((await put("1", { refresh: true })).body._version).to.equal(1);
    expect(await countIn(world, "a")).to.equal(1);
  });
});

describe("a search domain that is kept in a folder", () => {
  let folder: string;
  let worlds: SearchWorld[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "opensearch-kept-"));
    worlds = [];
  });
  afterEach(async () => {
    for (const world of worlds) await world.close();
    rmSync(folder, { recursive: true });
  });

  /** The domain over the same folder; the one before it just stops being asked, as if it had been killed. */
  const open = async (): Promise<SearchWorld> => {
    const world = await startSearchWorld({ dataFolder: folder });
    worlds.push(world);
    return world;
  };

  it("has after a restart all that was acknowledged", async () => {
    const first = await open();
    await first.search.indices.create({ index: "a-1", body: { mappings, aliases: { a: { is_write_index: true } } } });
    await first.search.indices.create({ index: "gone", body: { mappings } });
    for (const id of ["1", "2", "3"]) await first.search.index({ index: "a", id, body: { name: id } });
    await first.search.index({ index: "a", id: "1", body: { name: "again" } });
    await first.search.delete({ index: "a", id: "2" });
    await first.search.indices.putMapping({ index: "a", body: { properties: { more: { type: "long" } } } });
    await first.search.indices.delete({ index: "gone" });
    await first.search.security.createRole({ role: "r", body: { cluster_permissions: ["cluster_all"] } });
    await first.search.security.createRole({ role: "s", body: {} });
    await first.search.security.deleteRole({ role: "s" });
    await first.search.security.createRoleMapping({ role: "r", body: { users: ["someone"] } });

    const second = await open();
    expect(await countIn(second, "a")).to.equal(2);
    expect((await second.search.get({ index: "a", id: "1" })).body).to.deep.include({
      _version: 2,
      _seq_no: 3,
      _source: { name: "again" },
    });
    expect((await second.search.indices.exists({ index: "gone" })).body).to.equal(false);
    expect((await second.search.indices.getMapping({ index: "a" })).body["a-1"]?.mappings.properties).to.have.property(
      "more",
    );
    expect((await second.search.security.getRoles()).body)
      .to.include.keys("r")
      .and.not.to.include.keys("s");
    expect((await second.search.security.getRoleMappings()).body["r"]?.users).to.deep.equal(["someone"]);
    const written = await second.search.index({ index: "a", id: "2", body: { name: "back" } });
    expect(written.body).to.include({ _version: 3, _seq_no: 5 });
    expect(readFileSync(join(folder, "search.jsonl"), "utf8")).not.to.include('"gone"');
  });

  it("is empty after a reset and a restart", async () => {
    const first = await open();
    await first.search.indices.create({ index: "a", body: { mappings } });
    await first.search.index({ index: "a", id: "1", body: { name: "x" }, refresh: true });
    await first.reset();
    const second = await open();
    expect(await countIn(second, "a")).to.equal(0);
  });
});

describe("a segment", () => {
  const document = (id: string, seqNo: number) => ({
    id,
    source: {},
    version: 1,
    seqNo,
    content: {
      values: new Map([["v", [Float32Array.of(seqNo)]]]),
      terms: new Map([["t", { counts: new Map([[`word ${id}`, 1]]), length: 1 }]]),
    },
  });

  it("is tidied up once most of it is gone, and keeps its order", () => {
    const segment = new Segment();
    for (const id of ["a", "b"]) segment.put(document(id, 0));
    let largest = 0;
    for (let at = 1; at <= 2_000; at++) {
      segment.put(document("b", at));
      largest = Math.max(largest, segment.size);
    }
    expect(largest).to.be.within(1_000, 1_010);
    expect(segment.documents.flatMap((one) => (one ? [one.id] : []))).to.deep.equal(["a", "b"]);
    const postings = segment.postings("t");
    expect([postings?.documents, postings?.totalLength, postings?.terms.size]).to.deep.equal([2, 2, 2]);
    const vectors: number[] = [];
    segment.vectors("v")?.each((_ordinal, all, at) => vectors.push(all[at] ?? -1));
    expect(vectors).to.deep.equal([0, 2_000]);
    segment.remove("nobody");
    expect(segment.ordinalOf("a")).to.equal(0);
  });
});

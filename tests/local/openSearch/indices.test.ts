import { expect } from "chai";
import { refused, type SearchWorld, startSearchWorld } from "./world";

const strict = (properties: Record<string, unknown> = { name: { type: "keyword" } }) =>
  ({ dynamic: "strict", properties }) as never;

describe("indices of a search domain", () => {
  let world: SearchWorld;
  beforeEach(async () => {
    world = await startSearchWorld();
  });
  afterEach(() => world.close());

  const create = (index: string, body: Record<string, unknown> = {}) =>
    world.search.indices.create({ index, body: { mappings: strict(), ...body } as never });
  const indices = () => world.search.indices;
  const put = (index: string, id: string, name: string) =>
    world.search.index({ index, id, body: { name }, refresh: true });

  it("are made, shown and deleted", async () => {
    const settings = {
      index: { knn: true, number_of_replicas: 0 },
      "knn.algo_param.ef_search": 100,
      refresh_interval: "5s",
    };
    const made = await create("assets-1", { settings, aliases: { assets: { is_write_index: true } } });
    expect(made.body).to.deep.equal({ acknowledged: true, shards_acknowledged: true, index: "assets-1" });
    expect((await indices().exists({ index: "assets-1" })).body).to.equal(true);
    expect((await indices().exists({ index: "assets" })).body).to.equal(true);
    expect((await indices().exists({ index: "news" })).body).to.equal(false);
    const shown = (await indices().get({ index: "assets" })).body["assets-1"];
    expect(shown?.aliases).to.deep.equal({ assets: { is_write_index: true } });
    expect(shown?.mappings).to.deep.equal({ dynamic: "strict", properties: { name: { type: "keyword" } } });
    expect(shown?.settings?.index).to.deep.include({
      knn: "true",
      number_of_shards: "1",
      number_of_replicas: "0",
      refresh_interval: "5s",
      "knn.algo_param": { ef_search: "100" },
      provided_name: "assets-1",
    });
    expect((await world.search.cluster.health()).body).to.include({ status: "green", active_shards: 1 });
    await indices().delete({ index: "assets-1" });
    expect((await indices().exists({ index: "assets-1" })).body).to.equal(false);
    const gone = await refused(indices().delete({ index: "assets-1" }));
    expect(gone).to.include({ status: 404, type: "index_not_found_exception", reason: "no such index [assets-1]" });
    await indices().delete({ index: "assets-1", ignore_unavailable: true });
  });

  it("have settings that can change, and others", async () => {
    await create("a");
    await indices().putSettings({ index: "a", body: { refresh_interval: "-1", number_of_replicas: 2 } as never });
    const { body } = await indices().getSettings({ index: "a" });
    expect(body["a"]?.settings).to.have.nested.property("index.refresh_interval", "-1");
    const stuck = await refused(indices().putSettings({ index: "a", body: { "index.knn": true } as never }));
    expect(stuck.reason).to.equal("Can't update non dynamic settings [[index.knn]] for open indices");
    for (const [settings, reason] of [
      [{ analysis: { analyzer: {} } }, undefined],
      [{ number_of_nodes: 1 }, "[number_of_nodes] in the settings of an index"],
      [
        { refresh_interval: "soon" },
        "failed to parse setting [index.refresh_interval] with value [soon] as a time value",
      ],
      ["none", "settings must be an object"],
    ] as const) {
      if (reason === undefined) await create("with-empty-analysis", { settings });
      else expect((await refused(create("odd", { settings }))).reason).to.include(reason);
    }
    const analyzer = { analysis: { analyzer: { mine: { type: "custom" } } } };
    expect((await refused(create("odd", { settings: analyzer }))).reason).to.include(
      "does not support [analysis.analyzer.mine.type] in the settings of an index",
    );
  });

  it("have names as OpenSearch wants them, and only one of each", async () => {
    await create("a", { aliases: { b: {} } });
    const refusals: [string, string][] = [
      ["a", "already exists"],
      ["b", "Invalid index name [b], already exists as alias"],
      ["Assets", "Invalid index name [Assets], must be lowercase"],
      ["-a", "must not start with '_', '-', or '+'"],
      ["a:b", "must not contain the following characters"],
      ["..", "must not be '.' or '..'"],
      ["a".repeat(256), "index name is too long"],
    ];
    for (const [name, reason] of refusals) {
      const path = `/${encodeURIComponent(name).replaceAll(".", "%2E")}`;
      const body = { mappings: strict() } as never;
      const answer = await refused(world.search.transport.request({ method: "PUT", path, body }));
      expect(answer.reason, name).to.include(reason);
      expect(answer.status).to.equal(400);
    }
    expect((await refused(indices().delete({ index: "b" }))).reason).to.equal(
      "The provided expression [b] matches an alias, specify the corresponding concrete indices instead.",
    );
    expect((await refused(create("odd", { templates: {} }))).reason).to.include(
      "[templates] in the body of a new index",
    );
    expect((await refused(create("odd", { aliases: { x: { filter: {} } } }))).reason).to.include(
      "[filter] in the alias [x]",
    );
  });

  it("have aliases that change all at once, or not at all", async () => {
    for (const index of ["news-1", "news-2"]) await create(index);
    const update = (...actions: object[]) => indices().updateAliases({ body: { actions: actions as never } });
    await update({ add: { index: "news-1", alias: "news" } });
    await put("news", "1", "old");
    await update({ add: { index: "news-2", alias: "news" } }, { remove: { index: "news-1", alias: "news" } });
    expect((await indices().getAlias({ name: "news" })).body).to.deep.equal({ "news-2": { aliases: { news: {} } } });
    const failing = update({ add: { index: "news-1", alias: "news" } }, { remove: { index: "news-1", alias: "none" } });
    expect(await refused(failing)).to.include({ status: 404, reason: "aliases [none] missing" });
    expect(Object.keys((await indices().getAlias({ name: "news" })).body)).to.deep.equal(["news-2"]);
    const writers = ["news-1", "news-2"].map((index) => ({ add: { index, alias: "w", is_write_index: true } }));
    expect((await refused(update(...writers))).reason).to.equal(
      "alias [w] has more than one write index [news-1,news-2]",
    );
    // An alias can take the place of an index, however the two are written.
    await update({ add: { indices: ["news-2"], aliases: ["news-1"] } }, { remove_index: { index: "news-1" } });
    expect((await world.search.indices.getAlias({ name: "news-1" })).body).to.have.all.keys("news-2");
    expect((await world.search.count({ index: "news-1" })).body.count).to.equal(0);

    const refusals: [object[], string][] = [
      [[], "Must specify at least one alias action"],
      [[{ swap: { index: "a", alias: "b" } }], "Unsupported action [swap]"],
      [[{ add: { alias: "b" } }], "One of [index] or [indices] is required"],
      [[{ add: { index: "news-2" } }], "One of [alias] or [aliases] is required"],
      [[{ add: { index: "news-2", alias: "b", routing: "1" } }], "[routing] in the alias action [add]"],
      [[{ add: { index: "none", alias: "b" } }], "no such index [none]"],
      [
        [{ add: { index: "news-2", alias: "news-2" } }],
        "an index or data stream exists with the same name as the alias",
      ],
      [[{ add: { index: "news-2", alias: "A B" } }], "Invalid alias name [A B]"],
    ];
    for (const [actions, reason] of refusals) expect((await refused(update(...actions))).reason).to.include(reason);
  });

  it("have aliases one by one", async () => {
    await create("a");
    await indices().putAlias({ index: "a", name: "b" });
    await indices().putAlias({ index: "a", name: "c", body: { is_write_index: false } });
    expect((await indices().existsAlias({ name: "b" })).body).to.equal(true);
    expect((await indices().existsAlias({ name: "d" })).body).to.equal(false);
    expect((await indices().getAlias({ index: "a" })).body).to.deep.equal({
      a: { aliases: { b: {}, c: { is_write_index: false } } },
    });
    await indices().deleteAlias({ index: "a", name: "b" });
    expect((await indices().getAlias()).body["a"]?.aliases).to.have.all.keys("c");
    expect((await refused(indices().deleteAlias({ index: "a", name: "b" }))).reason).to.equal("aliases [b] missing");
    expect((await refused(indices().getAlias({ name: "b" }))).status).to.equal(404);
  });

  it("are written to through an alias that says to which", async () => {
    for (const index of ["a-1", "a-2"]) await create(index, { aliases: { a: {} } });
    expect((await refused(put("a", "1", "x"))).reason).to.match(/^no write index is defined for alias \[a\]/);
    await indices().putAlias({ index: "a-2", name: "a", body: { is_write_index: true } });
    expect((await put("a", "1", "x")).body._index).to.equal("a-2");
    await indices().deleteAlias({ index: "a-2", name: "a" });
    await indices().putAlias({ index: "a-1", name: "a", body: { is_write_index: false } });
    expect((await refused(put("a", "1", "x"))).status).to.equal(400);
    expect((await refused(put("none", "1", "x"))).reason).to.equal("no such index [none]");
    expect((await refused(world.search.index({ index: "a-1", body: {}, require_alias: true }))).reason).to.include(
      "[require_alias] request flag is [true] and [a-1] is not an alias",
    );
  });

  it("are copied into others, and only what was refreshed", async () => {
    await create("old");
    for (const id of ["1", "2", "3"]) await put("old", id, id);
    await world.search.index({ index: "old", id: "4", body: { name: "unseen" } });
    await create("new", { mappings: strict({ name: { type: "keyword" } }) });
    await put("new", "1", "there already");
    const copied = await world.search.reindex({
      body: { source: { index: "old" }, dest: { index: "new" } },
      refresh: true,
    });
    expect(copied.body).to.deep.include({ total: 3, created: 2, updated: 1, version_conflicts: 0, failures: [] });
    expect((await world.search.count({ index: "new" })).body.count).to.equal(3);

    const body = {
      source: { index: ["old"], query: { term: { name: "1" } } },
      dest: { index: "new", op_type: "create" },
    };
    const stopped = await refused(world.search.reindex({ body: body as never }));
    expect(stopped.status).to.equal(409);
    expect(stopped.body).to.deep.include({ version_conflicts: 1, created: 0 });
    const went = await world.search.reindex({ body: { ...body, conflicts: "proceed" } as never });
    expect(went.body).to.deep.include({ version_conflicts: 1, failures: [] });
    const external = { source: { index: "old" }, dest: { index: "new", version_type: "external" } };
    const versions = await world.search.reindex({ body: { ...external, conflicts: "proceed" } as never });
    expect(versions.body).to.deep.include({ version_conflicts: 3 });

    await create("other", { mappings: strict({ title: { type: "keyword" } }) });
    const unfit = await refused(world.search.reindex({ body: { source: { index: "old" }, dest: { index: "other" } } }));
    expect(unfit.status).to.equal(400);
    expect(JSON.stringify(unfit.body)).to.include("dynamic introduction of [name]");
  });

  it("are copied only as is understood here", async () => {
    await create("a");
    await create("b");
    const refusals: [object, string][] = [
      [{ source: { index: "a" }, dest: { index: "a" } }, "reindex cannot write into an index its reading from [a]"],
      [{ source: { index: "a" }, dest: { index: "b" }, script: {} }, "[script] in the body of a reindex"],
      [{ source: { index: "a", remote: {} }, dest: { index: "b" } }, "[remote] in the [source] of a reindex"],
      [{ source: { index: "a" } }, "[dest] must be specified"],
      [{ source: { index: "a" }, dest: { index: "b", op_type: "update" } }, "opType must be 'create' or 'index'"],
      [{ source: { index: "a" }, dest: { index: "b", version_type: "force" } }, "[version_type] of [force]"],
    ];
    for (const [body, reason] of refusals) {
      expect((await refused(world.search.reindex({ body: body as never }))).reason).to.include(reason);
    }
    const later = world.search.reindex({
      body: { source: { index: "a" }, dest: { index: "b" } },
      wait_for_completion: false,
    });
    expect((await refused(later)).reason).to.include("[wait_for_completion=false]");
  });

  it("refuse by name what is not supported", async () => {
    const ask = (method: string, path: string) => refused(world.search.transport.request({ method, path }));
    expect(await ask("GET", "/_cat/indices")).to.include({
      status: 400,
      type: "parsing_exception",
      reason: "The embedded cloud does not support GET /_cat/indices.",
    });
    expect((await ask("POST", "/_search?scroll=1m")).reason).to.include("the parameter [scroll] of [search]");
    expect((await ask("GET", "/a/_doc/%E0%A4%A")).reason).to.include("cannot decode the path");
    expect((await ask("PUT", "/_ingest/pipeline/x")).reason).to.include("PUT /_ingest/pipeline/x");
  });
});

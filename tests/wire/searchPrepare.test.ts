import { expect } from "chai";
import { createIndices } from "../../functions/processing/createIndices";
import { Failure } from "../../functions/processing/failure";
import { type Domain, domainAt } from "../../functions/processing/search/domain";
import { migrate, type Wanted } from "../../functions/processing/search/migrate";
import { prepareDomain } from "../../functions/processing/search/prepare";
import { master } from "../local/openSearch/world";
import { captureOutput } from "./output";
import { testRun } from "./run";
import { asIndexer, asSearcher, deploy, roles, type Searching, searching } from "./searchWorld";
import { context } from "./world";

const wanted = (version: number, fields: Record<string, object>): Wanted => ({
  index: "notes",
  version,
  definition: {
    settings: { index: { number_of_shards: 1, number_of_replicas: 1 } },
    mappings: {
      _meta: { definition: JSON.stringify(fields) },
      ...{ dynamic: "strict", properties: fields },
    },
  },
});

const first = wanted(1, { text: { type: "text" } });
const second = wanted(2, { text: { type: "text" }, more: { type: "keyword" } });

describe("preparing the search domain", () => {
  let world: Searching;
  before(async () => {
    world = await searching();
    await deploy(world);
  });
  afterEach(() => world.cloud.faults.clear());

  const reasonOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "done",
      (error: Error) => error.message,
    );

  it("makes the indices with their names, once however often it is deployed", async () => {
    const endpoint = await world.anotherDomain();
    world.become(master);
    const prepare = () => captureOutput(() => createIndices({ endpoint, roles }, context(600_000)));
    const made = ["assets-v1", "news-v1", "analysis-v1"];
    expect((await prepare()).result).to.deep.equal(made.map((index) => ({ index, outcome: "made" })));
    expect((await prepare()).result).to.deep.equal(made.map((index) => ({ index, outcome: "as before" })));
    const aliases = (await domainAt(endpoint).send({ method: "GET", path: "/_alias" })) as Record<string, object>;
    expect(aliases).to.deep.equal(
      Object.fromEntries(made.map((index) => [index, { aliases: { [index.replace("-v1", "")]: {}, documents: {} } }])),
    );
  });

  it("makes them strict", async () => {
    const document = { kind: "assets", unheard: 1 };
    const refusal = await reasonOf(
      world.search.index({ index: "assets", id: "x", body: document }) as Promise<unknown>,
    );
    expect(refusal).to.include("strict_dynamic_mapping_exception");
  });

  it("lets each function's role do what it is there for, and no more", async () => {
    const endpoint = `https://${world.endpoint}`;
    const find = { method: "POST", path: "/documents/_search", body: { size: 0 } } as const;
    const write = { method: "POST", path: "/_bulk", body: '{"delete":{"_index":"assets","_id":"nobody"}}\n' } as const;
    asSearcher(world);
    expect(await reasonOf(domainAt(endpoint).send(find))).to.equal("done");
    expect(await reasonOf(domainAt(endpoint).send(write))).to.include("POST /_bulk was answered 403");
    asIndexer(world);
    expect(await reasonOf(domainAt(endpoint).send(find))).to.equal("done");
    expect(await domainAt(endpoint).send(write)).to.include({ errors: false });
    world.become(master);
    const none = { endpoint, roles: { ...roles, search: [] } };
    await prepareDomain(none, testRun(0, { remainingMs: 600_000 }));
    asSearcher(world);
    const refusal = await domainAt(endpoint)
      .send(find)
      .catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(Failure).with.property("category", "denied");
    expect(refusal).to.have.property("message").that.includes("no permissions for");
    await deploy(world);
  });

  it("gives the roles no more within the domain than what their functions do", async () => {
    world.become(master);
    const path = "/_plugins/_security/api/roles/signal9_";
    const domain = domainAt(`https://${world.endpoint}`);
    const roleFor = async (use: string): Promise<Record<string, unknown>> => {
      const found = (await domain.send({ method: "GET", path: `${path}${use}` })) as Record<string, object>;
      return { ...found[`signal9_${use}`] };
    };
    const index_patterns = ["assets-v*", "news-v*", "analysis-v*"];
    const searcher = await roleFor("search");
    expect(searcher["cluster_permissions"]).to.deep.equal([]);
    expect(searcher["index_permissions"]).to.have.length(1);
    expect((searcher["index_permissions"] as object[])[0]).to.deep.include({
      index_patterns,
      allowed_actions: ["read"],
    });
    const indexer = await roleFor("index");
    expect(indexer["cluster_permissions"]).to.deep.equal(["indices:data/write/bulk"]);
    expect((indexer["index_permissions"] as object[])[0]).to.deep.include({
      index_patterns,
      allowed_actions: ["read", "write"],
    });
  });

  it("waits for a domain that is not awake yet, and for no longer than it has", async () => {
    world.become(master);
    const asleep = world.cloud.faults.inject({ kind: "serverError", service: "es", operation: "info", times: 2 });
    const run = testRun(0, { remainingMs: 600_000 });
    const preparation = { endpoint: `https://${world.endpoint}`, roles };
    const { lines } = await captureOutput(() => prepareDomain(preparation, run));
    expect([asleep.hits(), run.waits]).to.deep.equal([2, [5_000, 5_000]]);
    expect(lines.map(({ message }) => message)).to.include("the domain is not there yet");
    world.cloud.faults.inject({ kind: "serverError", service: "es", operation: "info" });
    const failed = await captureOutput(() => reasonOf(createIndices(preparation, context(6_000))));
    expect(failed.result).to.include("GET / was answered 503");
  });

  it("refuses an input that is not what a deployment says", async () => {
    const { result } = await captureOutput(() =>
      reasonOf(createIndices({ endpoint: "http://plain.example", roles: { search: ["me"] } }, context())),
    );
    expect(result).to.equal(
      "input.endpoint must be an https address; input.roles.search.0 must be an ARN; input.roles.index is missing",
    );
  });

  describe("for a new version of an index", () => {
    let domain: Domain;
    const run = testRun(0);

    beforeEach(async () => {
      world.become(master);
      domain = domainAt(await world.anotherDomain());
      await captureOutput(() => migrate(domain, first, run));
    });

    const put = (id: string, text: string, version: number) =>
      domain.send({
        method: "PUT",
        path: `/notes/_doc/${id}`,
        query: { version: String(version), version_type: "external_gte" },
        body: { text },
      });
    const found = async (): Promise<Record<string, string>> => {
      await domain.send({ method: "POST", path: "/documents/_refresh" });
      const answer = (await domain.send({ method: "POST", path: "/documents/_search", body: { size: 100 } })) as {
        hits: { hits: { _id: string; _index: string; _source: { text: string } }[] };
      };
      return Object.fromEntries(answer.hits.hits.map(({ _id, _index, _source }) => [_id, `${_index} ${_source.text}`]));
    };

    it("copies what is there, moves the names, and takes the old one away", async () => {
      await put("a", "one", 5);
      await put("b", "two", 7);
      const moved = await captureOutput(() => migrate(domain, second, run));
      expect(moved.result).to.deep.equal({ index: "notes-v2", outcome: "filled from an older version" });
      expect(await found()).to.deep.equal({ a: "notes-v2 one", b: "notes-v2 two" });
      expect(await domain.find({ method: "GET", path: "/notes-v1" })).to.equal(undefined);
      expect(await reasonOf(put("a", "older", 4))).to.include("version_conflict_engine_exception");
    });

    it("loses nothing that is written meanwhile, and overwrites nothing younger", async () => {
      await put("a", "one", 5);
      await put("b", "two", 7);
      let copies = 0;
      const disturbed: Domain = {
        ...domain,
        send: async (call) => {
          const answer = await domain.send(call);
          // Between the first copy and the move the old index is written to; after it, the new one.
          if (call.path === "/_reindex" && ++copies === 1) {
            await put("a", "one, changed", 6);
            await put("c", "three", 1);
          }
          if (call.path === "/_aliases") await put("b", "two, changed", 8);
          return answer;
        },
      };
      await captureOutput(() => migrate(disturbed, second, run));
      expect(await found()).to.deep.equal({
        a: "notes-v2 one, changed",
        b: "notes-v2 two, changed",
        c: "notes-v2 three",
      });
    });

    for (const path of ["/notes-v2", "/_reindex", "/_aliases", "/notes-v1"]) {
      it(`ends what was cut off after ${path}`, async () => {
        await put("a", "one", 5);
        const cut: Domain = {
          ...domain,
          send: async (call) => {
            const answer = await domain.send(call);
            if (call.path === path && call.method !== "GET") throw new Error(`cut off after ${path}`);
            return answer;
          },
        };
        const { result } = await captureOutput(async () => {
          expect(await reasonOf(migrate(cut, second, run))).to.equal(`cut off after ${path}`);
          return migrate(domain, second, run);
        });
        expect(result.index).to.equal("notes-v2");
        expect(await found()).to.deep.equal({ a: "notes-v2 one" });
      });
    }

    it("refuses a changed definition under the same version, and a step back", async () => {
      const changed = { ...first, definition: wanted(1, { text: { type: "keyword" } }).definition };
      expect(await reasonOf(migrate(domain, changed, run))).to.equal(
        "index notes: notes-v1 was made by another definition; raise its version",
      );
      await captureOutput(() => migrate(domain, second, run));
      expect(await reasonOf(migrate(domain, first, run))).to.equal(
        "index notes: notes-v2 is in use, which is younger than notes-v1",
      );
    });

    it("tells which documents do not fit", async () => {
      await put("a", "one", 5);
      const narrow = wanted(2, { other: { type: "keyword" } });
      expect(await reasonOf(migrate(domain, narrow, run))).to.include(
        "POST /_reindex was answered 400: document a: strict_dynamic_mapping_exception",
      );
      expect(await found()).to.deep.equal({ a: "notes-v1 one" });
    });
  });
});

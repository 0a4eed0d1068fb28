import { once } from "node:events";
import { request } from "node:https";
import { connect } from "node:tls";
import { errors } from "@opensearch-project/opensearch";
import { expect } from "chai";
import { domainArn, master, policyType, refused, type SearchWorld, startSearchWorld } from "./world";

const mappings = { dynamic: "strict" as const, properties: { name: { type: "keyword" as const } } };

describe("access to a search domain", () => {
  let world: SearchWorld;
  before(async () => {
    world = await startSearchWorld();
    await world.search.indices.create({ index: "assets", body: { mappings } });
    await world.search.indices.create({ index: "news-1", body: { mappings, aliases: { news: {} } } });
  });
  after(() => world.close());
  afterEach(() => world.cloud.faults.clear());

  const setPolicy = (...statements: object[]) =>
    world.declare(policyType, "policy", {
      domainName: "search",
      accessPolicies: statements.length > 0 ? JSON.stringify({ Version: "2012-10-17", Statement: statements }) : "",
    });

  it("is over TLS, with a certificate that nobody trusts unasked", async () => {
    const [host = "", port] = world.endpoint.split(":");
    const unasked = connect({ host, port: Number(port) });
    expect((await once(unasked, "error"))[0]).to.have.property("code", "DEPTH_ZERO_SELF_SIGNED_CERT");
    expect((await world.search.ping()).statusCode).to.equal(200);
    expect((await world.search.info()).body.version).to.include({ distribution: "opensearch", number: "2.19.0" });
  });

  it("is for signed requests, by keys that are known", async () => {
    const unsigned = request(`https://${world.endpoint}/`, { ca: world.ca }).end();
    const [response] = await once(unsigned, "response");
    expect(response.statusCode).to.equal(403);
    const stranger = await refused(world.clientOf("AKIASTRANGER").info());
    expect(stranger.status).to.equal(403);
    expect(stranger.reason).to.include("access key AKIASTRANGER is not known here");
  });

  it("needs es:ESHttp and the method on the path, by the role's policies", async () => {
    const reader = world.asDomainRole("bootstrap", ["es:ESHttpGet", "es:ESHttpHead"], "/assets*");
    expect((await reader.indices.exists({ index: "assets" })).body).to.equal(true);
    await reader.indices.getMapping({ index: "assets" });
    const denied = await refused(reader.index({ index: "assets", id: "1", body: { name: "a" } }));
    expect(denied.status).to.equal(403);
    expect(denied.reason).to.match(
      /^User: .*assumed-role\/bootstrap\/test is not authorized to perform: es:ESHttpPut on resource: arn:aws:es:us-east-1:123456789012:domain\/search\/assets\/_doc\/1 because no identity-based policy/,
    );
    expect((await refused(reader.search({ index: "news", body: {} }))).reason).to.include("es:ESHttpPost");
  });

  it("can be given and denied by the domain's own policy", async () => {
    const none = world.asDomainRole("bootstrap", ["s3:GetObject"]);
    expect((await refused(none.count({ index: "assets" }))).status).to.equal(403);
    const Resource = `${domainArn}/*`;
    await setPolicy({ Effect: "Allow", Principal: { AWS: master }, Action: "es:ESHttp*", Resource });
    await none.count({ index: "assets" });
    await setPolicy({ Effect: "Deny", Principal: "*", Action: "es:ESHttpDelete", Resource });
    expect((await refused(world.search.indices.delete({ index: "assets" }))).reason).to.include("explicit deny");
    await setPolicy();
  });

  it("is for the master user and the administrator alone, until roles are mapped", async () => {
    const bootstrap = world.asDomainRole("bootstrap");
    const writer = world.asDomainRole("writer");
    const arn = "arn:aws:iam::123456789012:role/writer";
    const body = [{ index: { _index: "assets", _id: "1" } }, { name: "a" }];
    const denied = await refused(writer.bulk({ body }));
    const reason = `no permissions for [indices:data/write/bulk] and User [name=${arn}, backend_roles=[${arn}], requestedTenant=null]`;
    expect(denied.body).to.deep.equal({
      error: { root_cause: [{ type: "security_exception", reason }], type: "security_exception", reason },
      status: 403,
    });
    await bootstrap.security.createRole({
      role: "writers",
      body: {
        cluster_permissions: ["indices:data/write/bulk"],
        index_permissions: [{ index_patterns: ["assets"], allowed_actions: ["write"] }],
      },
    });
    expect((await refused(writer.bulk({ body }))).status).to.equal(403);
    await bootstrap.security.createRoleMapping({ role: "writers", body: { backend_roles: [arn] } });
    expect((await writer.bulk({ body })).body.errors).to.equal(false);
  });

  it("is decided for each item of a bulk, and for each index of a search", async () => {
    const writer = world.asDomainRole("writer");
    const answer = await writer.bulk({
      body: [
        { index: { _index: "assets", _id: "2" } },
        { name: "b" },
        { index: { _index: "news", _id: "1" } },
        { name: "c" },
        { delete: { _index: "news-1", _id: "1" } },
      ],
    });
    const [first, second, third] = answer.body.items;
    expect(first?.index?.status).to.equal(201);
    expect(second?.index).to.deep.include({ _index: "news", status: 403 });
    expect(second?.index?.error?.reason).to.include("[indices:data/write/bulk[s], indices:data/write/index]");
    expect(third?.delete?.error?.reason).to.include("[indices:data/write/bulk[s], indices:data/write/delete]");
    expect((await refused(writer.search({ index: "assets" }))).reason).to.include("[indices:data/read/search]");
    expect((await refused(writer.indices.delete({ index: "assets" }))).reason).to.include("[indices:admin/delete]");
    expect((await refused(writer.indices.create({ index: "new", body: { aliases: { a: {} } } }))).reason).to.include(
      "[indices:admin/create, indices:admin/aliases]",
    );
  });

  it("covers by the pattern of an alias the indices behind it", async () => {
    await world.search.security.createRole({
      role: "readers",
      body: { index_permissions: [{ index_patterns: ["news"], allowed_actions: ["search", "get"] }] },
    });
    await world.search.security.createRoleMapping({
      role: "readers",
      body: { users: ["arn:aws:iam::123456789012:role/reader"] },
    });
    const reader = world.asDomainRole("reader");
    await reader.search({ index: "news" });
    await reader.search({ index: "news-1" });
    expect((await refused(reader.search({ index: "news,assets" }))).status).to.equal(403);
    expect((await refused(reader.search())).status).to.equal(403);
    expect((await refused(reader.mget({ body: { docs: [] } }))).reason).to.include("[indices:data/read/mget]");
  });

  it("can be struck by faults, as a domain says it", async () => {
    const { faults } = world.cloud;
    const throttled = faults.inject({ kind: "throttle", service: "es", operation: "search", times: 1 });
    expect(await refused(world.search.search({ index: "assets" }))).to.include({
      status: 429,
      type: "rejected_execution_exception",
    });
    await world.search.search({ index: "assets" });
    expect(throttled.hits()).to.equal(1);

    faults.inject({ kind: "serverError", service: "es", caller: "writer" });
    const writer = world.asDomainRole("writer");
    expect(await refused(writer.info())).to.include({ status: 503, type: "cluster_block_exception" });
    await world.search.info();
    faults.clear();

    const late = faults.inject({ kind: "latency", service: "es", ms: 60, times: 1 });
    const startedAt = performance.now();
    await world.search.info();
    expect(performance.now() - startedAt).to.be.greaterThan(55);
    expect(late.hits()).to.equal(1);
  });

  it("is tried again by a client that may, once it is there again", async () => {
    const patient = world.clientOf("local", { maxRetries: 3 });
    const fault = world.cloud.faults.inject({ kind: "serverError", service: "es", operation: "count", times: 2 });
    await patient.count({ index: "assets" });
    expect(fault.hits()).to.equal(2);
  });

  it("can fail for part of a bulk", async () => {
    world.cloud.faults.inject({ kind: "partialFailure", service: "es", operation: "bulk", times: 1 });
    const body = ["x", "y"].flatMap((_id) => [{ index: { _index: "assets", _id } }, { name: _id }]);
    const { items, errors: failed } = (await world.search.bulk({ body })).body;
    expect(failed).to.equal(true);
    expect(items.map((item) => item.index?.status)).to.deep.equal([429, 201]);
  });

  it("leaves a trace of each call", async () => {
    await world.search.index({ index: "assets", id: "traced", body: { name: "a" } });
    const span = world.cloud.trace.recent(1)[0];
    expect(span).to.include({ service: "es", operation: "index", outcome: "done" });
    expect(span?.resource).to.equal(`${domainArn}/assets/_doc/traced`);
  });

  it("ends at 10 MiB, as on small instances", async () => {
    const body = [{ index: { _index: "assets" } }, { name: "x".repeat(10 * 2 ** 20) }];
    expect(await refused(world.search.bulk({ body }))).to.include({
      status: 413,
      reason: "Request size exceeded 10485760 bytes",
    });
  });

  it("takes what comes compressed", async () => {
    const compressing = world.clientOf("local", { compression: "gzip" });
    await compressing.index({ index: "assets", id: "z", body: { name: "zipped" } });
    expect((await world.search.get({ index: "assets", id: "z" })).body._source).to.deep.equal({ name: "zipped" });
  });

  it("is refused where the domain is gone", async () => {
    const other = await startSearchWorld();
    const client = other.clientOf("local");
    await client.info();
    await other.close();
    const error = await other
      .clientOf("local")
      .info()
      .then(
        () => undefined,
        (one: unknown) => one,
      );
    expect(error).to.be.instanceOf(errors.ConnectionError);
  });
});

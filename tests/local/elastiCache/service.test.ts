import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { connect as connectTls } from "node:tls";
import { expect } from "chai";
import { type CacheWorld, startCacheWorld } from "./world";

const declared = { "maxmemory-policy": "allkeys-lru", "notify-keyspace-events": "Ex", timeout: "300" };

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "accepted",
    (error: Error) => error.message,
  );

describe("a cache on the embedded cloud", () => {
  let world: CacheWorld;
  let made: Awaited<ReturnType<CacheWorld["makeCache"]>>;

  before(async () => {
    world = await startCacheWorld();
    made = await world.makeCache(declared, { numCacheClusters: 2, automaticFailoverEnabled: true });
  });
  after(() => world.close());
  afterEach(() => world.reset());

  it("says where it is", () => {
    expect(made.id).to.equal("cache");
    expect(made.outputs).to.include({
      arn: "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:cache",
      primaryEndpointAddress: "127.0.0.1",
      readerEndpointAddress: "127.0.0.1",
    });
    expect(made.outputs["memberClusters"]).to.deep.equal(["cache-001", "cache-002"]);
    expect(world.port(made)).not.to.equal(6379);
    expect(world.elastiCache.notices()).to.deep.equal([]);
  });

  it("is told of by the API of ElastiCache, with its address", async () => {
    const ask = async (fields: Record<string, string>) => {
      const response = await fetch(world.gateway.url, {
        method: "POST",
        headers: { authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/elasticache/aws4_request" },
        body: new URLSearchParams({ Action: "DescribeReplicationGroups", ...fields }),
      });
      return response.text();
    };
    for (const fields of [{}, { ReplicationGroupId: "cache" }]) {
      expect(await ask(fields))
        .to.include("<ReplicationGroups><ReplicationGroup><ReplicationGroupId>cache</ReplicationGroupId>")
        .and.include("<Status>available</Status><MemberClusters><ClusterId>cache-001</ClusterId><ClusterId>cache-002</")
        .and.include(`<PrimaryEndpoint><Address>127.0.0.1</Address><Port>${world.port(made)}</Port></PrimaryEndpoint>`)
        .and.include("<AutomaticFailover>enabled</AutomaticFailover><MultiAZ>disabled</MultiAZ>");
    }
    expect(await ask({ ReplicationGroupId: "none" })).to.include("<Code>ReplicationGroupNotFoundFault</Code>");
    expect(await ask({ MaxRecords: "20" })).to.include(
      "does not support the parameter MaxRecords of elasticache:DescribeReplicationGroups",
    );
  });

  it("keeps what it is given, for as long as it is told, and says what expired", async () => {
    const redis = await world.connect(made);
    const listener = await world.connect(made);
    await listener.subscribe("__keyevent@0__:expired");
    const told = once(listener, "message");
    await redis.set("data:AAPL:earnings", "[1]", "EX", 3_600);
    await redis.set("short", "x", "PX", 1);
    expect(await redis.get("data:AAPL:earnings")).to.equal("[1]");
    expect(await redis.ttl("data:AAPL:earnings")).to.equal(3_600);
    while (await redis.exists("short"));
    expect(await told).to.deep.equal(["__keyevent@0__:expired", "short"]);
  });

  it("has the parameters of the group that is attached to it, and a bound on its memory", async () => {
    const configured = async (name: string) =>
      (await world.elastiCache.ask("cache", "config", "get", name)) as Record<string, string> | string[];
    for (const [name, value] of [...Object.entries({ ...declared, "notify-keyspace-events": "xE" }), ["save", ""]])
      expect(Object.values(await configured(name ?? "")).at(-1), name).to.equal(value);
    expect(Object.values(await configured("maxmemory")).at(-1)).to.equal(String(384 * 1024 * 1024));
    expect(await refusal(Promise.resolve().then(() => world.elastiCache.ask("none", "ping")))).to.equal(
      "there is no cache none",
    );
  });

  it("lets nobody in without the token, with another one, or as somebody else", async () => {
    const stranger = await world.connect(made, { password: undefined }).catch((error: Error) => error);
    const reason = stranger instanceof Error ? stranger.message : await refusal(stranger.get("key"));
    expect(reason).to.match(/NOAUTH/);
    expect(await refusal(world.connect(made, { password: `${"w".repeat(40)}` }))).to.match(/WRONGPASS/);
    expect(await refusal(world.connect(made, { username: "cloud" }))).to.match(/WRONGPASS/);
  });

  it("keeps to itself what ElastiCache keeps to itself", async () => {
    const redis = await world.connect(made);
    for (const command of [["config", "get", "timeout"], ["save"], ["shutdown"], ["acl", "list"]])
      expect(await refusal(redis.call(...(command as [string])))).to.match(/^NOPERM/);
  });

  it("speaks TLS only, with a certificate that nobody trusts unasked", async () => {
    const plain = connectPlain(world.port(made), "127.0.0.1");
    plain.write("PING\r\n");
    let heard = "";
    plain.on("data", (chunk) => {
      heard += chunk;
    });
    await new Promise((closed) => plain.on("error", () => undefined).once("close", closed));
    expect(heard).not.to.match(/PONG|NOAUTH/);
    const unasked = connectTls({ port: world.port(made), host: "127.0.0.1" });
    expect((await once(unasked, "error"))[0]).to.have.property("code", "DEPTH_ZERO_SELF_SIGNED_CERT");
    const asked = connectTls({ port: world.port(made), host: "127.0.0.1", ca: await world.ca() });
    await once(asked, "secureConnect");
    expect(asked.getPeerCertificate().subjectaltname).to.equal("DNS:localhost, IP Address:127.0.0.1");
    asked.destroy();
  });

  it("refuses connections while it is stopped, and comes back empty under the same address", async () => {
    const redis = await world.connect(made);
    await redis.set("key", "value");
    const ended = once(redis, "end");
    await world.elastiCache.stop();
    await world.elastiCache.stop();
    await ended;
    expect(await refusal(world.connect(made))).to.match(/ECONNREFUSED/);
    await world.elastiCache.start();
    await world.elastiCache.start();
    expect(await (await world.connect(made)).get("key")).to.equal(null);
  });

  it("answers nothing while it is paused, and everything once it is resumed", async () => {
    const redis = await world.connect(made);
    world.elastiCache.pause();
    const heard: string[] = [];
    const answer = redis.set("key", "value").then(() => heard.push("answer"));
    const waiting = connectTls({ port: world.port(made), host: "127.0.0.1", ca: await world.ca() });
    const secured = once(waiting, "secureConnect").then(() => heard.push("TLS"));
    await once(waiting, "connect");
    expect(heard).to.deep.equal([]);
    world.elastiCache.resume();
    await Promise.all([answer, secured]);
    waiting.destroy();
    expect(await redis.get("key")).to.equal("value");
  });

  it("forgets everything on reset, and ends an outage", async () => {
    await (await world.connect(made)).set("key", "value");
    world.elastiCache.pause();
    await world.reset();
    const redis = await world.connect(made);
    expect(await redis.dbsize()).to.equal(0);
    await redis.set("key", "value");
    await world.elastiCache.stop();
    await world.reset();
    expect(await (await world.connect(made)).dbsize()).to.equal(0);
  });
});

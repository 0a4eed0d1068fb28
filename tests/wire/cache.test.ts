import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { resolve } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { expect } from "chai";
import { type Cache, makeCache } from "../../functions/processing/cache/cache";
import type { Place } from "../../functions/processing/cache/connection";
import { type CacheWorld, startCacheWorld, token } from "../local/elastiCache/world";
import { captureOutput, type Line } from "./output";
import { type TestRun, testRun } from "./run";

const key = "data:AAPL:earnings";
/** What a busy machine may add to a bound, in ms. */
const slack = 200;
const reports = [{ fiscalDate: "2026-06-30", figures: { reportedEps: 1.57 }, texts: {} }];

describe("the cache of fetched data", () => {
  let world: CacheWorld;
  let place: Place;
  let cache: Cache;
  let located: number;
  let now: number;
  let run: TestRun;
  const trusted = getCACertificates("default");
  /** By other suites of this process: their certificate bears the same name as ours, and would be taken for it. */
  let trustedBefore: string[];

  before(async () => {
    trustedBefore = getCACertificates("default");
    world = await startCacheWorld();
    const { outputs } = await world.makeCache({ "maxmemory-policy": "allkeys-lru" });
    place = { host: String(outputs["primaryEndpointAddress"]), port: Number(outputs["port"]), token };
    setDefaultCACertificates([...trusted, await world.ca()]);
  });
  after(async () => {
    setDefaultCACertificates(trustedBefore);
    await world.close();
  });
  beforeEach(() => {
    now = 1_790_000_000_000;
    located = 0;
    run = testRun(now, { now: () => now });
    cache = makeCache(async () => {
      located++;
      return place;
    });
  });
  afterEach(async () => {
    cache.close();
    await world.reset();
  });

  /** Uses the cache that cannot be used; tells how long that took, and what was logged. */
  const inVain = async (): Promise<{ ms: number; lines: Line[] }> => {
    const startedAt = performance.now();
    const { result, lines } = await captureOutput(() => cache.get(key, run));
    expect(result).to.equal(undefined);
    return { ms: performance.now() - startedAt, lines };
  };
  const connections = async (): Promise<number> =>
    String(await world.elastiCache.ask("cache", "client", "list"))
      .trim()
      .split("\n")
      .filter((line) => !line.includes("user=cloud")).length;

  it("keeps what was fetched for an hour, and counts hits and misses", async () => {
    expect(await cache.get(key, run)).to.equal(undefined);
    await cache.put(key, reports, 3_600, run);
    expect(await cache.get(key, run)).to.deep.equal(reports);
    expect(await world.elastiCache.ask("cache", "ttl", key)).to.equal(3_600);
    expect(await world.elastiCache.ask("cache", "keys", "*")).to.deep.equal([key]);
    expect(run.counted).to.deep.equal({ CacheHits: 1, CacheMisses: 1 });
  });

  it("misses what was evicted, and what is none of ours", async () => {
    await cache.put(key, reports, 3_600, run);
    await world.elastiCache.ask("cache", "flushall");
    expect(await cache.get(key, run)).to.equal(undefined);
    await world.elastiCache.ask("cache", "set", key, "{cut off");
    expect(await cache.get(key, run)).to.equal(undefined);
    expect(run.counted).to.deep.equal({ CacheMisses: 2 });
  });

  it("connects on first use and once, however many ask at the same moment", async () => {
    expect([located, await connections()]).to.deep.equal([0, 0]);
    await Promise.all(Array.from({ length: 20 }, () => cache.get(key, run)));
    expect([located, await connections()]).to.deep.equal([1, 1]);
    expect(run.counted).to.deep.equal({ CacheMisses: 20 });
  });

  it("leaves a cache that is down alone for 30 seconds, says so once, and says when it is back", async () => {
    await cache.put(key, reports, 3_600, run);
    await world.elastiCache.stop();
    const first = await inVain();
    expect(first.ms).to.be.lessThan(1_000);
    expect(first.lines).to.have.length(1);
    expect(first.lines[0]).to.include({
      level: "WARN",
      message: "the cache does not answer; work goes on without it",
      leftAloneMs: 30_000,
    });
    now += 29_999;
    await cache.put(key, reports, 3_600, run);
    expect((await inVain()).lines).to.deep.equal([]);
    const before = located;
    now += 1;
    expect((await inVain()).lines).to.deep.equal([]);
    expect(located).to.be.greaterThan(before);
    await world.elastiCache.start();
    now += 30_000;
    const { lines } = await captureOutput(() => cache.put(key, reports, 3_600, run));
    expect(lines.map(({ message }) => message)).to.deep.equal(["the cache answers again"]);
    expect(await cache.get(key, run)).to.deep.equal(reports);
    expect(run.counted).to.deep.equal({ CacheHits: 1, CacheFailures: 4 });
    await world.elastiCache.stop();
    now += 1;
    expect((await inVain()).lines).to.have.length(1);
  });

  it("waits no longer than a quarter of a second for an answer, and half a second for a connection", async () => {
    await cache.get(key, run);
    world.elastiCache.pause();
    const asked = await inVain();
    expect(asked.ms).to.be.within(200, 450 + slack);
    expect(asked.lines[0]?.["reason"]).to.include("Command timed out");
    now += 30_000;
    expect((await inVain()).ms).to.be.within(400, 700 + slack);
    now += 1;
    expect((await inVain()).ms).to.be.lessThan(slack);
    world.elastiCache.resume();
    now += 30_000;
    await captureOutput(() => cache.put(key, reports, 3_600, run));
    expect(await cache.get(key, run)).to.deep.equal(reports);
  });

  it("is no failure where the connection was closed meanwhile, or could be after a long silence", async () => {
    await cache.get(key, run);
    await world.elastiCache.ask("cache", "client", "kill", "type", "normal");
    while ((await connections()) > 0);
    await new Promise(setImmediate);
    await cache.get(key, run);
    expect(located).to.equal(2);
    now += 240_000;
    await cache.get(key, run);
    expect(located).to.equal(2);
    now += 240_001;
    await cache.get(key, run);
    expect([located, await connections()]).to.deep.equal([3, 1]);
    expect(run.counted).to.deep.equal({ CacheMisses: 4 });
  });

  it("fails, and tells no secret, where the token is another or cannot be read", async () => {
    place = { ...place, token: "marked-token-marked-token" };
    const wrong = await inVain();
    expect(wrong.lines[0]?.["reason"]).to.include("WRONGPASS");
    place = { ...place, token };
    cache = makeCache(async () => {
      throw new Error("no secret for you");
    });
    const unread = await inVain();
    expect(unread.lines[0]?.["reason"]).to.include("no secret for you");
    cache = makeCache();
    const undeclared = await inVain();
    expect(undeclared.lines[0]?.["reason"]).to.include("environment variable CACHE_HOST is not set");
    expect(JSON.stringify([wrong, unread, undeclared])).not.to.include("marked");
    expect(run.counted).to.deep.equal({ CacheFailures: 3 });
  });

  it("sends nothing to a server that it does not trust", async () => {
    setDefaultCACertificates(trusted);
    try {
      const { lines } = await inVain();
      expect(lines[0]?.["reason"]).to.include("self-signed certificate");
    } finally {
      setDefaultCACertificates([...trusted, await world.ca()]);
    }
  });

  it("keeps no process alive", async () => {
    const user = fork(resolve(__dirname, "cacheUser.ts"), [JSON.stringify(place)], {
      execArgv: ["-r", resolve(__dirname, "../../local/engine/typescript.cjs")],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: await world.elastiCache.certificate() },
    });
    const ended = once(user, "exit");
    const [told] = await once(user, "message");
    expect(told).to.deep.equal({ CacheMisses: 1 });
    user.disconnect();
    expect(await ended).to.deep.equal([0, null]);
  });

  describe("behind something that speaks no TLS", () => {
    let server: Server;
    const sockets: Socket[] = [];

    before(async () => {
      server = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
      await once(server, "listening");
    });
    after(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });

    it("is given up in time, and the connection with it", async () => {
      const address = server.address();
      const other = { ...place, port: typeof address === "object" && address ? address.port : 0 };
      cache = makeCache(async () => other);
      expect((await inVain()).ms).to.be.within(400, 700 + slack);
      expect(sockets).to.have.length(1);
      for (const socket of sockets) {
        socket.resume();
        if (!socket.destroyed) await once(socket, "close");
      }
    });
  });
});

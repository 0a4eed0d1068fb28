import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { alive, family, listeningAddresses } from "../program/started";
import { aGroup, groupType, startCacheWorld, token } from "./world";

const register = resolve(__dirname, "../../../local/engine/typescript.cjs");

describe("the process of a cache", () => {
  it("is not there where redis-server is not installed: connections are refused, and the reason is told", async () => {
    const world = await startCacheWorld({ path: "/nowhere:/nor/here" });
    try {
      expect(world.elastiCache.notices()).to.deep.equal([]);
      const made = await world.makeCache();
      expect(world.elastiCache.notices()).to.have.length(1);
      expect(world.elastiCache.notices()[0])
        .to.include("apt-get install redis-server")
        .and.include("brew install redis");
      const reason = await world.connect(made).catch((error: Error) => error.message);
      expect(reason).to.include("ECONNREFUSED");
      world.elastiCache.pause();
      world.elastiCache.resume();
      await world.elastiCache.start();
      await world.reset();
    } finally {
      await world.close();
    }
  });

  it("says why it does not come up, and repeats no secret", async () => {
    const path = await mkdtemp(join(tmpdir(), "elasticache-path-"));
    await writeFile(join(path, "redis-server"), "#!/bin/sh\ncat\necho this one knows no TLS\nexit 1\n", {
      mode: 0o755,
    });
    const world = await startCacheWorld({ path });
    try {
      const reason = await world.makeCache().catch((error: Error) => error.message);
      expect(reason).to.match(/^redis-server does not come up: .*this one knows no TLS$/);
      expect(reason).not.to.include(token);
    } finally {
      await world.close();
      await rm(path, { recursive: true });
    }
  });

  it("keeps its keys across restarts where it is given a folder", async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), "elasticache-data-"));
    try {
      const first = await startCacheWorld({ dataFolder });
      await (await first.connect(await first.makeCache())).set("key", "kept");
      await first.close();
      const second = await startCacheWorld({ dataFolder });
      const redis = await second.connect(await second.makeCache());
      expect(await redis.get("key")).to.equal("kept");
      await second.reset();
      expect(await redis.get("key")).to.equal(null);
      await second.close();
    } finally {
      await rm(dataFolder, { recursive: true, force: true });
    }
  });

  it("listens on the loopback interface only, shows no token, and dies with a cloud that is killed", async () => {
    const left = await mkdtemp(join(tmpdir(), "elasticache-left-"));
    const child = fork(resolve(__dirname, "left.ts"), {
      execArgv: ["-r", register],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: { ...process.env, TMPDIR: left },
    });
    await once(child, "message");
    const processes = family(child.pid ?? 0);
    expect(processes.length).to.be.greaterThan(1);
    for (const pid of processes) expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.to.include(token);
    expect([...new Set(listeningAddresses(processes))]).to.deep.equal(["0100007F"]);
    child.kill("SIGKILL");
    await once(child, "exit");
    while (processes.some(alive)) await new Promise(setImmediate);
    await rm(left, { recursive: true });
  });

  it("is one for each cache, which cannot be declared without its groups", async () => {
    const world = await startCacheWorld();
    try {
      const made = await world.makeCache();
      const other = await world.declare(groupType, "other", aGroup({ replicationGroupId: "other" }));
      expect(world.port(other)).not.to.equal(world.port(made));
      await (await world.connect(made)).set("key", "value");
      expect(await (await world.connect(other)).get("key")).to.equal(null);
      for (const [over, reason] of [
        [{ parameterGroupName: "none" }, "CacheParameterGroup none not found."],
        [{ subnetGroupName: "none" }, "CacheSubnetGroup none not found."],
      ] as const) {
        const refused = await world.declare(groupType, "third", aGroup(over)).catch((error: Error) => error.message);
        expect(refused).to.equal(reason);
      }
    } finally {
      await world.close();
    }
  });
});

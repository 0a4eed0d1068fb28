import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SplitShardCommand } from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { Cloud } from "../../../local/cloud/cloud";
import { Journal } from "../../../local/cloud/journal";
import { createKinesis } from "../../../local/kinesis/service";
import { settingsByDefault } from "../../../local/kinesis/settings";
import { streamMetrics } from "../../../local/kinesis/streamMetrics";
import { Streams } from "../../../local/kinesis/streams";
import { KeptCheckpoints } from "../../../local/lambda/keptCheckpoints";
import { type MappingWorld, startMappingWorld, telling } from "./mappingWorld";
import { shardId, streamType } from "./world";

describe("streams that are kept in a file", () => {
  let folder: string;
  const opened: { close: () => unknown; cloud: Cloud }[] = [];
  const open = () => {
    const cloud = new Cloud();
    const { streams, resources, close } = createKinesis(cloud, { journal: join(folder, "streams.jsonl") });
    const declare = (inputs: Record<string, unknown>) =>
      resources[streamType]?.({ type: streamType, name: "s", inputs: { name: "s", ...inputs } });
    const all = () => streams.existing("s").shards.map(({ records }) => records.map(({ data }) => data));
    const put = (...data: string[]) =>
      streams.put(
        "s",
        data.map((one) => ({ partitionKey: one, data: one, bytes: 1 })),
      );
    opened.push({ close, cloud });
    return { cloud, streams, declare, all, put };
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-streams-"));
  });
  afterEach(() => {
    for (const { close, cloud } of opened.splice(0)) {
      close();
      cloud.clock.stop();
    }
    rmSync(folder, { recursive: true });
  });

  it("have their records again, and number on from the last of them", () => {
    const first = open();
    first.declare({ shardCount: 1 });
    const [one] = first.put("a");
    const second = open();
    second.declare({ shardCount: 1 });
    expect(second.all()).to.deep.equal([["a"]]);
    const [two] = second.put("b");
    if (!one || !two || one instanceof Error || two instanceof Error) throw new Error("a record was refused");
    expect(two.sequenceNumber > one.sequenceNumber).to.equal(true);
    expect(second.all()).to.deep.equal([["a", "b"]]);
  });

  it("number on also where all records were let go in between", async () => {
    const first = open();
    first.declare({ shardCount: 1 });
    const [one] = first.put("a");
    first.streams.empty();
    const second = open();
    const [two] = second.put("b");
    if (!one || !two || one instanceof Error || two instanceof Error) throw new Error("a record was refused");
    expect(two.sequenceNumber > one.sequenceNumber).to.equal(true);
  });

  it("take over what is declared now, with as many shards", () => {
    open().declare({ shardCount: 2, retentionPeriod: 48 });
    const second = open();
    second.declare({ shardCount: 3, retentionPeriod: 24 });
    const { settings, shards } = second.streams.existing("s");
    expect(settings.retentionHours).to.equal(24);
    expect(shards.filter(({ closedAt }) => closedAt === undefined).length).to.equal(3);
    const third = open();
    third.declare({ shardCount: 3 });
    expect(third.streams.existing("s").shards.length).to.equal(5);
  });

  it("are gone for good once they were dropped", () => {
    const first = open();
    first.declare({ shardCount: 1 });
    first.streams.drop("s");
    expect(open().streams.has("s")).to.equal(false);
  });

  it("do not make the file longer than what it still tells, and keep it to its owner", () => {
    const path = join(folder, "long.jsonl");
    const cloud = new Cloud();
    const streams = new Streams(
      cloud,
      streamMetrics(Date.now, () => undefined),
      new Journal(path),
      20_000,
    );
    opened.push({ close: () => streams.close(), cloud });
    streams.create("s", { ...settingsByDefault, mode: "ON_DEMAND" }, 1);
    for (let at = 0; at < 100; at++) {
      streams.put("s", [{ partitionKey: "a", data: "x".repeat(1_000), bytes: 1_000 }]);
      streams.empty();
    }
    expect(readFileSync(path).length).to.be.lessThan(20_000);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });
});

describe("how far a function is with a stream", () => {
  let folder: string;
  const worlds: MappingWorld[] = [];
  const open = async (): Promise<MappingWorld> => {
    const world = await startMappingWorld(folder);
    worlds.push(world);
    return world;
  };
  /** As by kill -9: nothing of it happens any more, and nothing was tidied up. */
  const kill = ({ cloud }: MappingWorld) => cloud.clock.stop();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-checkpoints-"));
  });
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.close();
    rmSync(folder, { recursive: true });
  });

  it("is known after a kill: it goes on with what it was not done with, in the middle of a batch too", async () => {
    const first = await open();
    const partial = { functionResponseTypes: ["ReportBatchItemFailures"], batchSize: 3 };
    await first.map("work", telling('return reporting("bad");'), partial);
    await first.put("work", "a:1", "a:2", "a:3", "a:4", "a:bad", "a:6");
    await first.idle();
    kill(first);
    const second = await open();
    await second.map("work", telling(""), partial);
    await second.idle();
    expect(second.heard("work")).to.deep.equal([["bad", "6"]]);
    await second.put("work", "a:7");
    await second.idle();
    expect(second.heard("work")).to.deep.equal([["bad", "6"], ["7"]]);
  });

  it("begins at the latest record of the first time, not of the second", async () => {
    const first = await open();
    await first.map("late", telling(""), { startingPosition: "LATEST", enabled: false });
    await first.put("late", "a:1");
    kill(first);
    const second = await open();
    await second.map("late", telling(""), { startingPosition: "LATEST" });
    await second.idle();
    expect(second.heard("late")).to.deep.equal([["1"]]);
  });

  it("takes up every key with another number of lanes, and shards that came meanwhile", async () => {
    const first = await open();
    await first.map("lanes", telling(""), { parallelizationFactor: 2 });
    await first.put("lanes", "a:1", "b:1");
    await first.idle();
    await first.enable("lanes", false);
    await first.put("lanes", "a:2", "b:2", "c:2");
    await first.api.send(
      new SplitShardCommand({
        StreamName: "lanes",
        ShardToSplit: shardId(0),
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    await first.put("lanes", "a:3", "b:3", "c:3");
    kill(first);
    const second = await open();
    const stream = { shardCount: 2 };
    await second.map("lanes", telling(""), { parallelizationFactor: 5 }, stream);
    await second.idle();
    const heard = second.heard("lanes").flat();
    for (const round of ["2", "3"]) expect(heard.filter((text) => text === round).length).to.equal(3);
    expect(heard.lastIndexOf("2")).to.be.lessThan(heard.indexOf("3"));
  });

  it("is cut down to where it is now at each start", () => {
    const path = join(folder, "checkpoints.jsonl");
    const about = { functionName: "f", sourceArn: "s", shardId: "0" };
    const first = new KeptCheckpoints(new Journal(path));
    for (let at = 0; at < 50; at++) first.put({ ...about, lanes: [String(at)] });
    first.close();
    const second = new KeptCheckpoints(new Journal(path));
    expect(second.find(about)).to.deep.equal(["49"]);
    expect(readFileSync(path, "utf8").trim().split("\n").length).to.equal(1);
    second.close();
  });
});

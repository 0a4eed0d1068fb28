import {
  GetRecordsCommand,
  type GetShardIteratorCommandInput,
  MergeShardsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { asText, failure, shardId, startWorld, type World } from "./world";

describe("Kinesis shard iterators", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  const read = async (ShardIterator: string) => {
    const { Records = [], ...rest } = await world.api.send(new GetRecordsCommand({ ShardIterator }));
    return { texts: Records.map(({ Data }) => asText(Data)), ...rest };
  };

  it("begin at the horizon, at the end, at or after a number, at a time", async () => {
    await world.stream("begin");
    const [, two] = await world.put("begin", "a:1", "a:2");
    await world.later(10);
    const moment = world.cloud.clock.now();
    await world.put("begin", "a:3");
    await world.later(1);
    const from = async (more: Partial<GetShardIteratorCommandInput>) => {
      await world.later(1);
      return (await read(await world.iterator("begin", shardId(0), more))).texts;
    };
    const StartingSequenceNumber = two?.sequence;
    expect(await from({ ShardIteratorType: "TRIM_HORIZON" })).to.deep.equal(["1", "2", "3"]);
    expect(await from({ ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber })).to.deep.equal(["2", "3"]);
    expect(await from({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber })).to.deep.equal(["3"]);
    expect(await from({ ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(moment) })).to.deep.equal(["3"]);
    const later = new Date(world.cloud.clock.now() - 500);
    expect(await from({ ShardIteratorType: "AT_TIMESTAMP", Timestamp: later })).to.deep.equal([]);
    const latest = await world.iterator("begin", shardId(0), { ShardIteratorType: "LATEST" });
    await world.put("begin", "a:4");
    expect((await read(latest)).texts).to.deep.equal(["4"]);
  });

  it("lead through a shard page by page, and end where it was closed, naming what follows", async () => {
    await world.stream("paged");
    await world.put("paged", "a:1", "a:2", "a:3");
    const first = await world.api.send(
      new GetRecordsCommand({ ShardIterator: await world.iterator("paged", shardId(0)), Limit: 2 }),
    );
    expect(first.Records?.length).to.equal(2);
    const NewStartingHashKey = String(2n ** 127n);
    await world.api.send(new SplitShardCommand({ StreamName: "paged", ShardToSplit: shardId(0), NewStartingHashKey }));
    const last = await read(first.NextShardIterator ?? "");
    expect(last.texts).to.deep.equal(["3"]);
    expect(last.NextShardIterator).to.equal(undefined);
    expect(last.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).to.deep.equal([
      [shardId(1), [shardId(0)]],
      [shardId(2), [shardId(0)]],
    ]);
    const [put] = await world.put("paged", "a:4");
    expect([shardId(1), shardId(2)]).to.include(put?.shard);
    expect(String(put?.sequence) > String(first.Records?.at(-1)?.SequenceNumber)).to.equal(true);
  });

  it("expire after five minutes, by the cloud's clock", async () => {
    await world.stream("fresh");
    const iterator = await world.iterator("fresh", shardId(0));
    await world.later(299);
    await read(iterator);
    await world.later(2);
    const expired = await failure(read(iterator));
    expect(expired.name).to.equal("ExpiredIteratorException");
    expect(expired.message).to.match(
      /^Iterator expired. The iterator was created at time \w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4} while right now it is .* which is further in the future than the tolerated delay of 300000 milliseconds.$/,
    );
  });

  it("are refused where they are none, or ask for what cannot be", async () => {
    await world.stream("asked", { shardCount: 2 });
    const [put] = await world.put("asked", "a:1");
    const other = put?.shard === shardId(0) ? shardId(1) : shardId(0);
    const refused = async (shard: string, more: Partial<GetShardIteratorCommandInput>) =>
      (await failure(world.iterator("asked", shard, more))).message;
    const StartingSequenceNumber = put?.sequence;
    expect(await refused(shardId(0), { ShardIteratorType: "LATEST", StartingSequenceNumber })).to.equal(
      "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified LATEST and also a StartingSequenceNumber.",
    );
    expect(await refused(shardId(0), { ShardIteratorType: "AT_SEQUENCE_NUMBER" })).to.match(
      /Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber.$/,
    );
    const at = { ShardIteratorType: "AT_SEQUENCE_NUMBER" as const };
    expect(await refused(other, { ...at, StartingSequenceNumber })).to.equal(
      `Invalid StartingSequenceNumber. It encodes ${put?.shard}, while it was used in a call to a shard with ${other}`,
    );
    expect(await refused(shardId(0), { ...at, StartingSequenceNumber: "7" })).to.equal(
      "StartingSequenceNumber 7 used in GetShardIterator on shard shardId-000000000000 in stream asked under account 123456789012 is invalid.",
    );
    expect(await refused(shardId(0), { ShardIteratorType: "AT_TIMESTAMP" })).to.include("Timestamp must be provided");
    const Timestamp = new Date(world.cloud.clock.now() + 60_000);
    expect(await refused(shardId(0), { ShardIteratorType: "AT_TIMESTAMP", Timestamp })).to.include("in the future");
    expect(await refused(shardId(7), {})).to.equal(
      "Shard shardId-000000000007 in stream asked under account 123456789012 does not exist",
    );
    expect(await refused("nothing", {})).to.include("Shard nothing in stream asked");
    expect((await failure(read("bm90IG9uZQ=="))).message).to.equal("Invalid ShardIterator.");
  });

  it("meet shards that were split, merged and counted anew, with AWS's refusals", async () => {
    await world.stream("shaped", { shardCount: 4 });
    const StreamName = "shaped";
    const split = (ShardToSplit: string, NewStartingHashKey: string) =>
      world.api.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));
    const merge = (ShardToMerge: string, AdjacentShardToMerge: string) =>
      world.api.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
    const count = (TargetShardCount: number) =>
      world.api.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: "UNIFORM_SCALING" }));
    expect((await failure(split(shardId(1), "5"))).message).to.match(
      /^NewStartingHashKey 5 used in SplitShard\(\) on shard shardId-000000000001 in stream shaped .* is not both greater than one plus/,
    );
    expect((await failure(merge(shardId(0), shardId(2)))).message).to.equal(
      "Shards shardId-000000000000 and shardId-000000000002 in stream shaped under account 123456789012 are not an adjacent pair of shards eligible for merging",
    );
    expect((await failure(split(shardId(9), "5"))).message).to.equal(
      "Could not find shard shardId-000000000009 in stream shaped under account 123456789012.",
    );
    await merge(shardId(1), shardId(0));
    expect(await world.openShards(StreamName)).to.deep.equal([shardId(2), shardId(3), shardId(4)]);
    expect((await failure(merge(shardId(1), shardId(0)))).message).to.include("has already been merged or split");
    expect((await failure(count(7))).message).to.equal(
      "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 3, Target shard count: 7",
    );
    expect((await failure(count(1))).message).to.match(/^UpdateShardCount cannot scale down below half/);
    expect((await failure(count(10_001))).message).to.match(/cannot be greater than 10000/);
    expect(await count(5)).to.include({ CurrentShardCount: 3, TargetShardCount: 5, StreamName });
    expect(await world.openShards(StreamName)).to.have.length(5);
    await world.stream("grown", { streamModeDetails: { streamMode: "ON_DEMAND" } });
    const onDemand = new SplitShardCommand({ StreamName: "grown", ShardToSplit: shardId(0), NewStartingHashKey: "9" });
    expect((await failure(world.api.send(onDemand))).message).to.include("is in On-Demand mode");
  });
});

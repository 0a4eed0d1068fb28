import { createHash } from "node:crypto";
import { GetRecordsCommand, PutRecordCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { Clock } from "../../../local/cloud/clock";
import { arnOf, asText, failure, shardId, startWorld, type World } from "./world";

describe("Kinesis records", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  it("come out of their shard in the order in which they went in, with numbers that grow", async () => {
    await world.stream("order");
    const put = await world.put("order", "a:1", "b:2", "a:3");
    const again = await world.put("order", "c:4");
    const numbers = [...put, ...again].map(({ sequence }) => sequence);
    expect(numbers).to.deep.equal([...numbers].sort());
    expect(new Set(numbers).size).to.equal(4);
    for (const number of numbers) expect(number).to.match(/^\d{56}$/);
    expect(await world.texts("order")).to.deep.equal(["1", "2", "3", "4"]);
  });

  it("go to the shard that their key's MD5 falls into, or to the one that they name", async () => {
    await world.stream("hashed", { shardCount: 4 });
    const keys = Array.from({ length: 40 }, (_, at) => `user-${at}`);
    const put = await world.put("hashed", ...keys.map((key) => `${key}:x`));
    const expected = keys.map((key) => {
      const hash = BigInt(`0x${createHash("md5").update(key).digest("hex")}`);
      return shardId(Number(hash / 2n ** 126n));
    });
    expect(put.map(({ shard }) => shard)).to.deep.equal(expected);
    const named = await world.api.send(
      new PutRecordCommand({
        StreamARN: arnOf("hashed"),
        PartitionKey: "user-0",
        ExplicitHashKey: String(2n ** 128n - 1n),
        Data: Buffer.from("last"),
      }),
    );
    expect(named.ShardId).to.equal(shardId(3));
    expect(named.EncryptionType).to.equal("NONE");
  });

  it("say when they arrived, by the cloud's clock, and how far behind a reader is", async () => {
    await world.stream("late");
    const [first] = await world.put("late", "a:1");
    await world.later(30);
    await world.put("late", "a:2");
    await world.later(5);
    const ShardIterator = await world.iterator("late", first?.shard ?? "");
    const page = await world.api.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
    expect(page.Records?.map(({ Data }) => asText(Data))).to.deep.equal(["1"]);
    expect(page.MillisBehindLatest).to.be.within(5_000, 6_000);
    const rest = await world.api.send(new GetRecordsCommand({ ShardIterator: page.NextShardIterator ?? "" }));
    expect(rest.Records?.map(({ Data }) => asText(Data))).to.deep.equal(["2"]);
    expect(rest.MillisBehindLatest).to.equal(0);
    const [one] = page.Records ?? [];
    const [two] = rest.Records ?? [];
    const apart = Number(two?.ApproximateArrivalTimestamp) - Number(one?.ApproximateArrivalTimestamp);
    expect(apart).to.be.within(30_000, 31_000);
  });
});

/** Goes only when it is turned: how much a second takes does not depend on how fast the machine is. */
const standing = (): Clock => {
  const moment = Date.now();
  return new Clock(() => moment);
};

describe("Kinesis' limits", () => {
  let world: World;
  before(async () => {
    world = await startWorld(standing());
  });
  after(() => world.close());

  const entry = (data: string, PartitionKey = "a") => ({ PartitionKey, Data: Buffer.from(data) });

  it("are a thousand records and a megabyte a second for a shard, each record for itself", async () => {
    await world.stream("busy", { shardCount: 2 });
    await world.later(1 - (world.cloud.clock.now() % 1_000) / 1_000);
    const full = Array.from({ length: 500 }, () => ({ ...entry("x"), ExplicitHashKey: "0" }));
    const put = (Records: typeof full) => world.api.send(new PutRecordsCommand({ StreamName: "busy", Records }));
    expect((await put(full)).FailedRecordCount).to.equal(0);
    expect((await put(full)).FailedRecordCount).to.equal(0);
    const other = { ...entry("y"), ExplicitHashKey: String(2n ** 128n - 1n) };
    const over = await put([...full.slice(0, 1), other]);
    expect(over.FailedRecordCount).to.equal(1);
    expect(over.Records?.[0]).to.deep.equal({
      ErrorCode: "ProvisionedThroughputExceededException",
      ErrorMessage: "Rate exceeded for shard shardId-000000000000 in stream busy under account 123456789012.",
    });
    expect(over.Records?.[1]?.ShardId).to.equal(shardId(1));
    const exceeded = world.metrics.filter(({ name }) => name === "WriteProvisionedThroughputExceeded");
    expect(exceeded.at(-1)?.values).to.deep.equal([1]);
    await world.later(1);
    expect((await put(full)).FailedRecordCount).to.equal(0);
    await world.later(1);
    const large = (key: string) => ({ ...entry("x".repeat(600_000)), ExplicitHashKey: key });
    expect((await put([large("0"), large("1")])).FailedRecordCount).to.equal(1);
    const single = await failure(world.api.send(new PutRecordCommand({ StreamName: "busy", ...large("0") })));
    expect(single.name).to.equal("ProvisionedThroughputExceededException");
  });

  it("are none for what a stream on demand takes", async () => {
    await world.stream("free", { streamModeDetails: { streamMode: "ON_DEMAND" } });
    const Records = Array.from({ length: 500 }, () => entry("x"));
    for (let at = 0; at < 4; at++) {
      const { FailedRecordCount } = await world.api.send(new PutRecordsCommand({ StreamName: "free", Records }));
      expect(FailedRecordCount).to.equal(0);
    }
  });

  it("are AWS's for a record and for a call", async () => {
    await world.stream("small");
    const put = (Records: ReturnType<typeof entry>[]) =>
      failure(world.api.send(new PutRecordsCommand({ StreamName: "small", Records })));
    expect((await put(Array.from({ length: 501 }, () => entry("x")))).message).to.equal(
      "1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have length less than or equal to 500",
    );
    expect((await put([entry("x"), entry("x".repeat(2 ** 20))])).message).to.equal(
      "1 validation error detected: Value at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    );
    expect((await put([entry("x", "")])).message).to.include(
      "Value '' at 'records.1.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    await world.stream("large", { shardCount: 1, maxRecordSizeInKib: 10_240 });
    const two = { StreamName: "large", Records: [entry("x".repeat(6_000_000)), entry("x".repeat(6_000_000))] };
    const much = await failure(world.api.send(new PutRecordsCommand(two)));
    expect([much.name, much.message]).to.deep.equal(["InvalidArgumentException", "Records size exceeds 10 MB limit"]);
    const far = { StreamName: "small", ...entry("x"), ExplicitHashKey: String(2n ** 128n) };
    expect((await failure(world.api.send(new PutRecordCommand(far)))).message).to.equal(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${2n ** 128n}`,
    );
  });

  it("are five reads a second for a shard, and two megabytes", async () => {
    await world.stream("read", { shardCount: 1, maxRecordSizeInKib: 10_240 });
    await world.put("read", `a:${"x".repeat(5_000_000)}`);
    await world.later(2 - (world.cloud.clock.now() % 1_000) / 1_000);
    const latest = await world.iterator("read", shardId(0), { ShardIteratorType: "LATEST" });
    const read = (ShardIterator: string) => world.api.send(new GetRecordsCommand({ ShardIterator }));
    for (let at = 0; at < 5; at++) await read(latest);
    const refused = await failure(read(latest));
    expect([refused.name, refused.message]).to.deep.equal([
      "ProvisionedThroughputExceededException",
      "Rate exceeded for shard shardId-000000000000 in stream read under account 123456789012.",
    ]);
    expect(world.metrics.at(-1)).to.include({ name: "ReadProvisionedThroughputExceeded" });
    await world.later(1);
    expect((await read(await world.iterator("read", shardId(0)))).Records?.length).to.equal(1);
    await world.later(1);
    expect((await failure(read(latest))).name).to.equal("ProvisionedThroughputExceededException");
    await world.later(2);
    expect((await read(latest)).Records).to.deep.equal([]);
  });

  it("fail in part on purpose, each record by itself", async () => {
    await world.stream("faulty");
    const fault = world.cloud.faults.inject({ kind: "partialFailure", service: "kinesis", times: 1 });
    const { FailedRecordCount, Records = [] } = await world.api.send(
      new PutRecordsCommand({ StreamName: "faulty", Records: [entry("lost"), entry("kept")] }),
    );
    fault.remove();
    expect([FailedRecordCount, Records.map(({ ErrorCode }) => ErrorCode)]).to.deep.equal([
      1,
      ["InternalFailure", undefined],
    ]);
    expect(await world.texts("faulty")).to.deep.equal(["kept"]);
  });
});

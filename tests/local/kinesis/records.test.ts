import { createHash } from "node:crypto";
import { GetRecordsCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { arnOf, asText, shardId, startWorld, type World } from "./world";

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

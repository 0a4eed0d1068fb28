import { expect } from "chai";
import { type MappingWorld, startMappingWorld, telling } from "./mappingWorld";
import { arnOf } from "./world";

describe("an event source mapping of a stream", () => {
  let world: MappingWorld;
  before(async () => {
    world = await startMappingWorld();
  });
  after(() => world.close());

  it("hands records on as AWS writes them", async () => {
    const handler =
      'async (event) => { console.log("batch " + Buffer.from(JSON.stringify(event)).toString("base64")); }';
    await world.map("shape", handler);
    await world.put("shape", "user-1:hello");
    await world.idle();
    const [[event = ""] = []] = world.heard("shape");
    const { Records, ...more } = JSON.parse(Buffer.from(event, "base64").toString());
    expect(more).to.deep.equal({});
    const [{ kinesis, eventID, ...record }] = Records;
    const { sequenceNumber, approximateArrivalTimestamp, ...rest } = kinesis;
    expect(rest).to.deep.equal({ kinesisSchemaVersion: "1.0", partitionKey: "user-1", data: "aGVsbG8=" });
    expect(sequenceNumber).to.match(/^\d{56}$/);
    expect(approximateArrivalTimestamp * 1_000).to.be.closeTo(world.cloud.clock.now(), 10_000);
    expect(eventID).to.equal(`shardId-000000000000:${sequenceNumber}`);
    expect(record).to.deep.equal({
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventName: "aws:kinesis:record",
      invokeIdentityArn: "arn:aws:iam::123456789012:role/worker",
      awsRegion: "us-east-1",
      eventSourceARN: arnOf("shape"),
    });
  });

  it("tries a batch that fails again, whole and in order, before anything that follows", async () => {
    await world.map(
      "again",
      telling('globalThis.n = (globalThis.n ?? 0) + 1; if (globalThis.n < 3) throw new Error("no");'),
      {
        batchSize: 2,
      },
    );
    await world.put("again", "a:1", "b:2", "c:3");
    await world.settle();
    expect(world.heard("again")).to.deep.equal([["1", "2"], ["1", "2"], ["1", "2"], ["3"]]);
  });
});

import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { type MappingWorld, startMappingWorld, telling } from "./mappingWorld";
import { arnOf, failure, streamType } from "./world";

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

  it("goes on after the last record before the first at which the function failed", async () => {
    const handler = telling(
      'globalThis.n = (globalThis.n ?? 0) + 1; return globalThis.n < 2 ? reporting("3", "2") : {};',
    );
    await world.map("partial", handler, { functionResponseTypes: ["ReportBatchItemFailures"] });
    await world.put("partial", "a:1", "b:2", "c:3", "d:4");
    await world.settle();
    expect(world.heard("partial")).to.deep.equal([
      ["1", "2", "3", "4"],
      ["2", "3", "4"],
    ]);
  });

  it("takes an answer that names no record of the batch for a failure of all of it", async () => {
    const handler = telling(
      'globalThis.n = (globalThis.n ?? 0) + 1; if (globalThis.n < 2) return { batchItemFailures: [{ itemIdentifier: "1" }] };',
    );
    await world.map("stray", handler, { functionResponseTypes: ["ReportBatchItemFailures"] });
    await world.put("stray", "a:1", "b:2");
    await world.settle();
    expect(world.heard("stray")).to.deep.equal([
      ["1", "2"],
      ["1", "2"],
    ]);
  });

  it("cuts a batch that fails in halves, until the bad record is alone and given up", async () => {
    const handler = telling('if (texts.includes("bad")) throw new Error("bad");');
    await world.map("bisect", handler, { bisectBatchOnFunctionError: true, maximumRetryAttempts: 1 });
    await world.put("bisect", "a:1", "b:2", "c:bad", "d:4", "e:5");
    await world.settle();
    expect(world.heard("bisect")).to.deep.equal([
      ["1", "2", "bad", "4", "5"],
      ["1", "2", "bad"],
      ["1", "2"],
      ["bad"],
      ["bad"],
      ["4", "5"],
    ]);
  });

  it("cuts where the function says that it failed, if it may cut", async () => {
    const handler = telling('return reporting("bad");');
    await world.map("cut", handler, {
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ["ReportBatchItemFailures"],
      maximumRetryAttempts: 0,
    });
    await world.put("cut", "a:1", "b:bad", "c:3", "d:4");
    await world.settle();
    expect(world.heard("cut")).to.deep.equal([
      ["1", "bad", "3", "4"],
      ["bad", "3", "4"],
      ["bad", "3"],
      ["bad"],
      ["3"],
      ["4"],
    ]);
  });

  it("waits for a batch to fill up, by the cloud's clock, and no longer than until it is full", async () => {
    await world.map("window", telling(""), { batchSize: 3, maximumBatchingWindowInSeconds: 60 });
    await world.put("window", "a:1");
    await world.later(30);
    await world.put("window", "b:2");
    await world.later(10);
    expect(world.heard("window")).to.deep.equal([]);
    await world.put("window", "c:3", "d:4");
    await world.idle();
    expect(world.heard("window")).to.deep.equal([["1", "2", "3"]]);
    await world.later(61);
    expect(world.heard("window")).to.deep.equal([["1", "2", "3"], ["4"]]);
  });

  it("passes over what its filters do not let through, by data and by partition key", async () => {
    const filters = [{ pattern: '{"data":{"kind":["wanted"]}}' }, { pattern: '{"partitionKey":["all"]}' }];
    await world.map("filter", telling(""), { filterCriteria: { filters } });
    const Data = (value: unknown) => Buffer.from(JSON.stringify(value));
    await world.api.send(
      new PutRecordsCommand({
        StreamName: "filter",
        Records: [
          { PartitionKey: "one", Data: Data({ kind: "wanted" }) },
          { PartitionKey: "one", Data: Data({ kind: "other" }) },
          { PartitionKey: "one", Data: Buffer.from("text") },
          { PartitionKey: "all", Data: Buffer.from("any") },
        ],
      }),
    );
    await world.idle();
    const seen = world.metrics.filter(
      ({ name, dimensions }) => name === "Invocations" && dimensions["FunctionName"] === "filter",
    );
    expect(seen.length).to.equal(1);
    const mapping = world.lambda.stats().mappings.find((one) => one.function === "filter");
    expect(mapping).to.include({ messages: 2, filtered: 2, batches: 1 });
  });

  it("begins where it is told to", async () => {
    await world.declare(streamType, "begin", { name: "begin", shardCount: 1 });
    await world.put("begin", "a:old");
    await world.later(60);
    const moment = world.cloud.clock.now();
    await world.put("begin", "a:new");
    await world.later(1);
    await world.mapTo("begin", "fromLatest", telling(""), { startingPosition: "LATEST" });
    await world.mapTo("begin", "fromTime", telling(""), {
      startingPosition: "AT_TIMESTAMP",
      startingPositionTimestamp: new Date(moment).toISOString(),
    });
    await world.mapTo("begin", "fromStart", telling(""), { startingPosition: "TRIM_HORIZON" });
    await world.put("begin", "a:newest");
    await world.idle();
    expect(world.heard("fromLatest").flat()).to.deep.equal(["newest"]);
    expect(world.heard("fromTime").flat()).to.deep.equal(["new", "newest"]);
    expect(world.heard("fromStart").flat()).to.deep.equal(["old", "new", "newest"]);
  });

  it("measures how old what it hands over is, and what the stream gives", async () => {
    await world.map("age", telling(""), { enabled: false });
    await world.put("age", "a:1");
    await world.later(90);
    await world.enable("age", true);
    await world.idle();
    const value = (name: string, dimension: string) =>
      world.metrics.find((one) => one.name === name && one.dimensions[dimension] === "age")?.values[0];
    expect(value("IteratorAge", "FunctionName")).to.be.within(90_000, 95_000);
    expect(value("GetRecords.IteratorAgeMilliseconds", "StreamName")).to.be.within(90_000, 95_000);
    expect(value("IncomingRecords", "StreamName")).to.equal(1);
  });

  it("stops, and goes on where it was", async () => {
    await world.map("pause", telling(""));
    await world.put("pause", "a:1");
    await world.idle();
    await world.enable("pause", false);
    await world.put("pause", "a:2");
    await world.later(120);
    expect(world.heard("pause")).to.deep.equal([["1"]]);
    await world.enable("pause", true);
    await world.idle();
    expect(world.heard("pause")).to.deep.equal([["1"], ["2"]]);
  });

  it("stops in the middle of its waiting, and tries the rest of the batch again later", async () => {
    const handler = telling('globalThis.n = (globalThis.n ?? 0) + 1; if (globalThis.n === 1) return reporting("2");');
    await world.map("held", handler, { functionResponseTypes: ["ReportBatchItemFailures"] });
    await world.put("held", "a:1", "a:2", "a:3");
    await world.idle();
    await world.enable("held", false);
    await world.settle();
    expect(world.heard("held")).to.deep.equal([["1", "2", "3"]]);
    await world.enable("held", true);
    await world.settle();
    expect(world.heard("held")).to.deep.equal([
      ["1", "2", "3"],
      ["2", "3"],
    ]);
  });

  it("waits while its function is throttled, which uses up no attempt", async () => {
    await world.map("throttled", telling(""), { maximumRetryAttempts: 0 });
    await world.lambdaApi.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "throttled", ReservedConcurrentExecutions: 0 }),
    );
    await world.put("throttled", "a:1");
    await world.later(20);
    expect(world.heard("throttled")).to.deep.equal([]);
    expect(await world.lastResult("throttled")).to.equal("PROBLEM: Function call was throttled");
    await world.lambdaApi.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "throttled", ReservedConcurrentExecutions: 1 }),
    );
    await world.settle();
    expect(world.heard("throttled")).to.deep.equal([["1"]]);
    expect(await world.lastResult("throttled")).to.equal("OK");
  });

  it("rests while its role may not read, says why, and loses nothing", async () => {
    await world.map("denied", telling(""));
    world.grant("no", "kinesis:GetRecords", arnOf("denied"), "Deny");
    await world.put("denied", "a:1");
    await world.settle();
    expect(world.heard("denied")).to.deep.equal([]);
    expect(await world.lastResult("denied")).to.match(/^PROBLEM: AccessDeniedException: .*kinesis:GetRecords/);
    world.grant("no", "kinesis:GetRecords", arnOf("another"), "Deny");
    await world.later(61);
    expect(world.heard("denied")).to.deep.equal([["1"]]);
  });

  it("forgets with a reset what it still had to try", async () => {
    await world.map("forget", telling('if (texts[0] === "bad") throw new Error("bad");'));
    await world.put("forget", "a:bad");
    await world.idle();
    await world.reset();
    await world.put("forget", "a:good");
    await world.settle();
    expect(world.heard("forget")).to.deep.equal([["bad"], ["good"]]);
  });

  it("is described as AWS describes it", async () => {
    await world.map(
      "described",
      telling(""),
      { parallelizationFactor: 2, maximumRecordAgeInSeconds: 3_600, bisectBatchOnFunctionError: true },
      { shardCount: 1 },
    );
    expect(await world.describe("described")).to.deep.include({
      EventSourceArn: arnOf("described"),
      BatchSize: 100,
      StartingPosition: "TRIM_HORIZON",
      ParallelizationFactor: 2,
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 3_600,
      MaximumRetryAttempts: -1,
      TumblingWindowInSeconds: 0,
      State: "Enabled",
    });
  });

  it("is refused where AWS would refuse it, or where it is not understood", async () => {
    await world.map("refused", telling(""));
    await world.declare(streamType, "other", { name: "other", shardCount: 1 });
    const refused = async (more: Record<string, unknown>) =>
      (await failure(world.join("other", "refused", more))).message;
    expect(await refused({ eventSourceArn: arnOf("refused") })).to.include("refused already has a mapping from");
    expect(await refused({ startingPosition: undefined })).to.include(
      "startingPosition must be one of TRIM_HORIZON, LATEST, AT_TIMESTAMP",
    );
    expect(await refused({ tumblingWindowInSeconds: 30 })).to.include(
      "property tumblingWindowInSeconds is not supported",
    );
    expect(await refused({ scalingConfig: { maximumConcurrency: 2 } })).to.include("property scalingConfig is not");
    expect(await refused({ parallelizationFactor: 11 })).to.include("whole number from 1 to 10, not 11");
    expect(await refused({ maximumRecordAgeInSeconds: 59 })).to.include("whole number from 60 to 604800, not 59");
    expect(await refused({ maximumRetryAttempts: 10_001 })).to.include("whole number from 0 to 10000");
    expect(await refused({ startingPosition: "AT_TIMESTAMP" })).to.include("startingPositionTimestamp must be a time");
    const destination = (destinationArn: string) => ({ destinationConfig: { onFailure: { destinationArn } } });
    expect(await refused(destination("arn:aws:kafka:us-east-1:123456789012:topic/t"))).to.include("is not supported");
    expect(await refused(destination("arn:aws:sqs:us-east-1:123456789012:secret"))).to.match(
      /^The provided execution role does not have permissions to call SendMessage on SQS/,
    );
    expect(await refused({ eventSourceArn: arnOf("nowhere") })).to.include(
      "Stream nowhere under account 123456789012 not found.",
    );
    world.grant("none", "kinesis:GetShardIterator", arnOf("other"), "Deny");
    expect(await refused({})).to.include(
      `Cannot access stream ${arnOf("other")}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
    );
  });
});

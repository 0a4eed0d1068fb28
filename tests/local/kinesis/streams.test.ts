import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  RemoveTagsFromStreamCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateMaxRecordSizeCommand,
  UpdateStreamModeCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { arnOf, failure, shardId, startWorld, streamType, type World } from "./world";

describe("Kinesis streams", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  const summary = async (StreamName: string) =>
    (await world.api.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary;

  it("are made, described, listed and dropped", async () => {
    await world.api.send(new CreateStreamCommand({ StreamName: "made", ShardCount: 2, Tags: { team: "one" } }));
    const { StreamDescription } = await world.api.send(new DescribeStreamCommand({ StreamName: "made" }));
    const { Shards = [], StreamCreationTimestamp, ...rest } = StreamDescription ?? {};
    expect(rest).to.deep.equal({
      StreamName: "made",
      StreamARN: arnOf("made"),
      StreamStatus: "ACTIVE",
      StreamModeDetails: { StreamMode: "PROVISIONED" },
      HasMoreShards: false,
      RetentionPeriodHours: 24,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: "NONE",
    });
    expect(StreamCreationTimestamp?.getTime()).to.be.closeTo(world.cloud.clock.now(), 10_000);
    const middle = 2n ** 127n;
    expect(Shards.map(({ ShardId, HashKeyRange }) => [ShardId, HashKeyRange])).to.deep.equal([
      [shardId(0), { StartingHashKey: "0", EndingHashKey: String(middle - 1n) }],
      [shardId(1), { StartingHashKey: String(middle), EndingHashKey: String(2n ** 128n - 1n) }],
    ]);
    expect(await summary("made")).to.include({ OpenShardCount: 2, ConsumerCount: 0, MaxRecordSizeInKiB: 1_024 });
    const again = await failure(world.api.send(new CreateStreamCommand({ StreamName: "made", ShardCount: 1 })));
    expect([again.name, again.message]).to.deep.equal([
      "ResourceInUseException",
      "Stream made under account 123456789012 already exists.",
    ]);
    const first = await world.api.send(new ListStreamsCommand({ ExclusiveStartStreamName: "lzz", Limit: 1 }));
    expect(first.StreamNames).to.deep.equal(["made"]);
    expect(first.StreamSummaries?.[0]?.StreamARN).to.equal(arnOf("made"));
    await world.api.send(new DeleteStreamCommand({ StreamARN: arnOf("made") }));
    const gone = await failure(summary("made"));
    expect([gone.name, gone.message]).to.deep.equal([
      "ResourceNotFoundException",
      "Stream made under account 123456789012 not found.",
    ]);
  });

  it("keep records as long as they are told to, and change their mode and largest record", async () => {
    await world.stream("kept");
    const StreamName = "kept";
    const hours = (RetentionPeriodHours: number) => ({ StreamName, RetentionPeriodHours });
    await world.api.send(new IncreaseStreamRetentionPeriodCommand(hours(48)));
    await world.put("kept", "a:old");
    await world.later(25 * 3_600);
    await world.put("kept", "a:new");
    expect(await world.texts("kept")).to.deep.equal(["old", "new"]);
    const shorter = await failure(world.api.send(new IncreaseStreamRetentionPeriodCommand(hours(24))));
    expect(shorter.message).to.equal(
      "Requested retention period (24 hours) for stream kept can not be shorter than existing retention period (48 hours).",
    );
    const longer = await failure(world.api.send(new DecreaseStreamRetentionPeriodCommand(hours(49))));
    expect(longer.message).to.include("can not be longer than existing retention period (48 hours)");
    expect((await failure(world.api.send(new IncreaseStreamRetentionPeriodCommand(hours(8_761))))).message).to.equal(
      "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.",
    );
    expect((await failure(world.api.send(new DecreaseStreamRetentionPeriodCommand(hours(23))))).message).to.equal(
      "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.",
    );
    await world.api.send(new DecreaseStreamRetentionPeriodCommand(hours(24)));
    expect(await world.texts("kept")).to.deep.equal(["new"]);
    const StreamModeDetails = { StreamMode: "ON_DEMAND" as const };
    await world.api.send(new UpdateStreamModeCommand({ StreamARN: arnOf("kept"), StreamModeDetails }));
    await world.api.send(new UpdateMaxRecordSizeCommand({ StreamARN: arnOf("kept"), MaxRecordSizeInKiB: 2_048 }));
    expect(await summary("kept")).to.deep.include({ StreamModeDetails, MaxRecordSizeInKiB: 2_048 });
    const limits = await world.api.send(new DescribeLimitsCommand({}));
    expect(limits).to.deep.include({ OnDemandStreamCount: 1 });
  });

  it("say that they are encrypted with AWS's own key, and take no other", async () => {
    await world.stream("secret");
    const about = { StreamName: "secret", EncryptionType: "KMS" as const };
    await world.api.send(new StartStreamEncryptionCommand({ ...about, KeyId: "alias/aws/kinesis" }));
    expect(await summary("secret")).to.include({ EncryptionType: "KMS", KeyId: "alias/aws/kinesis" });
    const other = await failure(world.api.send(new StartStreamEncryptionCommand({ ...about, KeyId: "alias/mine" })));
    expect(other.message).to.include("does not support streams encrypted with key alias/mine");
    await world.api.send(new StopStreamEncryptionCommand({ ...about, KeyId: "alias/aws/kinesis" }));
    expect(await summary("secret")).to.include({ EncryptionType: "NONE" });
    const twice = await failure(
      world.api.send(new StopStreamEncryptionCommand({ ...about, KeyId: "alias/aws/kinesis" })),
    );
    expect(twice.message).to.include("is not encrypted with this key");
  });

  it("bear tags", async () => {
    await world.stream("tagged", { shardCount: 1, tags: { team: "one" } });
    const StreamName = "tagged";
    await world.api.send(new AddTagsToStreamCommand({ StreamName, Tags: { stage: "dev", owner: "us" } }));
    await world.api.send(new TagResourceCommand({ ResourceARN: arnOf(StreamName), Tags: { more: "yes" } }));
    await world.api.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ["owner"] }));
    await world.api.send(new UntagResourceCommand({ ResourceARN: arnOf(StreamName), TagKeys: ["more"] }));
    const page = await world.api.send(new ListTagsForStreamCommand({ StreamName, Limit: 1 }));
    expect([page.Tags, page.HasMoreTags]).to.deep.equal([[{ Key: "stage", Value: "dev" }], true]);
    const all = await world.api.send(new ListTagsForResourceCommand({ ResourceARN: arnOf(StreamName) }));
    expect(all.Tags?.map(({ Key }) => Key)).to.deep.equal(["stage", "team"]);
    const odd = await failure(world.api.send(new AddTagsToStreamCommand({ StreamName, Tags: { "a!": "b" } })));
    expect(odd.message).to.match(/^Some tags contain invalid characters/);
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, at) => [`k${at}`, ""]));
    expect((await failure(world.api.send(new AddTagsToStreamCommand({ StreamName, Tags: many })))).message).to.include(
      "cannot have more than 50 tags",
    );
  });

  it("are declared by the program, with what it says of them", async () => {
    await world.stream("declared", {
      streamModeDetails: { streamMode: "ON_DEMAND" },
      retentionPeriod: 72,
      encryptionType: "KMS",
      kmsKeyId: "alias/aws/kinesis",
      maxRecordSizeInKib: 4_096,
    });
    expect(await summary("declared")).to.deep.include({
      StreamModeDetails: { StreamMode: "ON_DEMAND" },
      OpenShardCount: 4,
      RetentionPeriodHours: 72,
      EncryptionType: "KMS",
      MaxRecordSizeInKiB: 4_096,
    });
    const refused = async (inputs: Record<string, unknown>) =>
      (await failure(world.declare(streamType, "odd", { name: "odd", shardCount: 1, ...inputs }))).message;
    expect(await refused({ warmThroughputMibPs: 10 })).to.include("property warmThroughputMibPs is not supported");
    expect(await refused({ shardCount: undefined })).to.include("ShardCount must be provided");
    expect(await refused({ streamModeDetails: { streamMode: "ON_DEMAND" } })).to.include(
      "ShardCount cannot be provided",
    );
    expect(await refused({ streamModeDetails: { streamMode: "EVER" } })).to.include("streamMode EVER is not");
    expect(await refused({ retentionPeriod: 12 })).to.include("retentionPeriod 12 is not from 24 to 8760 hours");
    expect(await refused({ encryptionType: "ROT13" })).to.include("encryptionType ROT13 is not KMS or NONE");
    expect(await refused({ encryptionType: "KMS", kmsKeyId: "alias/mine" })).to.include(
      "encrypted with key alias/mine",
    );
  });

  it("list their shards page by page, those that a filter lets through", async () => {
    await world.stream("listed", { shardCount: 3 });
    const ids = async (input: object) =>
      (await world.api.send(new ListShardsCommand({ StreamName: "listed", ...input }))).Shards?.map(
        (one) => one.ShardId,
      );
    const page = await world.api.send(new ListShardsCommand({ StreamName: "listed", MaxResults: 2 }));
    expect(page.Shards?.length).to.equal(2);
    const rest = await world.api.send(new ListShardsCommand({ NextToken: page.NextToken }));
    expect(rest.Shards?.map((one) => one.ShardId)).to.deep.equal([shardId(2)]);
    expect(rest.NextToken).to.equal(undefined);
    expect(await ids({ ExclusiveStartShardId: shardId(1) })).to.deep.equal([shardId(2)]);
    expect(await ids({ ShardFilter: { Type: "AFTER_SHARD_ID", ShardId: shardId(0) } })).to.deep.equal([
      shardId(1),
      shardId(2),
    ]);
    for (const Type of ["AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST"]) {
      expect(await ids({ ShardFilter: { Type } }), Type).to.have.length(3);
    }
    const Timestamp = new Date(world.cloud.clock.now());
    for (const Type of ["AT_TIMESTAMP", "FROM_TIMESTAMP"]) {
      expect(await ids({ ShardFilter: { Type, Timestamp } }), Type).to.have.length(3);
    }
    expect((await failure(ids({ ShardFilter: { Type: "AT_TIMESTAMP" } }))).message).to.include("Timestamp must be");
    expect((await failure(ids({ ShardFilter: { Type: "AFTER_SHARD_ID" } }))).message).to.include("ShardId must be");
    expect((await failure(world.api.send(new ListShardsCommand({})))).message).to.equal(
      "Either NextToken or StreamName should be provided.",
    );
    expect((await failure(ids({ NextToken: page.NextToken }))).message).to.equal(
      "NextToken and StreamName cannot be provided together.",
    );
  });

  it("are for those whose role may, action by action", async () => {
    await world.stream("mine");
    const role = world.asRole([{ Action: ["kinesis:PutRecord", "kinesis:GetShardIterator"], Resource: arnOf("mine") }]);
    const client = new KinesisClient(role);
    try {
      const record = { PartitionKey: "a", Data: Buffer.from("x") };
      await client.send(new PutRecordCommand({ StreamName: "mine", ...record }));
      const denied = await failure(client.send(new DescribeStreamSummaryCommand({ StreamName: "mine" })));
      expect(denied.name).to.equal("AccessDeniedException");
      expect(denied.message).to.match(/kinesis:DescribeStreamSummary.*stream\/mine/);
      expect((await failure(client.send(new PutRecordCommand({ StreamName: "kept", ...record })))).name).to.equal(
        "AccessDeniedException",
      );
    } finally {
      client.destroy();
    }
  });

  it("refuse by name what they do not do", async () => {
    const consumer = new RegisterStreamConsumerCommand({ StreamARN: arnOf("mine"), ConsumerName: "fast" });
    expect((await failure(world.api.send(consumer))).message).to.equal(
      "The embedded cloud does not support kinesis:RegisterStreamConsumer.",
    );
    const warm = new CreateStreamCommand({ StreamName: "warm", WarmThroughputMiBps: 10 });
    expect((await failure(world.api.send(warm))).message).to.include("kinesis:CreateStream with WarmThroughputMiBps");
    const cbor = await fetch(world.client.endpoint, {
      method: "POST",
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request",
        "content-type": "application/x-amz-cbor-1.1",
        "x-amz-target": "Kinesis_20131202.ListStreams",
      },
    });
    expect(cbor.status).to.equal(501);
    expect(await cbor.text()).to.include("only JSON");
  });

  it("refuse what does not fit the service's model, in AWS's words", async () => {
    const both = await failure(world.api.send(new CreateStreamCommand({ StreamName: "a b", ShardCount: 0 })));
    expect([both.name, both.message]).to.deep.equal([
      "ValidationException",
      "2 validation errors detected: Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ]);
    const none = await failure(world.api.send(new DescribeStreamCommand({})));
    expect(none.message).to.equal("Either StreamName or StreamARN must be provided.");
    const elsewhere = arnOf("mine").replace("us-east-1", "eu-west-1");
    expect((await failure(world.api.send(new DescribeStreamCommand({ StreamARN: elsewhere })))).name).to.equal(
      "ResourceNotFoundException",
    );
    const two = new DescribeStreamCommand({ StreamName: "kept", StreamARN: arnOf("mine") });
    expect((await failure(world.api.send(two))).message).to.include("of different streams");
  });
});

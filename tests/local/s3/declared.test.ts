import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { AwsError } from "../../../local/cloud/awsError";
import { startWorld, type World } from "./world";

const bucket = "archive";
const arn = `arn:aws:s3:::${bucket}`;
const queueArn = "arn:aws:sqs:us-east-1:123456789012:doorbell";
const topicArn = "arn:aws:sns:us-east-1:123456789012:news";
const lambdaFunctionArn = "arn:aws:lambda:us-east-1:123456789012:function:import";
const day = 86_400_000;

describe("declared buckets on the embedded cloud", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.declare("aws:s3/bucket:Bucket", "declared", { bucket, forceDestroy: true, tags: { a: "b" } });
  });
  afterEach(() => world.close());

  const declare = (type: string, inputs: object) => {
    const token = `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;
    return world.declare(token, "declared", { bucket, ...inputs });
  };
  const failure = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "it succeeded",
      (error: Error) => error.message,
    );
  const put = (Key: string, Body = "hello") => world.sdk.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const turn = (ms: number) => {
    const { clock, activity } = world.cloud;
    return clock.turnTo(clock.now() + ms, () => activity.idle());
  };
  const versions = async () => {
    const { Versions = [], DeleteMarkers = [] } = await world.sdk.send(
      new ListObjectVersionsCommand({ Bucket: bucket }),
    );
    return [...Versions.map(({ Key }) => Key), ...DeleteMarkers.map(({ Key }) => `marker ${Key}`)];
  };

  it("are what AWS would say they are", async () => {
    const { id, outputs } = await world.declare("aws:s3/bucketV2:BucketV2", "old", { bucketPrefix: "old-" });
    expect(id).to.equal("old-old");
    expect(outputs).to.deep.include({
      arn: "arn:aws:s3:::old-old",
      bucketRegionalDomainName: "old-old.s3.us-east-1.amazonaws.com",
      bucketDomainName: "old-old.s3.amazonaws.com",
    });
    const refusal = await failure(declare("Bucket", { corsRules: [] }));
    expect(refusal).to.equal(
      "aws:s3/bucket:Bucket declared: property corsRules is not supported by the embedded cloud",
    );
  });

  it("take their settings", async () => {
    await declare("BucketVersioning", { versioningConfiguration: { status: "Enabled" } });
    await declare("BucketPublicAccessBlock", { blockPublicAcls: true, blockPublicPolicy: true });
    await declare("BucketOwnershipControls", { rule: { objectOwnership: "BucketOwnerEnforced" } });
    const kms = { sseAlgorithm: "aws:kms", kmsMasterKeyId: "key" };
    await declare("BucketServerSideEncryptionConfiguration", {
      rules: [{ applyServerSideEncryptionByDefault: kms, bucketKeyEnabled: true }],
    });
    const Statement = [{ Effect: "Allow", Principal: { AWS: "123456789012" }, Action: "s3:*", Resource: `${arn}/*` }];
    await declare("BucketPolicy", { policy: { Version: "2012-10-17", Statement } });
    await declare("BucketPolicy", { policy: JSON.stringify({ Version: "2012-10-17", Statement }) });
    const told = await world.sdk.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    expect(
      told.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID,
    ).to.equal("key");
    const written = await put("k");
    expect([written.ServerSideEncryption, written.SSEKMSKeyId, written.BucketKeyEnabled]).to.deep.equal([
      "aws:kms",
      "key",
      true,
    ]);
    expect(await failure(declare("BucketOwnershipControls", { rule: { objectOwnership: "ObjectWriter" } }))).to.contain(
      "ObjectWriter",
    );
    expect(await failure(declare("BucketVersioning", { versioningConfiguration: { status: "Odd" } }))).to.contain(
      "Odd",
    );
    await declare("BucketVersioning", { versioningConfiguration: { status: "Disabled" } });
  });

  it("tell queues, topics and functions what happens to their objects", async () => {
    await declare("BucketNotification", {
      queues: [{ queueArn, events: ["s3:ObjectCreated:*"], filterPrefix: "in/", filterSuffix: ".csv" }],
      topics: [{ topicArn, events: ["s3:ObjectRemoved:*"] }],
      lambdaFunctions: [{ lambdaFunctionArn, events: ["s3:ObjectCreated:Put"], filterPrefix: "out/", id: "mine" }],
    });
    world.delivered.length = 0;
    await put("in/a b(1).csv");
    await put("in/other.txt");
    await put("out/x");
    await world.sdk.send(new DeleteObjectCommand({ Bucket: bucket, Key: "in/other.txt" }));
    await declare("BucketVersioning", { versioningConfiguration: { status: "Enabled" } });
    await world.sdk.send(new DeleteObjectCommand({ Bucket: bucket, Key: "out/x" }));
    await world.cloud.activity.settle(world.cloud.clock);
    expect(world.delivered.map(({ to }) => to)).to.deep.equal([queueArn, lambdaFunctionArn, topicArn, topicArn]);
    const [record] = JSON.parse(world.delivered[0]?.body ?? "").Records;
    expect(record).to.include({ eventSource: "aws:s3", eventName: "ObjectCreated:Put", awsRegion: "us-east-1" });
    expect(record.s3.object).to.include({
      key: "in/a+b%281%29.csv",
      size: 5,
      eTag: "5d41402abc4b2a76b9719d911017c592",
    });
    expect(record.s3.bucket).to.include({ name: bucket, arn });
    expect(JSON.parse(world.delivered[3]?.body ?? "").Records[0].eventName).to.equal(
      "ObjectRemoved:DeleteMarkerCreated",
    );
    expect(world.delivered[0]?.from.facts).to.include({ "aws:SourceArn": arn, "aws:SourceAccount": "123456789012" });
  });

  it("tell again what could not be delivered, but not what is forbidden", async () => {
    await declare("BucketNotification", { lambdaFunctions: [{ lambdaFunctionArn, events: ["s3:ObjectCreated:*"] }] });
    let tries = 0;
    world.cloud.onDelivery("lambda", async () => {
      if (++tries === 1) throw new AwsError("TooManyRequestsException", "Rate exceeded", 429);
      if (tries === 2) throw new Error("broken");
    });
    await put("k");
    await world.cloud.activity.settle(world.cloud.clock);
    expect(tries).to.equal(3);
    world.cloud.onDelivery("lambda", async () => {
      tries++;
      throw new AwsError("AccessDeniedException", "no", 403);
    });
    await put("k");
    await world.cloud.activity.settle(world.cloud.clock);
    expect(tries).to.equal(4);
  });

  it("expire objects, versions and uploads by the clock", async () => {
    await declare("BucketVersioning", { versioningConfiguration: { status: "Enabled" } });
    await declare("BucketLifecycleConfiguration", {
      rules: [
        {
          id: "logs",
          status: "Enabled",
          filter: { prefix: "logs/" },
          expiration: { days: 2 },
          noncurrentVersionExpiration: { noncurrentDays: 3 },
        },
        { id: "markers", status: "Enabled", prefix: "logs/", expiration: { expiredObjectDeleteMarker: true } },
        { id: "off", status: "Disabled", filter: {}, expiration: { days: 1 } },
        { id: "uploads", status: "Enabled", filter: {}, abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
        {
          id: "big",
          status: "Enabled",
          filter: { and: { prefix: "x", tags: { t: "1" }, objectSizeGreaterThan: 1, objectSizeLessThan: 9 } },
          expiration: { date: "2020-01-01T00:00:00Z" },
        },
        {
          id: "kept",
          status: "Enabled",
          filter: { tag: { key: "a", value: "b" } },
          transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
          noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: 2 },
        },
      ],
    });
    const told = await world.sdk.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    expect(told.Rules?.map(({ ID }) => ID)).to.deep.equal(["logs", "markers", "off", "uploads", "big", "kept"]);
    expect(told.Rules?.[4]?.Filter?.And).to.deep.include({ Prefix: "x", ObjectSizeGreaterThan: 1 });
    await put("logs/1");
    await put("kept");
    await world.sdk.send(new PutObjectCommand({ Bucket: bucket, Key: "x1", Body: "hello", Tagging: "t=1" }));
    await world.sdk.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: "upload" }));
    await turn(day);
    expect(await versions()).to.have.members(["kept", "logs/1", "x1", "marker x1"]);
    await turn(2 * day);
    expect(await versions()).to.have.members(["kept", "logs/1", "marker logs/1", "x1", "marker x1"]);
    expect((await world.sdk.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads).to.equal(undefined);
    await turn(5 * day);
    expect(await versions()).to.have.members(["kept", "x1", "marker x1"]);
    const frozen = {
      rules: [{ id: "ice", status: "Enabled", filter: {}, transitions: [{ days: 1, storageClass: "GLACIER" }] }],
    };
    expect(await failure(declare("BucketLifecycleConfiguration", frozen))).to.contain("GLACIER");
    const odd = { rules: [{ id: "odd", status: "Enabled", filter: { colour: "red" } }] };
    expect(await failure(declare("BucketLifecycleConfiguration", odd))).to.contain("rules.filter.colour");
  });

  it("can be read and written in process", async () => {
    await world.s3.put(bucket, "k", Buffer.from("hello"));
    expect((await world.s3.read(bucket, "k"))?.toString()).to.equal("hello");
    expect(await world.s3.read(bucket, "none")).to.equal(undefined);
  });
});

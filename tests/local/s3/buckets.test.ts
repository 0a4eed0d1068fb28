import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { refused, startWorld, type World } from "./world";

const Bucket = "house";
const arn = `arn:aws:s3:::${Bucket}`;
const queue = "arn:aws:sqs:us-east-1:123456789012:doorbell";

describe("S3 buckets on the embedded cloud", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.sdk.send(new CreateBucketCommand({ Bucket }));
  });
  afterEach(() => world.close());

  const policy = (statement: object) =>
    world.sdk.send(
      new PutBucketPolicyCommand({
        Bucket,
        Policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, `${arn}/*`], ...statement }],
        }),
      }),
    );

  it("makes, finds and deletes buckets", async () => {
    await world.sdk.send(new CreateBucketCommand({ Bucket }));
    expect((await world.sdk.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).to.deep.equal([Bucket]);
    expect((await world.sdk.send(new HeadBucketCommand({ Bucket }))).BucketRegion).to.equal("us-east-1");
    expect((await world.sdk.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).to.equal(undefined);
    await world.sdk.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    expect((await refused(world.sdk.send(new DeleteBucketCommand({ Bucket })))).name).to.equal("BucketNotEmpty");
    await world.s3.reset();
    await world.sdk.send(new DeleteBucketCommand({ Bucket }));
    expect((await refused(world.sdk.send(new ListObjectsV2Command({ Bucket })))).name).to.equal("NoSuchBucket");
    expect((await refused(world.sdk.send(new CreateBucketCommand({ Bucket: "Not.OK" })))).name).to.equal(
      "InvalidBucketName",
    );
    const elsewhere = { Bucket: "far", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } } as const;
    expect((await refused(world.sdk.send(new CreateBucketCommand(elsewhere)))).name).to.equal("NotImplemented");
    expect((await refused(world.sdk.send(new GetBucketAclCommand({ Bucket })))).name).to.equal("NotImplemented");
  });

  it("survives, with what was acknowledged and how it was set", async () => {
    await world.sdk.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    await world.sdk.send(new PutObjectCommand({ Bucket, Key: "k", Body: "one" }));
    await world.sdk.send(new PutObjectCommand({ Bucket, Key: "k", Body: "two", Metadata: { m: "1" } }));
    const next = await startWorld(world.folder);
    const read = await next.sdk.send(new GetObjectCommand({ Bucket, Key: "k" }));
    expect(await read.Body?.transformToString()).to.equal("two");
    expect(read.Metadata).to.deep.equal({ m: "1" });
    expect((await next.sdk.send(new GetBucketVersioningCommand({ Bucket }))).Status).to.equal("Enabled");
    await next.close();
  });

  it("asks roles for the permission of each call, and tells only listers what is not there", async () => {
    await world.sdk.send(new PutObjectCommand({ Bucket, Key: "in/k", Body: "x" }));
    const reader = world.asRoleClient([{ Action: "s3:GetObject", Resource: `${arn}/in/*` }]);
    await reader.send(new GetObjectCommand({ Bucket, Key: "in/k" }));
    const write = await refused(reader.send(new PutObjectCommand({ Bucket, Key: "in/k", Body: "y" })));
    expect(write.name).to.equal("AccessDenied");
    expect(write.message).to.contain("s3:PutObject on resource: arn:aws:s3:::house/in/k");
    const missing = new GetObjectCommand({ Bucket, Key: "in/none" });
    expect((await refused(reader.send(missing))).name).to.equal("AccessDenied");
    const lister = world.asRoleClient([
      { Action: "s3:GetObject", Resource: `${arn}/*` },
      { Action: "s3:ListBucket", Resource: arn },
    ]);
    expect((await refused(lister.send(missing))).name).to.equal("NoSuchKey");
    expect((await refused(reader.send(new ListObjectsV2Command({ Bucket })))).name).to.equal("AccessDenied");
  });

  it("has a policy that decides by prefix, header and tag", async () => {
    const denied = async (statement: object, call: () => Promise<unknown>) => {
      await policy(statement);
      expect((await refused(call())).name).to.equal("AccessDenied");
      await world.sdk.send(new DeleteBucketPolicyCommand({ Bucket }));
      await call();
    };
    const put = () => world.sdk.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", Tagging: "secret=yes" }));
    await denied({ Action: "s3:PutObject", Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } } }, put);
    await denied({ Action: "s3:ListBucket", Condition: { StringLike: { "s3:prefix": "in/*" } } }, () =>
      world.sdk.send(new ListObjectsV2Command({ Bucket, Prefix: "in/a" })),
    );
    await denied(
      { Action: "s3:GetObject", Condition: { StringEquals: { "s3:ExistingObjectTag/secret": "yes" } } },
      () => world.sdk.send(new GetObjectCommand({ Bucket, Key: "k" })),
    );
    await policy({ Action: "s3:PutObject", Condition: { Bool: { "aws:SecureTransport": "false" } } });
    const { Policy } = await world.sdk.send(new GetBucketPolicyCommand({ Bucket }));
    expect(Policy).to.contain("aws:SecureTransport");
  });

  it("refuses policies that S3 refuses, or that nothing here could decide", async () => {
    expect((await refused(world.sdk.send(new GetBucketPolicyCommand({ Bucket })))).name).to.equal("NoSuchBucketPolicy");
    expect((await refused(policy({ Action: "nothing" }))).name).to.equal("MalformedPolicy");
    expect((await refused(policy({ Resource: "arn:aws:s3:::other/*" }))).name).to.equal("MalformedPolicy");
    expect((await refused(policy({ Condition: { StringEquals: { "aws:SourceVpce": "v" } } }))).name).to.equal(
      "NotImplemented",
    );
    expect((await refused(policy({ Condition: { Odd: { "s3:prefix": "v" } } }))).name).to.equal("NotImplemented");
    const open = { Effect: "Allow", Principal: { AWS: "*" } };
    expect((await refused(policy(open))).name).to.equal("AccessDenied");
    await policy({ ...open, Condition: { StringEquals: { "aws:PrincipalAccount": "123456789012" } } });
    const PublicAccessBlockConfiguration = { BlockPublicAcls: true };
    await world.sdk.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    const block = await world.sdk.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(block.PublicAccessBlockConfiguration?.BlockPublicPolicy).to.equal(false);
    await policy(open);
  });

  it("tells its settings", async () => {
    const encryption = await world.sdk.send(new GetBucketEncryptionCommand({ Bucket }));
    const [rule] = encryption.ServerSideEncryptionConfiguration?.Rules ?? [];
    expect(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).to.equal("AES256");
    const lifecycle = world.sdk.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect((await refused(lifecycle)).name).to.equal("NoSuchLifecycleConfiguration");
    const VersioningConfiguration = { Status: "Enabled", MFADelete: "Enabled" } as const;
    const mfa = world.sdk.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    expect((await refused(mfa)).name).to.equal("NotImplemented");
    const odd = { Bucket, VersioningConfiguration: { Status: "Odd" as "Enabled" } };
    expect((await refused(world.sdk.send(new PutBucketVersioningCommand(odd)))).name).to.equal("MalformedXML");
  });

  it("takes notification settings, after trying them out", async () => {
    const set = (NotificationConfiguration: object) =>
      world.sdk.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    const FilterRules = [
      { Name: "prefix", Value: "in/" },
      { Name: "suffix", Value: ".csv" },
    ];
    const one = { QueueArn: queue, Events: ["s3:ObjectCreated:*"], Filter: { Key: { FilterRules } } };
    await set({ QueueConfigurations: [one] });
    expect(JSON.parse(world.delivered[0]?.body ?? "")).to.include({ Event: "s3:TestEvent", Bucket });
    const told = await world.sdk.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(told.QueueConfigurations?.[0]).to.deep.include({ QueueArn: queue, Events: one.Events });
    expect(told.QueueConfigurations?.[0]?.Filter?.Key?.FilterRules).to.have.length(2);
    const overlapping = { ...one, Events: ["s3:ObjectCreated:Put"] };
    expect((await refused(set({ QueueConfigurations: [one, overlapping] }))).message).to.contain(
      "Configurations overlap",
    );
    expect((await refused(set({ QueueConfigurations: [{ ...one, Events: ["s3:Odd"] }] }))).name).to.equal(
      "InvalidArgument",
    );
    world.cloud.onDelivery("sqs", async () => Promise.reject(new Error("no")));
    expect((await refused(set({ QueueConfigurations: [one] }))).message).to.contain("Unable to validate");
  });

  it("knows no virtual hosts", async () => {
    const answer = await fetch(`${world.gateway.url}/k`, {
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request" },
    });
    expect(await answer.text())
      .to.contain("<Code>NoSuchBucket</Code>")
      .and.contain("<BucketName>k</BucketName>");
    const headers = {
      authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request",
      host: `${Bucket}.localhost:${world.gateway.port}`,
    };
    const [response] = (await once(get(`${world.gateway.url}/k`, { headers }), "response")) as [IncomingMessage];
    expect(await text(response)).to.contain("path style");
  });
});

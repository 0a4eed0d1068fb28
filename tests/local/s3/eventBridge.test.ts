import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { startWorld, type World } from "./world";

const Bucket = "uploads";
const day = 86_400_000;

describe("what EventBridge hears of a bucket", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.declare("aws:s3/bucket:Bucket", "declared", { bucket: Bucket });
    await world.declare("aws:s3/bucketNotification:BucketNotification", "declared", {
      bucket: Bucket,
      eventbridge: true,
    });
  });
  afterEach(() => world.close());

  const keepVersions = () =>
    world.declare("aws:s3/bucketVersioning:BucketVersioning", "declared", {
      bucket: Bucket,
      versioningConfiguration: { status: "Enabled" },
    });
  const put = (Key: string) => world.sdk.send(new PutObjectCommand({ Bucket, Key, Body: "hello" }));
  const told = () => world.emitted.map(({ detailType, detail }) => [detailType, detail["reason"]]);

  it("is, of a new object, its key as it is, its version and who put it there", async () => {
    await keepVersions();
    const { VersionId, $metadata } = await put("in/a b(1).csv");
    expect(world.emitted).to.deep.equal([
      {
        source: "aws.s3",
        detailType: "Object Created",
        resources: ["arn:aws:s3:::uploads"],
        detail: {
          version: "0",
          bucket: { name: Bucket },
          object: {
            key: "in/a b(1).csv",
            size: 5,
            etag: "5d41402abc4b2a76b9719d911017c592",
            "version-id": VersionId,
            sequencer: "000000000000000001",
          },
          "request-id": $metadata.requestId,
          requester: "123456789012",
          "source-ip-address": "127.0.0.1",
          reason: "PutObject",
        },
      },
    ]);
  });

  it("is everything that happens to objects, each by its name", async () => {
    await put("k");
    await world.sdk.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/k` }));
    const { UploadId } = await world.sdk.send(new CreateMultipartUploadCommand({ Bucket, Key: "large" }));
    const { ETag } = await world.sdk.send(
      new UploadPartCommand({ Bucket, Key: "large", UploadId, PartNumber: 1, Body: "part" }),
    );
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await world.sdk.send(new CompleteMultipartUploadCommand({ Bucket, Key: "large", UploadId, MultipartUpload }));
    await world.sdk.send(
      new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet: [{ Key: "a", Value: "b" }] } }),
    );
    await world.sdk.send(new DeleteObjectTaggingCommand({ Bucket, Key: "k" }));
    await world.sdk.send(new DeleteObjectCommand({ Bucket, Key: "copy" }));
    await keepVersions();
    await world.sdk.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(told()).to.deep.equal([
      ["Object Created", "PutObject"],
      ["Object Created", "CopyObject"],
      ["Object Created", "CompleteMultipartUpload"],
      ["Object Tags Added", undefined],
      ["Object Tags Deleted", undefined],
      ["Object Deleted", "DeleteObject"],
      ["Object Deleted", "DeleteObject"],
    ]);
    expect(world.emitted.slice(-2).map(({ detail }) => detail["deletion-type"])).to.deep.equal([
      "Permanently Deleted",
      "Delete Marker Created",
    ]);
  });

  it("is what the lifecycle took away, as S3's own doing", async () => {
    await world.declare("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "declared", {
      bucket: Bucket,
      rules: [{ id: "old", status: "Enabled", filter: { prefix: "" }, expiration: { days: 1 } }],
    });
    await put("k");
    const { clock, activity } = world.cloud;
    await clock.turnTo(clock.now() + 3 * day, () => activity.idle());
    expect(world.emitted.at(-1)?.detail).to.include({
      reason: "Lifecycle Expiration",
      "deletion-type": "Permanently Deleted",
      requester: "s3.amazonaws.com",
    });
  });

  it("can be set and read by the API, beside other targets", async () => {
    const read = async () =>
      (await world.sdk.send(new GetBucketNotificationConfigurationCommand({ Bucket }))).EventBridgeConfiguration;
    expect(await read()).to.deep.equal({});
    const set = (NotificationConfiguration: object) =>
      world.sdk.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    await set({});
    expect(await read()).to.equal(undefined);
    await put("unheard");
    expect(world.emitted).to.deep.equal([]);
    await set({ EventBridgeConfiguration: {} });
    await put("heard");
    expect(told()).to.deep.equal([["Object Created", "PutObject"]]);
  });
});

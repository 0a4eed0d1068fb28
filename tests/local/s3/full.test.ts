import { readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { refused, startWorld, type World } from "./world";

const Bucket = "things";
const Key = "a";

describe("S3 on a full disk", () => {
  let world: World;
  const files = (folder: string) => readdirSync(join(world.folder, Bucket, folder));
  const staged = (at: number) => join(world.folder, Bucket, "staged", String(at));

  /** Lets what is staged next have no room, but for the first `fits`; `staged` were before. */
  const fill = (before: number, fits = 0): void => {
    for (let at = before + fits; at < before + fits + 5; at++) symlinkSync("/dev/full", staged(at));
  };
  const room = (): void => {
    for (const name of files("staged")) rmSync(join(world.folder, Bucket, "staged", name));
  };
  const put = (Body: string) => world.sdk.send(new PutObjectCommand({ Bucket, Key, Body, Tagging: "colour=red" }));
  const text = async () => (await world.sdk.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  const fails = async (work: Promise<unknown>): Promise<void> => {
    const left = files("staged").length;
    expect((await refused(work)).message).to.include("ENOSPC");
    expect(files("staged").length, "what was written aside").to.equal(left - 1);
  };

  beforeEach(async () => {
    world = await startWorld();
    // One file is staged for the bucket, and two for an object.
    await world.sdk.send(new CreateBucketCommand({ Bucket }));
    await put("before");
  });
  afterEach(() => world.close());

  it("refuses an object and keeps the one before, and nothing of what did not fit", async () => {
    for (const fits of [0, 1]) {
      fill(fits === 0 ? 3 : 4, fits);
      await fails(put("after"));
      expect(files("bodies")).to.have.length(1);
      expect(files("records")).to.have.length(1);
      room();
    }
    expect(await text()).to.equal("before");
  });

  it("refuses tags and settings and keeps those before", async () => {
    fill(3);
    const Tagging = { TagSet: [{ Key: "colour", Value: "blue" }] };
    await fails(world.sdk.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging })));
    const { TagSet } = await world.sdk.send(new GetObjectTaggingCommand({ Bucket, Key }));
    expect(TagSet).to.deep.equal([{ Key: "colour", Value: "red" }]);
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await fails(world.sdk.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })));
    expect((await world.sdk.send(new GetBucketVersioningCommand({ Bucket }))).Status).to.equal(undefined);
  });

  it("refuses to put parts together, and does so once there is room", async () => {
    const { UploadId } = await world.sdk.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = { Bucket, Key, UploadId, PartNumber: 1 };
    const { ETag } = await world.sdk.send(new UploadPartCommand({ ...part, Body: "together" }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const complete = () =>
      world.sdk.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
    fill(6);
    await fails(complete());
    room();
    await complete();
    expect(await text()).to.equal("together");
  });
});

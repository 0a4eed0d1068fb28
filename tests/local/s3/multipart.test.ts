import { cp, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { refused, startWorld, type World } from "./world";

const Bucket = "parts";
const Key = "whole/thing";
const large = Buffer.alloc(5 * 1024 * 1024, "a");

describe("uploads in parts on the embedded cloud", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
    await world.sdk.send(new CreateBucketCommand({ Bucket }));
  });
  after(() => world.close());

  const begin = async (more = {}): Promise<string> => {
    const { UploadId = "" } = await world.sdk.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
    return UploadId;
  };
  const upload = (UploadId: string, PartNumber: number, Body: Buffer | string, more = {}) =>
    world.sdk.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }));
  const complete = (UploadId: string, Parts: { PartNumber: number; ETag: string | undefined }[], more = {}) =>
    world.sdk.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));

  for (const more of [
    { ChecksumAlgorithm: "SHA256" },
    { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" },
    { ChecksumAlgorithm: "CRC64NVME" },
  ]) {
    it(`puts parts together, with a checksum by ${Object.values(more).join(", ")}`, async () => {
      const id = await begin({ ...more, ContentType: "text/plain", Tagging: "a=b" });
      const { ETag: second } = await upload(id, 2, "end");
      await upload(id, 1, "replaced");
      const { ETag: first } = await upload(id, 1, large);
      const done = await complete(id, [
        { PartNumber: 1, ETag: first },
        { PartNumber: 2, ETag: second },
      ]);
      expect(done.ETag).to.match(/^"[0-9a-f]{32}-2"$/);
      const read = await world.sdk.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
      const bytes = Buffer.from((await read.Body?.transformToByteArray()) ?? []);
      expect(bytes.equals(Buffer.concat([large, Buffer.from("end")]))).to.equal(true);
      expect(read.ContentType).to.equal("text/plain");
    });
  }

  it("lists uploads and parts, and forgets what is aborted", async () => {
    const id = await begin();
    await upload(id, 1, "one");
    await upload(id, 3, "three");
    const first = await world.sdk.send(new ListPartsCommand({ Bucket, Key, UploadId: id, MaxParts: 1 }));
    expect(first.Parts?.map(({ PartNumber }) => PartNumber)).to.deep.equal([1]);
    expect(first.IsTruncated).to.equal(true);
    const { NextPartNumberMarker: PartNumberMarker } = first;
    const rest = await world.sdk.send(new ListPartsCommand({ Bucket, Key, UploadId: id, PartNumberMarker }));
    expect(rest.Parts?.map(({ PartNumber }) => PartNumber)).to.deep.equal([3]);
    const other = await begin();
    const uploads = async () =>
      (await world.sdk.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "whole" }))).Uploads;
    expect((await uploads())?.map(({ UploadId }) => UploadId)).to.have.members([id, other]);
    for (const UploadId of [id, other])
      await world.sdk.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    expect(await uploads()).to.equal(undefined);
    expect((await refused(upload(id, 1, "late"))).name).to.equal("NoSuchUpload");
  });

  it("go on after a restart, with the parts that were acknowledged", async () => {
    const id = await begin({ ContentType: "text/plain" });
    await upload(id, 1, "replaced");
    const { ETag: first } = await upload(id, 1, large);
    const aborted = await begin();
    await world.sdk.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: aborted }));
    const folder = await mkdtemp(join(tmpdir(), "s3-"));
    await cp(world.folder, folder, { recursive: true });
    const again = await startWorld(folder);
    try {
      const { Uploads } = await again.sdk.send(new ListMultipartUploadsCommand({ Bucket }));
      expect(Uploads?.find(({ UploadId }) => UploadId === id)?.Key).to.equal(Key);
      expect(Uploads?.find(({ UploadId }) => UploadId === aborted)).to.equal(undefined);
      const { ETag: second } = await again.sdk.send(
        new UploadPartCommand({ Bucket, Key, UploadId: id, PartNumber: 2, Body: "end" }),
      );
      const Parts = [
        { PartNumber: 1, ETag: first },
        { PartNumber: 2, ETag: second },
      ];
      await again.sdk.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId: id, MultipartUpload: { Parts } }),
      );
      const read = await again.sdk.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = Buffer.from((await read.Body?.transformToByteArray()) ?? []);
      expect(bytes.equals(Buffer.concat([large, Buffer.from("end")]))).to.equal(true);
      expect(read.ContentType).to.equal("text/plain");
      expect(await readdir(join(folder, Bucket, "uploads"))).not.to.include(id);
    } finally {
      await again.close();
    }
  });

  it("refuses what cannot be put together", async () => {
    const id = await begin();
    const { ETag: a } = await upload(id, 1, "a");
    const { ETag: b } = await upload(id, 2, "b");
    const [one, two] = [
      { PartNumber: 1, ETag: a },
      { PartNumber: 2, ETag: b },
    ];
    expect((await refused(complete(id, [one, two]))).name).to.equal("EntityTooSmall");
    expect((await refused(complete(id, [two, one]))).name).to.equal("InvalidPartOrder");
    expect((await refused(complete(id, [{ PartNumber: 1, ETag: b }]))).name).to.equal("InvalidPart");
    expect(
      (await refused(complete(id, [{ ...one, ChecksumCRC32: "AAAAAA==", ChecksumCRC64NVME: "AA" } as typeof one])))
        .name,
    ).to.equal("InvalidPart");
    expect((await refused(complete(id, []))).name).to.equal("MalformedXML");
    expect((await refused(upload(id, 10_001, "x"))).name).to.equal("InvalidArgument");
    expect((await refused(begin({ ChecksumAlgorithm: "SHA1", ChecksumType: "FULL_OBJECT" }))).name).to.equal(
      "InvalidRequest",
    );
    expect((await refused(begin({ ChecksumAlgorithm: "ODD" }))).name).to.equal("InvalidRequest");
    const crc = await begin({ ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const { ETag } = await upload(crc, 1, "x");
    expect((await refused(complete(crc, [{ PartNumber: 1, ETag }], { ChecksumCRC32: "AAAAAA==" }))).name).to.equal(
      "BadDigest",
    );
  });
});

import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { refused, startWorld, type World } from "./world";

const Bucket = "things";

describe("S3 objects on the embedded cloud", () => {
  let world: World;
  const put = (Key: string, Body = "hello", more = {}) =>
    world.sdk.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const text = async (Key: string, more = {}) => {
    const { Body } = await world.sdk.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Body?.transformToString();
  };

  beforeEach(async () => {
    world = await startWorld();
    await world.sdk.send(new CreateBucketCommand({ Bucket }));
  });
  afterEach(() => world.close());

  it("keeps bytes, metadata, type and tags under any key", async () => {
    const Key = "a b/ü+(1)&<.txt";
    const written = await put(Key, "hello", {
      ContentType: "text/plain",
      Metadata: { colour: "red" },
      Tagging: "a=b&c=d",
    });
    const read = await world.sdk.send(new GetObjectCommand({ Bucket, Key }));
    expect(await read.Body?.transformToString()).to.equal("hello");
    expect(read.ETag).to.equal('"5d41402abc4b2a76b9719d911017c592"').and.equal(written.ETag);
    expect(read.ContentType).to.equal("text/plain");
    expect(read.Metadata).to.deep.equal({ colour: "red" });
    expect(read.TagCount).to.equal(2);
    expect(read.ServerSideEncryption).to.equal("AES256");
    const head = await world.sdk.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
    expect(head.ContentLength).to.equal(5);
    expect(head.ChecksumCRC32).to.equal("NhCmhg==");
    const listed = await world.sdk.send(new ListObjectsV2Command({ Bucket, EncodingType: "url" }));
    expect(listed.Contents?.[0]?.Key).to.equal("a%20b/%C3%BC%2B(1)%26%3C.txt");
    expect(world.cloud.meter.bill().lines.map(({ what }) => what)).to.have.members(["s3 write", "s3 read"]);
  });

  it("takes streams, in chunks with a checksum behind them", async () => {
    const Body = Readable.from([Buffer.from("hello "), Buffer.from("world")]);
    await world.sdk.send(
      new PutObjectCommand({ Bucket, Key: "stream", Body, ContentLength: 11, ContentEncoding: "gzip" }),
    );
    const read = await world.sdk.send(new GetObjectCommand({ Bucket, Key: "stream" }));
    expect(await read.Body?.transformToString()).to.equal("hello world");
    expect(read.ContentEncoding).to.equal("gzip");
  });

  for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "SHA1", "SHA256"] as const) {
    it(`agrees with the SDK about ${ChecksumAlgorithm}`, async () => {
      await put("sum", "some longer text", { ChecksumAlgorithm });
      expect(await text("sum", { ChecksumMode: "ENABLED" })).to.equal("some longer text");
    });
  }

  it("knows the check values of CRC32C and CRC64NVME, and refuses others", async () => {
    await put("nvme", "123456789", { ChecksumCRC64NVME: "rosUhgp5mIg=" });
    await put("castagnoli", "123456789", { ChecksumCRC32C: "4waSgw==" });
    expect((await refused(put("bad", "123456789", { ChecksumCRC64NVME: "AAAAAAAAAAA=" }))).name).to.equal("BadDigest");
    expect((await refused(put("bad", "x", { ContentMD5: "XUFAKrxLKna5cZ2REBfFkg==" }))).name).to.equal("BadDigest");
    expect((await refused(put("bad", "x", { ContentMD5: "abc" }))).name).to.equal("InvalidDigest");
    const twice = { ChecksumCRC64NVME: "rosUhgp5mIg=", ChecksumCRC32C: "4waSgw==" };
    expect((await refused(put("bad", "123456789", twice))).name).to.equal("InvalidRequest");
    expect((await refused(world.sdk.send(new HeadObjectCommand({ Bucket, Key: "bad" })))).name).to.equal("NotFound");
  });

  it("reads ranges", async () => {
    await put("digits", "0123456789");
    const read = await world.sdk.send(new GetObjectCommand({ Bucket, Key: "digits", Range: "bytes=2-4" }));
    expect(read.ContentRange).to.equal("bytes 2-4/10");
    expect(await read.Body?.transformToString()).to.equal("234");
    expect(await text("digits", { Range: "bytes=7-" })).to.equal("789");
    expect(await text("digits", { Range: "bytes=-2" })).to.equal("89");
    expect(await text("digits", { Range: "bytes=5-2" })).to.equal("0123456789");
    expect((await refused(text("digits", { Range: "bytes=10-" }))).name).to.equal("InvalidRange");
  });

  it("reads and writes under conditions", async () => {
    await put("once", "first", { IfNoneMatch: "*" });
    const again = await refused(put("once", "second", { IfNoneMatch: "*" }));
    expect(again.name).to.equal("PreconditionFailed");
    expect(again.$metadata.httpStatusCode).to.equal(412);
    const { ETag } = await put("once", "third", { IfMatch: '"8b04d5e3775d298e78455efc5ca404d5"' });
    expect((await refused(put("once", "x", { IfMatch: '"0"' }))).name).to.equal("PreconditionFailed");
    expect((await refused(put("none", "x", { IfMatch: '"0"' }))).name).to.equal("NoSuchKey");
    expect((await refused(put("once", "x", { IfNoneMatch: '"0"' }))).name).to.equal("NotImplemented");
    expect((await refused(text("once", { IfNoneMatch: ETag }))).$metadata.httpStatusCode).to.equal(304);
    expect((await refused(text("once", { IfMatch: '"0"' }))).name).to.equal("PreconditionFailed");
    const past = new Date(Date.now() - 3_600_000);
    const future = new Date(Date.now() + 3_600_000);
    expect((await refused(text("once", { IfUnmodifiedSince: past }))).name).to.equal("PreconditionFailed");
    expect((await refused(text("once", { IfModifiedSince: future }))).$metadata.httpStatusCode).to.equal(304);
    expect(await text("once", { IfMatch: ETag, IfModifiedSince: past, ResponseContentType: "x/y" })).to.equal("third");
  });

  it("lets just one of many writers make an object", async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, (_, at) => put("race", String(at), { IfNoneMatch: "*" })),
    );
    expect(tries.filter(({ status }) => status === "fulfilled")).to.have.length(1);
  });

  it("lists by prefix and delimiter, page by page", async () => {
    for (const key of ["a/1", "a/2", "b", "c/d/1", "é"]) await put(key);
    const found: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await world.sdk.send(
        new ListObjectsV2Command({ Bucket, Delimiter: "/", MaxKeys: 1, ContinuationToken, FetchOwner: true }),
      );
      found.push(page.Contents?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(found).to.deep.equal(["a/", "b", "c/", "é"]);
    const below = await world.sdk.send(new ListObjectsV2Command({ Bucket, Prefix: "a/", StartAfter: "a/1" }));
    expect(below.Contents?.map(({ Key }) => Key)).to.deep.equal(["a/2"]);
    expect(below.KeyCount).to.equal(1);
    const before: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await world.sdk.send(new ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 2, Marker }));
      before.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map((one) => one.Prefix),
      );
      Marker = page.NextMarker;
    } while (Marker);
    expect(before).to.deep.equal(["b", "a/", "é", "c/"]);
    const plain = await world.sdk.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Marker: "a/1" }));
    expect(plain.Contents?.map(({ Key, Owner }) => [Key, Owner?.ID])).to.deep.equal([
      ["a/2", "123456789012"],
      ["b", "123456789012"],
    ]);
    expect([plain.IsTruncated, plain.Marker, plain.NextMarker]).to.deep.equal([true, "a/1", undefined]);
    const wrong = { Bucket, MaxKeys: "many" as unknown as number };
    expect((await refused(world.sdk.send(new ListObjectsV2Command(wrong)))).name).to.equal("InvalidArgument");
  });

  it("keeps versions and hides what was deleted behind a marker", async () => {
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await put("v", "zero");
    await world.sdk.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const { VersionId: one = "" } = await put("v", "one");
    await put("v", "two");
    const deleted = await world.sdk.send(new DeleteObjectCommand({ Bucket, Key: "v" }));
    expect(deleted.DeleteMarker).to.equal(true);
    expect((await refused(text("v"))).name).to.equal("NoSuchKey");
    expect((await refused(text("v", { VersionId: deleted.VersionId }))).name).to.equal("MethodNotAllowed");
    expect((await refused(text("v", { VersionId: "nonesuch" }))).name).to.equal("NoSuchVersion");
    expect(await text("v", { VersionId: one })).to.equal("one");
    expect(await text("v", { VersionId: "null" })).to.equal("zero");

    const all = [];
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    do {
      const page = await world.sdk.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 3, ...markers }));
      all.push(...(page.DeleteMarkers ?? []), ...(page.Versions ?? []));
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    } while (markers.KeyMarker);
    expect(all.map(({ IsLatest }) => IsLatest)).to.deep.equal([true, false, false, false]);

    await world.sdk.send(new DeleteObjectCommand({ Bucket, Key: "v", VersionId: deleted.VersionId }));
    expect(await text("v")).to.equal("two");
    await world.sdk.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }));
    await put("v", "null again");
    expect(await text("v", { VersionId: "null" })).to.equal("null again");
  });

  it("deletes many at once, each by its own permission", async () => {
    for (const key of ["in/1", "in/2", "out/1"]) await put(key);
    const role = world.asRoleClient([{ Action: "s3:DeleteObject", Resource: `arn:aws:s3:::${Bucket}/in/*` }]);
    const Objects = ["in/1", "in/2", "out/1", "in/none"].map((Key) => ({ Key }));
    const { Deleted, Errors } = await role.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).to.deep.equal(["in/1", "in/2", "in/none"]);
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).to.deep.equal([["out/1", "AccessDenied"]]);
    const none = world.sdk.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [] } }));
    expect((await refused(none)).name).to.equal("MalformedXML");
    await world.sdk.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "out/1", VersionId: "null" }], Quiet: true } }),
    );
    expect((await world.sdk.send(new ListObjectsV2Command({ Bucket }))).KeyCount).to.equal(0);
  });

  it("copies, with the source's metadata or new", async () => {
    await put("from here", "bytes", { Metadata: { m: "1" }, Tagging: "t=1", ContentType: "text/plain" });
    const copy = (Key: string, more = {}) =>
      world.sdk.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/from%20here`, ...more }));
    const { CopyObjectResult } = await copy("to");
    expect(CopyObjectResult?.ETag).to.equal('"4b3a6218bb3e3a7303e8a171a60fcf92"');
    const head = await world.sdk.send(new HeadObjectCommand({ Bucket, Key: "to" }));
    expect([head.Metadata, head.ContentType]).to.deep.equal([{ m: "1" }, "text/plain"]);
    expect((await world.sdk.send(new GetObjectTaggingCommand({ Bucket, Key: "to" }))).TagSet).to.deep.equal([
      { Key: "t", Value: "1" },
    ]);
    await copy("new", { MetadataDirective: "REPLACE", Metadata: { n: "2" }, TaggingDirective: "REPLACE" });
    expect((await world.sdk.send(new HeadObjectCommand({ Bucket, Key: "new" }))).Metadata).to.deep.equal({ n: "2" });
    expect((await refused(copy("from here"))).name).to.equal("InvalidRequest");
    expect((await refused(copy("to", { CopySource: `${Bucket}/none` }))).name).to.equal("NoSuchKey");
    expect((await refused(copy("to", { CopySource: `${Bucket}/to?versionId=x` }))).name).to.equal("NoSuchVersion");
    expect((await refused(copy("to", { CopySource: "nothing" }))).name).to.equal("InvalidArgument");
  });

  it("tags", async () => {
    await put("t");
    const tag = (TagSet: { Key: string; Value: string }[]) =>
      world.sdk.send(new PutObjectTaggingCommand({ Bucket, Key: "t", Tagging: { TagSet } }));
    await tag([{ Key: "a", Value: "1" }]);
    const tags = async () => (await world.sdk.send(new GetObjectTaggingCommand({ Bucket, Key: "t" }))).TagSet;
    expect(await tags()).to.deep.equal([{ Key: "a", Value: "1" }]);
    await world.sdk.send(new DeleteObjectTaggingCommand({ Bucket, Key: "t" }));
    expect(await tags()).to.deep.equal([]);
    const many = Array.from({ length: 11 }, (_, at) => ({ Key: `k${at}`, Value: "v" }));
    expect((await refused(tag(many))).name).to.equal("BadRequest");
    expect((await refused(tag([{ Key: "", Value: "v" }]))).name).to.equal("InvalidTag");
    expect((await refused(tag([{ Key: "k", Value: "v".repeat(257) }]))).name).to.equal("InvalidTag");
    const twice = [
      { Key: "k", Value: "1" },
      { Key: "k", Value: "2" },
    ];
    expect((await refused(tag(twice))).name).to.equal("InvalidTag");
  });

  it("refuses what is too large or not supported, by name", async () => {
    expect((await refused(put("k".repeat(1_025)))).name).to.equal("KeyTooLongError");
    expect((await refused(put("m", "x", { Metadata: { m: "x".repeat(2_048) } }))).name).to.equal("MetadataTooLarge");
    for (const more of [{ ACL: "public-read" }, { StorageClass: "GLACIER" }, { WebsiteRedirectLocation: "/x" }]) {
      expect((await refused(put("x", "x", more))).name).to.equal("NotImplemented");
    }
    expect((await refused(put("x", "x", { ExpectedBucketOwner: "000000000000" }))).name).to.equal("AccessDenied");
    const part = world.sdk.send(new GetObjectCommand({ Bucket, Key: "x", PartNumber: 1 }));
    expect((await refused(part)).message).to.contain("partNumber");
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createS3 } from "../../../local/s3/service";
import { startFauxqs } from "../../wire/fauxqs";
import { startTestCloud, type TestCloud } from "../cloud";

const Bucket = "things";
/** What every S3 must say alike. */
const told = [
  "ContentLength",
  "ContentType",
  "ContentRange",
  "ETag",
  "KeyCount",
  "IsTruncated",
  "Metadata",
  "Prefix",
] as const;

/** The same calls, with every kind of end. */
const play = async (client: S3Client): Promise<unknown[]> => {
  const ends: unknown[] = [];
  const call = async (work: Promise<object>): Promise<void> => {
    try {
      const output = (await work) as Record<string, unknown> & { Body?: { transformToString: () => Promise<string> } };
      const { Body, Contents, CommonPrefixes, Deleted } = output as typeof output &
        Record<string, object[] | undefined>;
      ends.push({
        ...Object.fromEntries(told.flatMap((name) => (output[name] === undefined ? [] : [[name, output[name]]]))),
        ...(Body && { body: await Body.transformToString() }),
        ...(Contents && {
          keys: Contents.map((one) => Object.entries(one).filter(([name]) => ["Key", "Size", "ETag"].includes(name))),
        }),
        ...(CommonPrefixes && { CommonPrefixes }),
        ...(Deleted && { deleted: Deleted.length }),
      });
    } catch (error) {
      ends.push({ refused: (error as Error).name });
    }
  };
  const put = (Key: string, Body: string, more = {}) =>
    call(client.send(new PutObjectCommand({ Bucket, Key, Body, ...more })));
  const get = (Key: string, more = {}) => call(client.send(new GetObjectCommand({ Bucket, Key, ...more })));
  const list = (more = {}) => call(client.send(new ListObjectsV2Command({ Bucket, ...more })));

  await client.send(new CreateBucketCommand({ Bucket }));
  await put("a/1.txt", "hello world", { ContentType: "text/plain", Metadata: { kind: "greeting" } });
  await put("a/2 ü&<.txt", "second");
  await put("b.txt", "");
  await get("a/1.txt");
  await get("a/2 ü&<.txt");
  await get("a/1.txt", { Range: "bytes=0-4" });
  await get("a/1.txt", { Range: "bytes=-5" });
  await get("none");
  await call(client.send(new HeadObjectCommand({ Bucket, Key: "a/1.txt" })));
  await call(client.send(new HeadObjectCommand({ Bucket, Key: "none" })));
  await call(client.send(new GetObjectCommand({ Bucket: "nowhere", Key: "a" })));
  await list();
  await list({ Prefix: "a/" });
  await list({ Delimiter: "/" });
  await list({ MaxKeys: 1 });
  await call(client.send(new ListObjectsCommand({ Bucket, Prefix: "a/" })));
  await call(client.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/a/1.txt` })));
  await get("copy");
  await call(client.send(new DeleteBucketCommand({ Bucket })));
  await call(client.send(new DeleteObjectCommand({ Bucket, Key: "none" })));
  await call(
    client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: ["a/1.txt", "a/2 ü&<.txt", "b.txt", "copy"].map((Key) => ({ Key })) },
      }),
    ),
  );
  await list();
  await call(client.send(new DeleteBucketCommand({ Bucket })));
  return ends;
};

describe("objects beside another engine", () => {
  let folder: string;
  let ours: TestCloud;
  let other: Awaited<ReturnType<typeof startFauxqs>>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "signal9-objects-"));
    [ours, other] = await Promise.all([startTestCloud((cloud) => [createS3(cloud, { folder })]), startFauxqs()]);
  });
  after(async () => {
    await Promise.all([ours.close(), other.stop()]);
    rmSync(folder, { recursive: true });
  });

  it("end as they do there", async () => {
    const client = (endpoint: string) => new S3Client({ ...ours.client, endpoint, forcePathStyle: true });
    const [found, expected] = [await play(client(ours.gateway.url)), await play(client(other.endpoint))];
    expect(found).to.deep.equal(expected);
    expect(found.length).to.be.greaterThan(20);
  });
});

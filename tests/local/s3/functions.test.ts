import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createLambda, type Lambda } from "../../../local/lambda/service";
import { createS3 } from "../../../local/s3/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { testQueue } from "../lambda/queue";
import { aFunction, arnOf, functionType, permissionType } from "../lambda/serviceWorld";

const Bucket = "uploads";

describe("functions that S3 tells of objects", () => {
  let world: TestCloud;
  let lambda: Lambda | undefined;
  let folder: string;
  const lines: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "s3-functions-"));
    lines.length = 0;
    world = await startTestCloud((cloud) => {
      lambda = createLambda(cloud, {
        workDir: join(folder, "functions"),
        source: testQueue(cloud).source,
        onLog: (_, __, { message }) => lines.push(message),
      });
      return [lambda, createS3(cloud, { folder: join(folder, "objects") })];
    });
    await world.declare("aws:s3/bucket:Bucket", "declared", { bucket: Bucket });
  });
  afterEach(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const declareFunction = (handler: string) => world.declare(functionType, "import", aFunction("import", handler));
  const permit = (sourceArn: string, sourceAccount = "123456789012") =>
    world.declare(permissionType, `s3-${sourceArn.length}-${sourceAccount}`, {
      function: "import",
      action: "lambda:InvokeFunction",
      principal: "s3.amazonaws.com",
      sourceArn,
      sourceAccount,
    });
  const notify = () =>
    world
      .declare("aws:s3/bucketNotification:BucketNotification", "declared", {
        bucket: Bucket,
        lambdaFunctions: [
          {
            id: "statements",
            lambdaFunctionArn: arnOf("import"),
            events: ["s3:ObjectCreated:*"],
            filterPrefix: "in/",
            filterSuffix: ".csv",
          },
        ],
      })
      .then(
        () => "made",
        (error: Error) => error.message,
      );
  const put = (Key: string) =>
    new S3Client({ ...world.client, forcePathStyle: true }).send(new PutObjectCommand({ Bucket, Key, Body: "hello" }));
  const told = () =>
    lines
      .filter((line) => line.includes("TOLD"))
      .map((line) => JSON.parse(/TOLD (.*) END/.exec(JSON.parse(line).message)?.[1] ?? ""));

  it("must let this bucket of this account call them, or the notification is not made", async () => {
    await declareFunction("async () => 1");
    expect(await notify()).to.include("Unable to validate the following destination configurations");
    await permit("arn:aws:s3:::other");
    expect(await notify()).to.include("Unable to validate");
    await permit(`arn:aws:s3:::${Bucket}`, "111122223333");
    expect(await notify()).to.include("Unable to validate");
    await permit(`arn:aws:s3:::${Bucket}`);
    expect(await notify()).to.equal("made");
    expect(lines).to.deep.equal([]);
  });

  it("are called for what fits prefix and suffix, with S3's own event, and again when they fail", async () => {
    await declareFunction(
      'async (event) => { console.log("TOLD " + JSON.stringify(event) + " END"); globalThis.tries = (globalThis.tries ?? 0) + 1; if (globalThis.tries === 1) throw new Error("not yet"); }',
    );
    await permit(`arn:aws:s3:::${Bucket}`);
    await notify();
    await put("in/a b.csv");
    await put("in/a.txt");
    await put("out/a.csv");
    await world.cloud.activity.settle(world.cloud.clock);
    const events = told() as { Records: Record<string, unknown>[] }[];
    expect(events).to.have.length(2);
    expect(events[1]).to.deep.equal(events[0]);
    const [record = expect.fail("no record")] = events[0]?.Records ?? [];
    expect(record).to.include({ eventVersion: "2.1", eventSource: "aws:s3", eventName: "ObjectCreated:Put" });
    expect(record["s3"]).to.deep.include({
      s3SchemaVersion: "1.0",
      configurationId: "statements",
      bucket: { name: Bucket, ownerIdentity: { principalId: "A1LOCALOWNER" }, arn: `arn:aws:s3:::${Bucket}` },
    });
    expect((record["s3"] as { object: object }).object).to.include({ key: "in/a+b.csv", size: 5 });
  });
});

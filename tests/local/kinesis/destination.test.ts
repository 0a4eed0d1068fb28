import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { arnOf as functionArn } from "../lambda/serviceWorld";
import { type MappingWorld, startMappingWorld, telling } from "./mappingWorld";
import { arnOf, shardId } from "./world";

const queueArn = "arn:aws:sqs:us-east-1:123456789012:lost";
const topicArn = "arn:aws:sns:us-east-1:123456789012:lost";
const bucketArn = "arn:aws:s3:::lost-batches";

describe("records that a mapping gives up", () => {
  let world: MappingWorld;
  let s3: S3Client;
  before(async () => {
    world = await startMappingWorld();
    s3 = new S3Client({ ...world.client, forcePathStyle: true });
    await world.declare("aws:sqs/queue:Queue", "lost", { name: "lost" });
    await world.declare("aws:s3/bucket:Bucket", "lost", { bucket: "lost-batches" });
    world.grant("queue", "sqs:SendMessage", queueArn);
    world.grant("bucket", ["s3:PutObject", "s3:ListBucket"], [bucketArn, `${bucketArn}/*`]);
  });
  after(() => world.close());

  const to = (destinationArn: string) => ({ destinationConfig: { onFailure: { destinationArn } } });
  /** What came into the queue since the last time. */
  const told = async (): Promise<Record<string, Record<string, unknown>>[]> => {
    const messages = await world.sqs.queues.receive(queueArn, { max: 10 });
    await world.sqs.queues.delete(
      queueArn,
      messages.map(({ receiptHandle }) => receiptHandle),
    );
    return messages.map(({ body }) => JSON.parse(body));
  };

  it("are told of to a queue: what they were, why and how often they were tried, not what was in them", async () => {
    const handler = telling('throw new Error("never");');
    await world.map("queued", handler, { maximumRetryAttempts: 2, ...to(queueArn) });
    await world.put("queued", "a:1", "b:2");
    await world.settle();
    expect(world.heard("queued").length).to.equal(3);
    const [message = {}, ...more] = await told();
    expect(more).to.deep.equal([]);
    const { requestContext, KinesisBatchInfo, timestamp, ...rest } = message;
    const { requestId, ...context } = requestContext ?? {};
    expect(requestId).to.be.a("string").that.is.not.empty;
    expect(context).to.deep.equal({
      functionArn: functionArn("queued"),
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: 3,
    });
    expect(rest).to.deep.equal({
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
    });
    expect(timestamp).to.match(/^\d{4}-.*Z$/);
    const { startSequenceNumber, endSequenceNumber, ...info } = KinesisBatchInfo ?? {};
    expect(info).to.include({ shardId: shardId(0), batchSize: 2, streamArn: arnOf("queued") });
    expect(String(startSequenceNumber) < String(endSequenceNumber)).to.equal(true);
  });

  it("are told of to a topic as to a queue, where the function's role may publish there", async () => {
    await world.declare("aws:sns/topic:Topic", "lost", { name: "lost" });
    const mail = { topic: topicArn, protocol: "email", endpoint: "on-call@example.com" };
    await world.declare("aws:sns/topicSubscription:TopicSubscription", "lost", mail);
    const refused = await world
      .map("unheard", telling(""), { maximumRetryAttempts: 0, ...to(topicArn) })
      .catch((error: Error) => error);
    expect(refused)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.includes("does not have permissions to call Publish on SNS");
    world.grant("topic", "sns:Publish", topicArn);
    await world.map("published", telling('throw new Error("never");'), { maximumRetryAttempts: 1, ...to(topicArn) });
    await world.put("published", "a:1", "b:2");
    await world.settle();
    const [sent, ...more] = world.sns.mailbox();
    expect(more).to.deep.equal([]);
    const told = JSON.parse(sent?.text ?? "{}") as Record<string, unknown>;
    expect(told["requestContext"]).to.include({ condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 });
    expect(told["KinesisBatchInfo"]).to.include({ batchSize: 2, streamArn: arnOf("published") });
    expect(told).to.not.have.property("payload");
  });

  it("go to a bucket whole, one object a batch, and the records after them go on", async () => {
    const handler = telling('return reporting("bad");');
    const rules = { functionResponseTypes: ["ReportBatchItemFailures"], bisectBatchOnFunctionError: true };
    const uuid = await world.map("stored", handler, { maximumRetryAttempts: 1, ...rules, ...to(bucketArn) });
    await world.put("stored", "a:1", "b:bad", "c:3", "d:bad too");
    await world.settle();
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "lost-batches" }));
    expect(Contents.length).to.equal(2);
    const texts: string[] = [];
    for (const { Key } of Contents) {
      expect(Key).to.match(
        new RegExp(
          `^aws/lambda/${uuid}/${shardId(0)}/\\d{4}/\\d\\d/\\d\\d/\\d{4}-\\d\\d-\\d\\dT\\d\\d\\.\\d\\d\\.\\d\\d-[0-9a-f-]{36}$`,
        ),
      );
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: "lost-batches", Key }));
      const stored = JSON.parse((await Body?.transformToString()) ?? "");
      expect(stored.requestContext).to.include({ condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 });
      expect(stored.responseContext).to.deep.equal({ statusCode: 200, executedVersion: "$LATEST" });
      expect(stored.KinesisBatchInfo.batchSize).to.equal(1);
      const { Records } = JSON.parse(stored.payload);
      expect(Records[0].eventID).to.equal(`${shardId(0)}:${stored.KinesisBatchInfo.startSequenceNumber}`);
      texts.push(Buffer.from(Records[0].kinesis.data, "base64").toString());
    }
    expect(texts.sort()).to.deep.equal(["bad", "bad too"]);
    const done = world.heard("stored").flat();
    expect(done.filter((text) => text === "3").length).to.be.greaterThan(0);
  });

  it("are those alone that are too old, the others being tried again", async () => {
    const handler = telling('if (texts.includes("old")) throw new Error("not yet");');
    await world.map("aged", handler, { maximumRecordAgeInSeconds: 60, batchSize: 10, ...to(queueArn) });
    await world.enable("aged", false);
    await world.put("aged", "a:old");
    await world.later(30);
    await world.put("aged", "b:new");
    await world.enable("aged", true);
    await world.settle();
    const heard = world.heard("aged");
    expect(heard[0]).to.deep.equal(["old", "new"]);
    expect(heard.at(-1)).to.deep.equal(["new"]);
    const [message] = await told();
    expect(message?.["requestContext"]).to.include({
      condition: "RecordAgeExceeded",
      approximateInvokeCount: heard.length - 1,
    });
    expect(message?.["KinesisBatchInfo"]).to.include({ batchSize: 1 });
  });

  it("are given up at the latest when the stream lets them go", async () => {
    await world.map("expired", telling('throw new Error("never");'), to(queueArn));
    await world.put("expired", "a:1");
    await world.idle();
    // All at once: the retries on the way find it too old.
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 25 * 3_600_000);
    await world.settle();
    const [message] = await told();
    expect(message?.["requestContext"]).to.include({ condition: "RecordAgeExceeded" });
  });

  it("go where a record goes that is too large for an invocation", async () => {
    await world.map("large", telling(""), to(queueArn), { shardCount: 1, maxRecordSizeInKib: 10_240 });
    for (const record of ["a:before", `b:${"x".repeat(5_000_000)}`, "c:after"]) {
      await world.put("large", record);
      await world.later(1);
    }
    await world.settle();
    expect(world.heard("large").flat()).to.deep.equal(["before", "after"]);
    const [message] = await told();
    expect(message?.["requestContext"]).to.include({ approximateInvokeCount: 0 });
    expect(message?.["responseContext"]).to.deep.equal({ statusCode: 200, executedVersion: "$LATEST" });
  });

  it("are counted where their destination cannot be reached any more", async () => {
    await world.map("unreached", telling('throw new Error("never");'), { maximumRetryAttempts: 0, ...to(queueArn) });
    world.grant("closed", "sqs:SendMessage", queueArn, "Deny");
    await world.put("unreached", "a:1");
    await world.settle();
    expect(await told()).to.deep.equal([]);
    const failures = world.metrics.filter(
      ({ name, dimensions }) => name === "DestinationDeliveryFailures" && dimensions["FunctionName"] === "unreached",
    );
    expect(failures.length).to.equal(1);
  });
});

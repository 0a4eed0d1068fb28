import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { batchesWaiting, readBatch } from "../../commands/dlq/batches";
import { listedBatches, shownBatch } from "../../commands/dlq/print";
import { redriveBatch, redriveBatches } from "../../commands/dlq/redriveBatch";
import { s3 } from "../../functions/processing/aws/s3";
import { countPutAside } from "../../functions/processing/deadLetters/putAside";
import { fromLetter } from "../../functions/processing/stream/read/letter";
import { UserError } from "../../local/engine/stackFile";
import { bucket, deadLetterWorld, deskAt, nine } from "./deadLetterWorld";
import { testRun } from "./run";
import { record } from "./stream/world";
import { record as message } from "./world";

const desk = deskAt(nine);
const queue = "signal9-dev-ingestion";
const keyOf = (name: string) => `aws/lambda/mapping/shardId-000000000000/2026/10/29/${name}`;

/** What Lambda writes of a batch that it gives up. */
const objectOf = (records: ReturnType<typeof record>[]) =>
  JSON.stringify({
    requestContext: {
      requestId: "request",
      functionArn: `arn:aws:lambda:us-east-1:123456789012:function:${queue}`,
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: 101,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    version: "1.0",
    timestamp: "2026-10-29T20:00:00.000Z",
    KinesisBatchInfo: {
      shardId: "shardId-000000000000",
      startSequenceNumber: records[0]?.kinesis.sequenceNumber ?? "",
      endSequenceNumber: records.at(-1)?.kinesis.sequenceNumber ?? "",
      approximateArrivalOfFirstRecord: "2026-10-29T12:30:00.000Z",
      approximateArrivalOfLastRecord: "2026-10-29T12:30:00.000Z",
      batchSize: records.length,
      streamArn: "arn:aws:kinesis:us-east-1:123456789012:stream/signal9-dev-experiment-stream",
    },
    payload: JSON.stringify({ Records: records }),
  });

describe("batches of a stream that were put aside", () => {
  let world: Awaited<ReturnType<typeof deadLetterWorld>>;
  const made: string[] = [];
  before(async () => {
    world = await deadLetterWorld();
  });
  beforeEach(() => world.clean());
  afterEach(async () => {
    for (const key of made.splice(0))
      for (const Key of [key, `redriven/${key}`]) await s3().send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    await world.clean();
  });

  const putAside = async (name: string, text: string): Promise<string> => {
    const key = keyOf(name);
    made.push(key);
    await s3().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
    return key;
  };
  const some = (count: number) => Array.from({ length: count }, (_, at) => record({ eventId: `${at}` }, at + 1));
  const bodies = async () => (await world.source.take()).map(({ Body = "" }) => Body);
  const waiting = async () => (await batchesWaiting(desk)).map(({ key }) => key);

  it("are listed and counted, and shown with what was in them, secrets aside", async () => {
    expect(listedBatches(await batchesWaiting(desk))).to.equal("0 batches put aside");
    const key = await putAside("one", objectOf([record({ eventId: "1", password: "tell nobody" }, 1)]));
    await putAside("two", objectOf(some(2)));
    expect(await countPutAside(testRun(nine))).to.equal(2);
    const listed = listedBatches(await batchesWaiting(desk));
    expect(listed).to.include(key).and.include("2 batches put aside");
    const shown = shownBatch(key, await readBatch(desk, key));
    for (const word of [
      "RetryAttemptsExhausted, after 101 invocations",
      `queue ${queue}`,
      '"eventId": "1"',
      "Unhandled",
    ])
      expect(shown).to.include(word);
    expect(shown).to.not.include("tell nobody");
    const binary = await putAside("three", objectOf([record(Buffer.from([0xff, 0xfe, 0x00]), 1)]));
    expect(shownBatch(binary, await readBatch(desk, binary))).to.include("3 bytes that are not text");
  });

  it("are redriven record by record, as they were when they first arrived, and are out of the way then", async () => {
    const records = some(23);
    const key = await putAside("whole", objectOf(records));
    expect(await redriveBatch(desk, key)).to.deep.equal({
      letterId: key,
      origin: queue,
      did: "redriven",
      why: `23 records sent to queue ${queue}`,
    });
    const arrived = await Promise.all((await bodies()).map((body) => fromLetter(message(body), testRun(nine))));
    const told = arrived.map(({ data, sequenceNumber, arrivedAt, partitionKey, shardId }) => ({
      data: Buffer.from(data).toString("base64"),
      sequenceNumber,
      arrivedAt,
      partitionKey,
      shardId,
    }));
    expect(told).to.have.deep.members(
      records.map(({ kinesis, eventID }) => ({
        data: kinesis.data,
        sequenceNumber: kinesis.sequenceNumber,
        arrivedAt: kinesis.approximateArrivalTimestamp * 1_000,
        partitionKey: kinesis.partitionKey,
        shardId: eventID.split(":")[0],
      })),
    );
    expect(await waiting()).to.deep.equal([]);
    expect(await countPutAside(testRun(nine))).to.equal(0);
    const kept = await s3().send(new HeadObjectCommand({ Bucket: bucket, Key: `redriven/${key}` }));
    expect(kept.Metadata).to.deep.equal({ "redriven-by": "somebody", "redriven-at": "2026-10-29T21:00:00.000Z" });
  });

  it("are redriven once, unless somebody asks for it again, and only looked at by a dry run", async () => {
    const key = await putAside("once", objectOf(some(2)));
    expect(await redriveBatch(desk, key, { dryRun: true })).to.include({ did: "would be redriven" });
    expect([await bodies(), await waiting()]).to.deep.equal([[], [key]]);
    expect((await redriveBatches(desk, [key])).map(({ did }) => did)).to.deep.equal(["redriven"]);
    expect(await redriveBatch(desk, key)).to.include({ did: "left alone", why: "it was redriven before" });
    expect(await bodies()).to.have.length(2);
    expect(await redriveBatch(desk, key, { again: true })).to.include({ did: "redriven" });
    expect(await bodies()).to.have.length(2);
  });

  it("may hold more than a queue takes: by one call, and by one message", async () => {
    const large = (size: number, at: number) =>
      record({ eventId: `${at}`, properties: { text: "x".repeat(size) } }, at);
    const records = [large(600_000, 1), large(600_000, 2), large(900_000, 3), large(10, 4)];
    const key = await putAside("large", objectOf(records));
    expect(await redriveBatch(desk, key)).to.include({ did: "redriven" });
    const letters = (await bodies()).map((body) => JSON.parse(body) as { object?: string; data?: string });
    expect(letters).to.have.length(4);
    const [kept] = letters.filter(({ object }) => object !== undefined);
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: kept?.object ?? "" }));
    expect((await Body?.transformToString())?.length).to.be.greaterThan(900_000);
  });

  it("wait on where the queue does not take them, and the others are redriven", async () => {
    const refusing = new SQSClient({ useQueueUrlAsEndpoint: false });
    let calls = 0;
    refusing.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          if (commandName !== "SendMessageBatchCommand" || ++calls !== 1) return answer;
          return {
            ...answer,
            output: {
              ...answer.output,
              Successful: [],
              Failed: [{ Id: "0", Code: "InternalError", Message: "no", SenderFault: false }],
            },
          };
        },
      { step: "initialize" },
    );
    const [bad, good] = [await putAside("a", objectOf(some(1))), await putAside("b", objectOf(some(1)))];
    const odd = await putAside("c", "what is this");
    const ends = await redriveBatches(deskAt(nine, { sqs: refusing }), [bad, good, odd]);
    expect(ends.map(({ did }) => did)).to.deep.equal(["failed", "redriven", "failed"]);
    expect(ends[0]?.why).to.include("1 records were not taken: InternalError: no");
    expect(ends[2]?.why).to.include("is not a batch of a stream");
    expect(await waiting()).to.have.members([bad, odd]);
  });

  it("are named, or it is said that there is none", async () => {
    const error = await readBatch(desk, keyOf("none")).catch((refused: Error) => refused);
    expect(error).to.be.instanceOf(UserError).with.property("message").that.includes("There is no batch");
  });
});

import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { BatchWriteCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { SQSRecord } from "aws-lambda";
import { expect } from "chai";
import { contentsOf, letter } from "../../commands/dlq/letters";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { s3 } from "../../functions/processing/aws/s3";
import { countWaiting } from "../../functions/processing/deadLetters/count";
import { deadLetterWatch } from "../../functions/processing/deadLetterWatch";
import { deadRecord, invocationRecord, refusal } from "../unit/deadLetters/records";
import { bucket, deadLetterWorld, deskAt, nine, processorAt, rowsNow } from "./deadLetterWorld";
import { captureOutput, type Line } from "./output";
import { testRun } from "./run";
import { context, envelope } from "./world";

const minute = 60_000;

const body = (asset: string): string =>
  envelope("dataIngestionNeeded", { assetId: asset, eventId: `event-${asset}`, correlationId: `flow-${asset}` });

const refused = (asset: string, messageId: string, over: Record<string, string> = {}): SQSRecord =>
  deadRecord({ body: body(asset), messageId, attributes: { ...refusal, ...over } });

const metric = (lines: Line[], name: string): unknown => lines.find((line) => name in line)?.[name];

describe("the processor of dead letters", () => {
  let world: Awaited<ReturnType<typeof deadLetterWorld>>;
  before(async () => {
    world = await deadLetterWorld();
  });
  beforeEach(() => world.clean());
  after(() => world.clean());

  const process = (now: number, ...Records: SQSRecord[]) =>
    captureOutput(() => processorAt(now)({ Records }, context()));
  /** Each by an invocation of its own. */
  const together = async (records: SQSRecord[]) => {
    const invocations = records.map((one, at) => ({ Records: [one], awsRequestId: `request-${at}` }));
    const { result } = await captureOutput(() =>
      Promise.all(
        invocations.map(({ Records, awsRequestId }) => processorAt(nine)({ Records }, { ...context(), awsRequestId })),
      ),
    );
    return result;
  };
  const onlyRow = async () => {
    const [row, another] = await rowsNow();
    if (!row || another) throw new Error("there is not exactly one dead letter");
    return row;
  };

  it("stores each letter with all that is known of it, and then lets its queue forget it", async () => {
    const { result, lines } = await process(nine, refused("AAPL", "m-1", { field: "detail.assetId" }));
    expect(result).to.deep.equal({ batchItemFailures: [] });
    const row = await onlyRow();
    expect(row).to.deep.include({
      origin: "ingestion",
      status: "waiting",
      category: "validation",
      reason: "is missing",
      field: "detail.assetId",
      body: body("AAPL"),
      event_id: "event-AAPL",
      event_type: "dataIngestionNeeded",
      correlation_id: "flow-AAPL",
      count: 1,
      first_seen: "2026-10-29T21:00:00.000Z",
      last_seen: "2026-10-29T21:00:00.000Z",
    });
    expect(row).not.to.have.property("expires_at");
    const line = lines.find(({ message }) => message === "stored a dead letter");
    expect(line).to.include({ correlationId: "flow-AAPL", letterId: row.letter_id, end: "new", messageId: "m-1" });
    expect(metric(lines, "DeadLettersStored")).to.equal(1);
  });

  it("knows a letter that its queue delivers again, and counts one that died again", async () => {
    await process(nine, refused("AAPL", "m-1"));
    const once = await process(nine + minute, refused("AAPL", "m-1"));
    expect(await onlyRow()).to.include({ count: 1, last_seen: "2026-10-29T21:00:00.000Z" });
    expect(metric(once.lines, "DeadLettersStored")).to.equal(undefined);
    await process(nine + 2 * minute, refused("AAPL", "m-2", { reason: "is odd" }), refused("AAPL", "m-3"));
    const row = await onlyRow();
    expect(row).to.include({ count: 3, first_seen: "2026-10-29T21:00:00.000Z", last_seen: "2026-10-29T21:02:00.000Z" });
    expect(row.arrivals).to.have.members(["m-1", "m-2", "m-3"]);
  });

  it("counts each of many copies that come at the same moment", async () => {
    const copies = Array.from({ length: 8 }, (_, at) => refused("AAPL", `m-${at}`));
    const answers = await together([...copies, ...copies]);
    expect(answers.flatMap(({ batchItemFailures }) => batchItemFailures)).to.deep.equal([]);
    expect(await onlyRow()).to.include({ count: 8, version: 8 });
  });

  it("puts aside what is too large for a row, to the last byte", async () => {
    const large = JSON.stringify({ text: "Größe ✓ ".repeat(60_000) });
    const { result } = await process(nine, deadRecord({ body: large, attributes: { priority: "high" } }));
    expect(result.batchItemFailures).to.deep.equal([]);
    const row = await onlyRow();
    expect(row).not.to.have.any.keys("body", "attributes");
    expect(row.bytes).to.equal(Buffer.byteLength(large));
    const kept = await contentsOf(deskAt(nine), await letter(deskAt(nine), row.letter_id));
    expect(kept).to.deep.equal({ body: large, attributes: { priority: { type: "String", text: "high" } } });
  });

  it("keeps in its row whatever a row has room for", async () => {
    const { Contents: before = [] } = await s3().send(new ListObjectsV2Command({ Bucket: bucket }));
    const fits = "x".repeat(350 * 1_024 - 100);
    await process(nine, deadRecord({ body: fits }));
    expect(await onlyRow()).to.include({ body: fits });
    const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(Contents).to.have.length(before.length);
  });

  it("leaves in its queue just what could not be stored", async () => {
    const { env } = globalThis.process;
    env["DEAD_LETTERS_BUCKET"] = "signal9-test-gone";
    const large = deadRecord({ body: "x".repeat(400_000), messageId: "large" });
    const { result, lines } = await process(nine, refused("AAPL", "m-1"), large, refused("MSFT", "m-2"));
    expect(result.batchItemFailures).to.deep.equal([{ itemIdentifier: "large" }]);
    expect((await rowsNow()).map(({ event_id }) => event_id)).to.have.members(["event-AAPL", "event-MSFT"]);
    expect(metric(lines, "Failure")).to.equal(1);
    env["DEAD_LETTERS_TABLE"] = "gone";
    const none = await process(nine, refused("IBM", "m-3"));
    expect(none.result.batchItemFailures).to.deep.equal([{ itemIdentifier: "m-3" }]);
  });

  it("begins nothing that it has no time for", async () => {
    const late = await captureOutput(() => processorAt(nine)({ Records: [refused("AAPL", "m-1")] }, context(1_000)));
    expect(late.result.batchItemFailures).to.deep.equal([{ itemIdentifier: "m-1" }]);
    expect(await rowsNow()).to.deep.equal([]);
  });

  it("tells of each kind once an hour", async () => {
    await process(
      nine,
      refused("AAPL", "m-1"),
      refused("MSFT", "m-2"),
      refused("IBM", "m-3", { category: "permanent" }),
    );
    const told = await world.notified();
    expect(told.map(({ Subject }) => Subject)).to.have.members([
      "Dead letters of ingestion: validation",
      "Dead letters of ingestion: permanent",
    ]);
    const [first] = told.filter(({ Subject }) => Subject.endsWith("validation"));
    expect(JSON.parse(first?.Message ?? "{}")).to.deep.include({
      origin: "ingestion",
      category: "validation",
      letters: 2,
    });
    await process(nine + 59 * minute, refused("GOOG", "m-4"));
    expect(await world.notified()).to.deep.equal([]);
    await process(nine + 60 * minute, refused("AMZN", "m-5"));
    expect(await world.notified()).to.have.length(1);
  });

  it("tells once though several processors have letters of one kind at the same moment", async () => {
    await together(["AAPL", "MSFT", "IBM", "GOOG"].map((asset) => refused(asset, `m-${asset}`)));
    expect(await world.notified()).to.have.length(1);
  });

  it("stores letters though nobody can be told, says so, and tells of the next", async () => {
    const { env } = globalThis.process;
    const topic = env["DLQ_NOTIFICATIONS_TOPIC_ARN"];
    env["DLQ_NOTIFICATIONS_TOPIC_ARN"] = "arn:aws:sns:us-east-1:000000000000:gone";
    const { result, lines } = await process(nine, refused("AAPL", "m-1"));
    expect(result.batchItemFailures).to.deep.equal([]);
    expect(await rowsNow()).to.have.length(1);
    expect(metric(lines, "Failure")).to.equal(1);
    expect(lines.map(({ message }) => message)).to.include("nobody was told of the dead letters");
    env["DLQ_NOTIFICATIONS_TOPIC_ARN"] = topic;
    await process(nine, refused("MSFT", "m-2"));
    expect(await world.notified()).to.have.length(1);
  });

  it("tells of no letter that has ended, though its queue delivers it once more", async () => {
    await process(nine, refused("AAPL", "m-1"));
    await world.notified();
    const { letter_id } = await onlyRow();
    await dynamodb().send(
      new UpdateCommand({
        TableName: "dead-letters",
        Key: { letter_id },
        UpdateExpression: "SET #status = :redriven",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":redriven": "redriven" },
      }),
    );
    await process(nine + 120 * minute, refused("AAPL", "m-1"));
    expect(await world.notified()).to.deep.equal([]);
    expect((await onlyRow()).status).to.equal("redriven");
  });

  it("counts apart what no alarm of a function can see: what was never delivered, and runs", async () => {
    const attributes = { ERROR_CODE: "SDK_CLIENT_ERROR", ERROR_MESSAGE: "no such queue" };
    const { lines } = await process(
      nine,
      deadRecord({ queue: "ingestion-undelivered", messageId: "m-1", attributes }),
      deadRecord({ queue: "outbox-sweeper-dlq", messageId: "m-2", body: invocationRecord() }),
    );
    expect(metric(lines, "DeadLettersStored")).to.deep.equal([1, 1]);
    expect(metric(lines, "DeadLettersUndelivered")).to.equal(1);
    expect(metric(lines, "DeadLettersOfRuns")).to.equal(1);
  });

  it("counts what waits to the end, however many there are", async () => {
    // An index answers with 1 MB at most, and of these it takes 3 KB each.
    const long = (at: number, length: number) => `${at}-${"x".repeat(length)}`;
    for (let from = 0; from < 400; from += 25) {
      const letters = Array.from({ length: 25 }, (_, at) => ({
        PutRequest: {
          Item: { letter_id: long(from + at, 1_900), status: "waiting", failed_at: long(from + at, 900) },
        },
      }));
      await dynamodb().send(new BatchWriteCommand({ RequestItems: { "dead-letters": letters } }));
    }
    expect(await countWaiting(testRun(nine))).to.equal(400);
  });

  it("is watched: what waits is counted, and nothing else", async () => {
    const assets = Array.from({ length: 25 }, (_, at) => refused(`A${at}`, `m-${at}`));
    await process(nine, ...assets);
    expect(await countWaiting(testRun(nine))).to.equal(25);
    const { Items = [] } = await dynamodb().send(new ScanCommand({ TableName: "dead-letters" }));
    await dynamodb().send(
      new UpdateCommand({
        TableName: "dead-letters",
        Key: { letter_id: Items[0]?.["letter_id"] },
        UpdateExpression: "SET #status = :discarded",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":discarded": "discarded" },
      }),
    );
    const firing = { trigger: "count", time: "2026-10-29T21:00:00Z" };
    const { result, lines } = await captureOutput(() => deadLetterWatch(firing, context()));
    expect(result).to.deep.equal({ waiting: 24, putAside: 0 });
    expect(metric(lines, "DeadLettersWaiting")).to.equal(24);
  });
});

import { gzipSync } from "node:zlib";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { Message } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { s3 } from "../../../functions/processing/aws/s3";
import { mostLetters } from "../../../functions/processing/stream/receive";
import { aggregated } from "../../unit/stream/aggregated";
import { captureOutput, type Line } from "../output";
import { record as message, type World } from "../world";
import { type Fault, withFaults } from "./faults";
import { archived, batchOf, cleanWorld, countedIn, event, given, hour, now, processor, record } from "./world";

type Batch = Parameters<ReturnType<typeof processor>>[0];

const attribute = ({ MessageAttributes = {} }: Message, name: string) => MessageAttributes[name]?.StringValue;
const bodyOf = ({ Body = "{}" }: Message) => JSON.parse(Body) as Record<string, unknown>;

/** The sums of what was counted in embedded metric format. */
const metricsIn = (lines: readonly Line[]): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const line of lines.filter((one) => "_aws" in one))
    for (const [name, value] of Object.entries(line)) {
      const numbers = [value].flat().filter((one): one is number => typeof one === "number");
      if (numbers.length > 0) sums[name] = (sums[name] ?? 0) + numbers.reduce((a, b) => a + b);
    }
  return sums;
};

describe("a batch of the experiment stream", () => {
  let world: World;
  beforeEach(async () => {
    world = await cleanWorld();
  });
  const letters = () => world.deadLetters.take();
  const handle = async (
    batch: Batch,
    decide: (operation: string) => Fault | undefined = () => undefined,
    by = processor(),
  ) => {
    const { result, lines } = await captureOutput(() => withFaults(decide, () => by(batch)));
    return { failures: result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), lines };
  };
  const numberOf = (sequence: number) => String(sequence).padStart(20, "0");
  const always =
    (operation: string): ((asked: string) => Fault | undefined) =>
    (asked) =>
      asked === operation ? "refused" : undefined;

  it("is counted, archived and acknowledged", async () => {
    await given("assignments", { user_id: "bob", experiment_id: "checkout", variant: "A", assigned_at: 1 });
    const { failures } = await handle(batchOf(event("1"), event("2", { userId: "bob", variant: undefined })));
    expect(failures).to.deep.equal([]);
    const said = await countedIn(hour);
    expect(Object.fromEntries(Object.entries(said).map(([name, { count }]) => [name, count]))).to.deep.equal({
      "B|exposure": 1,
      "A|exposure": 1,
    });
    const [object, ...more] = await archived();
    expect(more).to.deep.equal([]);
    expect(object?.lines.map((line) => line["event_id"])).to.deep.equal(["1", "2"]);
    expect(object?.metadata).to.deep.equal({
      "format-version": "1.0",
      events: "2",
      experiments: "1",
      "first-event": "2026-10-29T12:29:00.000Z",
      "last-event": "2026-10-29T12:29:00.000Z",
    });
    expect(await letters()).to.deep.equal([]);
  });

  it("loses nothing to a bad record: that one is refused with its payload and the reason, the others go on", async () => {
    const { failures } = await handle(batchOf(event("1"), "{", event("2", { userId: 7 }), event("3")));
    expect(failures).to.deep.equal([]);
    expect((await countedIn(hour))["B|exposure"]?.count).to.equal(2);
    const sent = await letters();
    const told = sent.map((one) => ["category", "field", "consumer", "messageId"].map((name) => attribute(one, name)));
    expect(told).to.have.deep.members([
      ["validation", "record", "experimentStream", numberOf(2)],
      ["validation", "event.userId", "experimentStream", numberOf(3)],
    ]);
    const payloads = sent.map((one) => Buffer.from(String(bodyOf(one)["data"]), "base64").toString("utf8"));
    expect(payloads).to.have.members(["{", JSON.stringify(event("2", { userId: 7 }))]);
  });

  it("loses nothing to a bad part of an aggregated record", async () => {
    const data = aggregated(JSON.stringify(event("1")), "nothing", gzipSync(JSON.stringify([event("2"), event("3")])));
    await handle(batchOf(data, event("4")));
    expect((await countedIn(hour))["B|exposure"]?.count).to.equal(4);
    expect((await letters()).map((one) => Buffer.from(String(bodyOf(one)["data"]), "base64").toString())).to.deep.equal(
      ["nothing"],
    );
  });

  it("is reported by the lowest number of what could not be archived, and counted once when it comes again", async () => {
    const batch = batchOf("{", event("1"), event("2"));
    const by = processor();
    const { failures, lines } = await handle(batch, always("PutObject"), by);
    expect(failures).to.deep.equal([numberOf(2)]);
    expect(metricsIn(lines)).to.include({ StreamArchiveErrors: 2 });
    expect((await countedIn(hour))["B|exposure"]?.count).to.equal(2);
    expect(await archived()).to.deep.equal([]);
    expect((await handle({ Records: batch.Records.slice(1) }, undefined, by)).failures).to.deep.equal([]);
    expect((await countedIn(hour))["B|exposure"]?.count).to.equal(2);
    expect((await archived()).flatMap(({ lines }) => lines)).to.have.length(2);
  });

  it("overwrites its own objects when it comes again, and no others when only a part does", async () => {
    const batch = batchOf(event("1"), event("2"), event("3"));
    await handle(batch);
    await handle(batch);
    expect(await archived()).to.have.length(1);
    await handle({ Records: batch.Records.slice(1) });
    const objects = await archived();
    expect(objects.map(({ lines }) => lines.length).sort()).to.deep.equal([2, 3]);
    expect((await countedIn(hour))["B|exposure"]?.count).to.equal(3);
  });

  it("is reported where it could not be counted, by the experiment that it happened to", async () => {
    let puts = 0;
    const first = (operation: string): Fault | undefined =>
      operation === "PutItem" && ++puts <= 3 ? "refused" : undefined;
    const { failures, lines } = await handle(batchOf(event("1"), event("2")), first);
    expect(failures).to.deep.equal([numberOf(1)]);
    expect(metricsIn(lines)).to.include({ StreamAggregateErrors: 2 });
    expect(await countedIn(hour)).to.deep.equal({});
  });

  it("is reported as a whole where nothing is known of its users because the tables do not answer", async () => {
    const batch = batchOf("{", event("1"), event("2", { variant: undefined }));
    const { failures, lines } = await handle(batch, always("BatchGetItem"));
    expect(failures).to.deep.equal([numberOf(2)]);
    expect(metricsIn(lines)).to.include({ StreamEnrichErrors: 2, StreamParseErrors: 1, DeadLettered: 1 });
    expect(await countedIn(hour)).to.deep.equal({});
    expect(await archived()).to.deep.equal([]);
  });

  it("is counted meanwhile where each event says what was shown, and once when it comes again for its archive", async () => {
    const by = processor();
    const batch = batchOf(event("1"), event("2"));
    expect((await handle(batch, always("BatchGetItem"), by)).failures).to.deep.equal([numberOf(1)]);
    expect((await countedIn(hour))["B|exposure"]?.count).to.equal(2);
    expect((await handle(batch, undefined, by)).failures).to.deep.equal([]);
    expect((await countedIn(hour))["B|exposure"]?.count).to.equal(2);
    expect((await archived()).flatMap(({ lines }) => lines)).to.have.length(2);
  });

  it("is reported where a bad record could not be sent to the dead letters: it is not lost", async () => {
    const { failures } = await handle(batchOf(event("1"), "{"), always("SendMessageBatch"));
    expect(failures).to.deep.equal([numberOf(2)]);
    expect((await countedIn(hour))["B|exposure"]?.count).to.equal(1);
  });

  it("is left alone where no time is left, and counted when it comes again", async () => {
    const { result } = await captureOutput(() => processor()(batchOf("{", event("1")), 1_500));
    expect(result.batchItemFailures).to.deep.equal([{ itemIdentifier: numberOf(1) }]);
    expect(await archived()).to.deep.equal([]);
    expect(await countedIn(hour)).to.deep.equal({});
  });

  it("tells what became of it, stage by stage", async () => {
    const by = processor();
    await handle(batchOf(event("1")), undefined, by);
    const { lines } = await handle(batchOf(event("1"), event("2"), "{", event("3", { userId: 7 })), undefined, by);
    expect(metricsIn(lines)).to.include({
      StreamRecords: 4,
      Events: 4,
      Success: 2,
      Failure: 2,
      StreamDuplicates: 1,
      StreamParseErrors: 1,
      StreamValidateErrors: 1,
      DeadLettered: 2,
      ValidationSuccess: 2,
      ValidationErrors: 2,
      ErrorValidation: 2,
    });
    const [summary] = lines.filter(({ message: said }) => said === "handled a batch");
    expect(summary).to.include({ records: 4, events: 4, counted: 1, refused: 2, failedRecords: 0 });
    const refused = lines.filter(({ message: said }) => said === "refused, sent to the dead letter queue");
    expect(refused.map((line) => [line["stage"], line["field"]])).to.have.deep.members([
      ["parse", "record"],
      ["validate", "event.userId"],
    ]);
  });

  it("may hold a record that no queue takes: it is put aside, and found again by its letter", async () => {
    const large = JSON.stringify(event("1", { userId: 7, properties: { text: "x".repeat(800_000) } }));
    await handle(batchOf(large));
    const [letter] = await letters();
    if (!letter) throw new Error("there is no letter");
    const { Body } = await s3().send(
      new GetObjectCommand({ Bucket: "dead-letters", Key: String(bodyOf(letter)["object"]) }),
    );
    expect((await Body?.transformToString()) === large).to.equal(true);
    const { failures } = await handle({ Records: [message(letter.Body ?? "")] });
    expect(failures).to.deep.equal([]);
    expect(attribute((await letters())[0] ?? {}, "field")).to.equal("event.userId");
  });

  it("has one letter for a record of which much is refused, with all of it and the first reason, and each part in the metrics", async () => {
    const few = Array.from({ length: mostLetters }, (_, at) => at);
    await handle(batchOf(few));
    expect(await letters()).to.have.length(mostLetters);
    const [newer, good] = [event("1", { eventVersion: "2.0" }), event("2")];
    const much = `[${"0,".repeat(499_001)}${JSON.stringify(newer)},${JSON.stringify(good)}]`;
    const { failures, lines } = await handle(batchOf(much, event("3"), "{"));
    expect(failures).to.deep.equal([]);
    expect((await countedIn(hour))["B|exposure"]?.count).to.equal(2);
    const sent = await letters();
    expect(sent.map((one) => attribute(one, "reason"))).to.have.members([
      "499002 parts of the record were refused, the first of them: event must be one of exposure, conversion, metric",
      "record must be JSON",
    ]);
    const whole = sent.map(bodyOf).find(({ object }) => object !== undefined);
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: "dead-letters", Key: String(whole?.["object"]) }));
    expect((await Body?.transformToString()) === much).to.equal(true);
    expect(metricsIn(lines)).to.include({
      Events: 499_005,
      ValidationErrors: 499_003,
      DeadLettered: 499_003,
      StreamValidateErrors: 499_002,
      StreamParseErrors: 1,
      ErrorValidation: 499_003,
    });
    expect(lines.filter(({ message: said }) => said === "refused, sent to the dead letter queue")).to.have.length(2);
  });

  it("of letters that come again is handled as when it came first: by the time of its arrival", async () => {
    const late = event("1", { timestamp: now - 6 * 86_400_000 });
    const body = JSON.stringify({
      shardId: "shardId-000000000000",
      sequenceNumber: "1",
      partitionKey: "key",
      arrivedAt: now - 5 * 86_400_000,
      data: Buffer.from(JSON.stringify(late)).toString("base64"),
    });
    const [sound, broken] = [message(body), message("not a letter")];
    const { failures } = await handle({ Records: [sound, broken] });
    expect(failures).to.deep.equal([]);
    expect((await countedIn("2026-10-23T12"))["B|exposure"]?.count).to.equal(1);
    expect((await letters()).map((one) => [one.Body, attribute(one, "field")])).to.deep.equal([
      ["not a letter", "letter"],
    ]);
    const failing = await handle({ Records: [message(body)] }, always("PutObject"));
    expect(failing.failures).to.have.length(1);
  });

  it("of letters whose hour is no longer known is refused: it would be counted in what is gone already", async () => {
    const day = 86_400_000;
    const letter = (age: number) =>
      message(
        JSON.stringify({
          shardId: "shardId-000000000000",
          sequenceNumber: "1",
          partitionKey: "key",
          arrivedAt: now - age,
          data: Buffer.from(JSON.stringify(event(`${age}`, { timestamp: now - age }))).toString("base64"),
        }),
      );
    const { failures } = await handle({ Records: [letter(400 * day), letter(401 * day)] });
    expect(failures).to.deep.equal([]);
    expect((await letters()).map((one) => [attribute(one, "category"), attribute(one, "reason")])).to.deep.equal([
      ["validation", "event.timestamp must be of the last 400 days: nothing else is known of its hour"],
    ]);
    expect((await archived()).flatMap(({ lines }) => lines)).to.have.length(1);
  });

  it("of a hundred events takes less than a second, and fewer than one in a thousand fails", async () => {
    const events = Array.from({ length: 100 }, (_, at) => event(`${at}`, { userId: `user-${at}` }));
    const batch = { Records: events.map((one, at) => record(one, at + 1)) };
    const startedAt = performance.now();
    const { failures } = await handle(batch);
    expect(performance.now() - startedAt).to.be.lessThan(1_000);
    expect(failures).to.deep.equal([]);
    expect((await countedIn(hour))["B|exposure"]).to.include({ count: 100, users: 100 });
  });
});

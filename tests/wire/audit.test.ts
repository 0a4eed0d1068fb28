import { gzipSync } from "node:zlib";
import { CreateBucketCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import type { SQSEvent } from "aws-lambda";
import { expect } from "chai";
import fc from "fast-check";
import { audit } from "../../functions/processing/audit";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { s3 } from "../../functions/processing/aws/s3";
import { readPage } from "../../functions/processing/eventStore/page";
import { type EventStore, readEvent, withDetail } from "../../functions/processing/eventStore/read";
import { createEvent, toDetail } from "../../functions/processing/events/create";
import { earningsProcessed } from "../../functions/processing/events/earningsProcessed";
import { Failure } from "../../functions/processing/failure";
import { limits } from "../../functions/processing/limits";
import { recordAlone } from "../../functions/processing/outbox/recordAlone";
import { captureOutput, type Line } from "./output";
import { testRun } from "./run";
import { emptyTables, goesAfter } from "./tables";
import { batch, context, envelope, type World, world } from "./world";

const start = Date.parse("2026-10-29T20:59:00Z");

describe("the audit of the bus", () => {
  let real: World;
  let store: EventStore;
  before(async () => {
    real = await world();
    store = { client: dynamodb(), table: "event-store" };
    await s3().send(new CreateBucketCommand({ Bucket: "event-details" }));
  });
  beforeEach(async () => {
    await emptyTables("event-store");
    await real.deadLetters.take();
  });

  const aside = async (Key: string): Promise<Uint8Array> => {
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: "event-details", Key }));
    return Body?.transformToByteArray() ?? new Uint8Array();
  };
  const hear = async (messages: SQSEvent): Promise<Line[]> => {
    const { result, lines } = await captureOutput(() => audit(messages, context()));
    expect(result).to.deep.equal({ batchItemFailures: [] });
    return lines;
  };
  const outcomes = (lines: Line[]) => lines.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome])).sort();
  const day = { from: Date.parse("2026-10-29"), to: Date.parse("2026-10-30") };
  const ofTheDay = async (type: string) => (await readPage(store, { ...day, type }, { limit: 9 })).events;

  it("keeps a bare event of another team, as the bus told it", async () => {
    const detail = { orderId: 7, lines: [{ sku: "a" }] };
    const lines = await hear(batch(envelope("orderShipped", detail, { source: "warehouse", id: "bus-1" })));
    expect(outcomes(lines)).to.deep.equal(["recorded"]);
    expect(lines.find(({ message }) => message === "handled")).to.include({
      eventId: "bus-1",
      eventType: "orderShipped",
    });
    const row = await readEvent(store, "bus-1");
    expect(row).to.deep.include({
      event_type: "orderShipped",
      source: "warehouse",
      status: "observed",
      occurred_at: "2026-10-29T21:00:00.000Z",
      correlation_id: "bus-1",
      envelope_id: "bus-1",
      detail: JSON.stringify(detail),
    });
    expect(row).not.to.have.any.keys("entity", "causation_id", "user_id", "event_version");
    expect(await ofTheDay("orderShipped")).to.deep.equal([row]);
  });

  it("takes over what an event says of itself, and finds what it is about in the catalogue", async () => {
    const detail = {
      eventId: "theirs",
      correlationId: "story",
      causationId: "before",
      userId: "ann",
      timestamp: start,
      eventVersion: "1.3",
      assetId: "AAPL",
      earningsDate: "2026-10-29",
    };
    await hear(batch(envelope("earningsProcessed", detail)));
    expect(await readEvent(store, "theirs")).to.deep.include({
      entity: "EARNINGS#AAPL#2026-10-29",
      correlation_id: "story",
      causation_id: "before",
      user_id: "ann",
      event_version: "1.3",
      occurred_at: "2026-10-29T20:59:00.000Z",
    });
  });

  it("goes by the bus's own time where an event bears one that lies far ahead", async () => {
    const detail = { timestamp: Date.parse("2100-01-01T00:00:00Z") };
    await hear(batch(envelope("orderShipped", detail, { source: "warehouse", id: "ahead" })));
    expect(await readEvent(store, "ahead")).to.include({
      occurred_at: "2026-10-29T21:00:00.000Z",
      detail: JSON.stringify(detail),
    });
  });

  it("keeps an event as long as any other from when it was heard, however old it is", async () => {
    const before = Date.now();
    const detail = { timestamp: Date.parse("2020-01-01T00:00:00Z") };
    await hear(batch(envelope("orderShipped", detail, { source: "warehouse", id: "old" })));
    const row = await readEvent(store, "old");
    expect(row).to.include({ occurred_at: "2020-01-01T00:00:00.000Z" });
    expect(row).to.have.property("expires_at").that.is.within(goesAfter(30, before), goesAfter(30));
  });

  it("writes nothing for what is in the store already: our own events, copies, and replays", async () => {
    const event = createEvent(
      earningsProcessed,
      { assetId: "AAPL", earningsDate: "2026-10-29" },
      { eventId: "ours", timestamp: start },
    );
    await recordAlone(earningsProcessed, event, testRun(start));
    const before = await readEvent(store, "ours");
    const ours = toDetail(earningsProcessed, event);
    const messages = batch(
      envelope("earningsProcessed", ours, { id: "bus-1" }),
      envelope("earningsProcessed", { ...ours, replayId: "replay-1" }, { id: "bus-2" }),
      envelope("other", {}, { id: "bus-3" }),
    );
    expect(outcomes(await hear(messages))).to.deep.equal(["known", "known", "recorded"]);
    const lines = await hear(messages);
    expect(outcomes(lines)).to.deep.equal(["known", "known", "known"]);
    expect(lines.filter(({ replayId }) => replayId === "replay-1")).to.have.length(1);
    expect(await readEvent(store, "ours")).to.deep.equal(before);
  });

  it("keeps one copy of an event that arrives several times at once", async () => {
    const text = envelope("orderShipped", { orderId: 7 }, { source: "warehouse", id: "twin" });
    const lines = await hear(batch(...Array<string>(8).fill(text)));
    expect(outcomes(lines).filter((outcome) => outcome === "recorded")).to.deep.equal(["recorded"]);
    expect(outcomes(lines)).to.have.length(8);
  });

  it("keeps under the bus's own id an event that bears the id of another", async () => {
    const first = envelope("orderShipped", { eventId: "taken" }, { source: "warehouse", id: "bus-1" });
    const second = envelope("refund", { eventId: "taken" }, { source: "till", id: "bus-2" });
    await hear(batch(first));
    const lines = await hear(batch(second));
    expect(lines.map(({ message }) => message)).to.include("the event bears the id of another one");
    expect(await readEvent(store, "taken")).to.include({ source: "warehouse" });
    expect(await readEvent(store, "bus-2")).to.include({ source: "till", event_type: "refund" });
    expect(outcomes(await hear(batch(second, second)))).to.deep.equal(["known", "known"]);
    const third = envelope("orderShipped", { eventId: "taken" }, { source: "till", id: "bus-3" });
    expect(outcomes(await hear(batch(third)))).to.deep.equal(["recorded"]);
  });

  it("keeps events of any shape", async () => {
    let number = 0;
    const metadata = [
      "eventId",
      "correlationId",
      "causationId",
      "userId",
      "timestamp",
      "eventVersion",
      "replayId",
      "data",
    ];
    const name = fc.oneof(fc.constantFrom(...metadata), fc.string());
    const detail = fc.oneof(fc.dictionary(name, fc.jsonValue(), { maxKeys: 6 }), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ detail, type: fc.constantFrom("earningsProcessed", "x", "ü\u0000") }), { maxLength: 10 }),
        async (events) => {
          const texts = events.map((event) => envelope(event.type, event.detail, { id: `fuzz-${++number}` }));
          const lines = await hear(batch(...texts));
          expect(outcomes(lines)).to.have.length(events.length);
        },
      ),
      { numRuns: 40 },
    );
    expect(await real.deadLetters.take()).to.deep.equal([]);
  });

  it("sends to the dead letters what is no event", async () => {
    const wrong = ["no JSON", "7", envelope("x", {}, { id: "" }), envelope("x", {}, { time: "soon" })];
    await hear(batch(...wrong));
    const reasons = (await real.deadLetters.take()).map(
      ({ MessageAttributes, Body }) => [MessageAttributes?.["reason"]?.StringValue, Body] as const,
    );
    expect(reasons.map(([reason]) => reason?.replace(/\d+/g, "N")).sort()).to.deep.equal([
      "event must be JSON",
      "event must be an object",
      "event.id must not be empty",
      "event.time must be an ISO timestamp",
    ]);
    expect(reasons.map(([, body]) => body).sort()).to.deep.equal([...wrong].sort());
  });

  it("puts aside a detail that is too large for its row, and finds it again as it was", async () => {
    const detail = { text: "€".repeat(limits.eventBytes / 3), name: "large" };
    const text = envelope("orderShipped", detail, { source: "warehouse", id: "large-1" });
    expect(outcomes(await hear(batch(text, text)))).to.deep.equal(["known", "recorded"]);
    const row = await readEvent(store, "large-1");
    if (!row?.detail_claim) throw new Error("nothing was put aside");
    expect(row).to.include({ status: "observed", correlation_id: "large-1" });
    expect(row).not.to.have.property("detail");
    expect(row.detail_claim.bytes).to.equal(Buffer.byteLength(JSON.stringify(detail)));
    const whole = await withDetail({ ...store, aside }, row);
    expect(JSON.parse(whole.detail ?? "")).to.deep.equal(detail);
    expect(whole).not.to.have.property("detail_claim");
  });

  it("takes no other detail for the one that was put aside", async () => {
    const text = (name: string) => `{"name":"${name}","text":"${"x".repeat(limits.eventBytes)}"}`;
    await hear(batch(envelope("orderShipped", JSON.parse(text("mine")), { source: "warehouse", id: "large-2" })));
    const row = await readEvent(store, "large-2");
    if (!row) throw new Error("the event is not there");
    const others = [gzipSync(text("ours")), gzipSync(`${text("mine")}more`), Buffer.from("no gzip"), Buffer.alloc(0)];
    for (const other of others) {
      const found = await withDetail({ ...store, aside: async () => other }, row).catch((error: unknown) => error);
      expect(found)
        .to.be.instanceOf(Failure)
        .with.property("message")
        .that.matches(/is not the one that was put there$/);
    }
    const unread = await withDetail(store, row).catch((error: unknown) => error);
    expect(unread)
      .to.be.instanceOf(Failure)
      .with.property("message")
      .that.matches(/not within reach$/);
  });

  it("writes no row where the detail could not be put aside", async () => {
    process.env["EVENT_DETAILS_BUCKET"] = "no-such-bucket";
    try {
      const text = envelope("orderShipped", { text: "x".repeat(limits.eventBytes) }, { source: "team", id: "large-3" });
      const { result } = await captureOutput(() => audit(batch(text), context()));
      expect([result.batchItemFailures.length, (await real.deadLetters.take()).length]).to.deep.equal([0, 1]);
      expect(await readEvent(store, "large-3")).to.equal(undefined);
    } finally {
      process.env["EVENT_DETAILS_BUCKET"] = "event-details";
    }
  });

  it("gives an event back for which no time is left, and keeps it when it comes again", async () => {
    const message = batch(envelope("orderShipped", {}, { id: "later" }));
    const { result } = await captureOutput(() => audit(message, context(1_000)));
    expect(result.batchItemFailures).to.have.length(1);
    expect(await readEvent(store, "later")).to.equal(undefined);
    expect(outcomes(await hear(message))).to.deep.equal(["recorded"]);
  });
});

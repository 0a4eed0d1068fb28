import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { type Destination, toBus, toConsumer } from "../../functions/processing/eventStore/destination";
import { indexed } from "../../functions/processing/eventStore/keys";
import { type EventStore, readEvent } from "../../functions/processing/eventStore/read";
import { recordReplay } from "../../functions/processing/eventStore/recordReplay";
import { planReplay, replay } from "../../functions/processing/eventStore/replay";
import { always } from "../../functions/processing/eventStore/selection";
import { createEvent } from "../../functions/processing/events/create";
import { earningsProcessed } from "../../functions/processing/events/earningsProcessed";
import { receive } from "../../functions/processing/events/receive";
import { Failure } from "../../functions/processing/failure";
import { publish } from "../../functions/processing/outbox/publish";
import { auditEntry, pendingEvent, pendingRow } from "../../functions/processing/outbox/record";
import { testRun } from "./run";
import { emptyTables } from "./tables";
import { envelope, type World, world } from "./world";

const start = Date.parse("2026-10-29T12:00:00Z");
const selection = { ...always, correlationId: "flow" };
const replayId = "replay-1";

const eventOf = (eventId: string, at = start) =>
  createEvent(
    earningsProcessed,
    { assetId: "AAPL", earningsDate: "2026-10-29" },
    { eventId, timestamp: at, correlationId: "flow" },
  );

/** Events as they are once they were on the bus. */
const published = async (count: number): Promise<void> => {
  const events = Array.from({ length: count }, (_, at) => eventOf(`e-${at}`, start + at));
  await dynamodb().send(
    new TransactWriteCommand({ TransactItems: events.map((event) => pendingEvent(earningsProcessed, event)) }),
  );
  await publish(
    events.map((event) => pendingRow(earningsProcessed, event)),
    testRun(start),
  );
};

const observed = (eventId: string, more: Record<string, unknown>) => {
  const occurredAt = new Date(start).toISOString();
  const keys = indexed({ eventId, occurredAt, correlationId: "flow" });
  const row = { event_id: eventId, correlation_id: "flow", occurred_at: occurredAt, status: "observed", ...keys };
  return dynamodb().send(new PutCommand({ TableName: "event-store", Item: { ...row, ...more } }));
};

describe("a replay", () => {
  let real: World;
  let store: EventStore;
  let bus: Destination;
  let consumer: (pattern: object) => Destination;
  before(async () => {
    real = await world();
    store = { client: dynamodb(), table: "event-store" };
    bus = toBus(new EventBridgeClient({ endpoint: real.bus.endpoint, maxAttempts: 1 }), "events");
    const queues = new SQSClient({ endpoint: real.deadLetters.endpoint });
    const queueUrl = real.deadLetters.queueUrl;
    consumer = (pattern) => toConsumer(queues, { consumer: "marker", pattern: JSON.stringify(pattern), queueUrl });
  });
  beforeEach(async () => {
    await emptyTables("event-store");
    await real.deadLetters.take();
  });
  const forget = () => {
    real.bus.calls.length = 0;
    real.bus.accepted.length = 0;
    real.bus.script.length = 0;
  };

  const run = (destination: Destination, perSecond = 1_000, most = 1_000) => {
    const runtime = testRun(start);
    const progress: number[] = [];
    const order = {
      replayId,
      selection,
      destination,
      most,
      perSecond,
      onProgress: (sent: number) => progress.push(sent),
    };
    return replay(store, order, runtime).then((result) => ({ ...result, waits: runtime.waits, progress }));
  };

  it("counts what it would send, by type, and what not and why, and sends nothing", async () => {
    await published(3);
    await dynamodb().send(
      new TransactWriteCommand({
        TransactItems: [
          pendingEvent(earningsProcessed, eventOf("waiting")),
          auditEntry({
            id: "change",
            entity: "EARNINGS#AAPL#2026-10-29",
            type: "earningsCalendar.changed",
            fields: [],
            after: {},
            at: start,
            by: "tests",
            cause: eventOf("e-0"),
          }),
        ],
      }),
    );
    await observed("aws", { event_type: "Object Created", source: "aws.s3", detail: "{}" });
    await observed("odd", { event_type: "odd", source: "team", detail: "[1]" });
    await observed("theirs", { event_type: "shipped", source: "team", detail: '{"id":7}' });
    forget();
    expect(await planReplay(store, selection, bus, 10)).to.deep.equal({
      events: 4,
      byType: { earningsProcessed: 3, shipped: 1 },
      leftOut: {
        "not published yet, which the outbox sweeper will do": 1,
        "entry of the audit trail, never on the bus": 1,
        "from AWS itself, which nobody else may publish for": 1,
        "its detail is no JSON object": 1,
      },
      first: "2026-10-29T12:00:00.000Z",
      last: "2026-10-29T12:00:00.002Z",
      more: false,
    });
    expect(await planReplay(store, selection, bus, 2)).to.include({ events: 2, more: true });
    await observed("other", { event_type: "shipped", source: "signal9.advisor", detail: "{}" });
    const marker = consumer({ source: ["signal9.advisor"], "detail-type": ["earningsProcessed"] });
    expect(await planReplay(store, selection, marker, 10)).to.deep.include({ byType: { earningsProcessed: 3 } });
    expect(real.bus.calls).to.deep.equal([]);
    expect(await run(bus)).to.deep.include({ sent: 5, refused: [] });
  });

  it("puts events on the bus under their ids, in order, at their time, and marked", async () => {
    await published(23);
    forget();
    const { sent, progress } = await run(bus);
    expect(sent).to.equal(23);
    expect(progress).to.deep.equal([10, 20, 23]);
    expect(real.bus.accepted.map(({ Detail }) => JSON.parse(Detail).eventId)).to.deep.equal(
      Array.from({ length: 23 }, (_, at) => `e-${at}`),
    );
    const [first] = real.bus.accepted;
    expect(first).to.include({ Source: "signal9.advisor", DetailType: "earningsProcessed", EventBusName: "events" });
    const received = receive(envelope("earningsProcessed", JSON.parse(first?.Detail ?? "")), [earningsProcessed]);
    expect(received).to.deep.equal({ ...eventOf("e-0"), replayId });
    expect((await readEvent(store, "e-0"))?.detail).not.to.include(replayId);
    const ofArchive = envelope("earningsProcessed", received.payload, { "replay-name": "by EventBridge" });
    expect(receive(ofArchive, [earningsProcessed])).to.include({ replayId: "by EventBridge" });
  });

  it("gives a bare event of another team the id that it had, so that it is known again", async () => {
    const detail = { assetId: "AAPL", earningsDate: "2026-10-29" };
    await observed("envelope-7", { event_type: "earningsProcessed", source: "x", detail: JSON.stringify(detail) });
    forget();
    await run(bus);
    expect(JSON.parse(real.bus.accepted[0]?.Detail ?? "")).to.deep.equal({
      ...detail,
      eventId: "envelope-7",
      replayId,
    });
  });

  it("puts events into one consumer's queue as its rule would have, and no other kind", async () => {
    await published(12);
    await observed("theirs", { event_type: "shipped", source: "team", detail: '{"id":7}' });
    forget();
    expect(await run(consumer({ source: [{ prefix: "signal9." }] }))).to.deep.include({ sent: 12, refused: [] });
    const bodies = (await real.deadLetters.take()).map(({ Body = "" }) => Body);
    const events = bodies.map((body) => receive(body, [earningsProcessed]));
    expect(events.map(({ eventId }) => eventId).sort()).to.deep.equal(
      Array.from({ length: 12 }, (_, at) => `e-${at}`).sort(),
    );
    expect(events.find(({ eventId }) => eventId === "e-3")).to.deep.equal({ ...eventOf("e-3", start + 3), replayId });
    expect(real.bus.calls).to.deep.equal([]);
    expect(await run(consumer({ source: [{ prefix: "" }] }))).to.include({ sent: 13 });
  });

  it("goes no faster than it may", async () => {
    await published(25);
    const paced = await run(bus, 20);
    expect(paced.waits).to.deep.equal([500, 1_000]);
    const slow = await run(bus, 2, 3);
    expect(slow).to.deep.include({ sent: 3, waits: [1_000] });
  });

  it("sends again what was refused for a moment, and reports what was refused for good", async () => {
    await published(10);
    forget();
    real.bus.script.push({ refuse: 4 }, { status: 400, error: "ThrottlingException" });
    expect(await run(bus)).to.deep.include({ sent: 10, refused: [] });
    expect(real.bus.calls.map((entries) => entries.length)).to.deep.equal([10, 4, 4]);
    const final = { name: "a picky bus", wants: () => true, send: bus.send };
    final.send = async (events) => events.map((_, at) => (at === 2 ? "MalformedDetail" : undefined));
    expect(await run(final)).to.deep.include({ sent: 9, refused: [{ eventId: "e-2", code: "MalformedDetail" }] });
    final.send = async (events) => events.map(() => "ThrottlingException");
    const { sent, refused } = await run(final);
    expect([sent, refused[0]]).to.deep.equal([0, { eventId: "e-0", code: "Throttled" }]);
    expect(refused).to.have.length(10);
  });

  it("stops where permission is missing", async () => {
    await published(20);
    forget();
    real.bus.script.push({ refuse: 0 }, { status: 400, error: "AccessDeniedException" });
    const error = await run(bus).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(Failure).with.property("category", "denied");
    expect(real.bus.calls).to.have.length(2);
  });

  it("leaves room in a call for what is large", async () => {
    const payload = { assetId: "AAPL", earningsDate: "2026-10-29", note: "x".repeat(340 * 1_024) };
    for (const id of ["l-0", "l-1", "l-2"]) {
      await observed(id, {
        event_type: "earningsProcessed",
        source: "signal9.advisor",
        detail: JSON.stringify(payload),
      });
    }
    const sizes: number[] = [];
    const counting: Destination = {
      ...bus,
      send: async (events) => {
        sizes.push(events.length);
        return events.map(() => undefined);
      },
    };
    expect(await run(counting)).to.include({ sent: 3 });
    expect(sizes).to.deep.equal([2, 1]);
  });

  it("is written down before it begins", async () => {
    await recordReplay(store, { replayId, selection, destination: "the bus", events: 3, now: start });
    expect(await readEvent(store, replayId)).to.deep.include({
      event_type: "events.replayed",
      status: "recorded",
      destination: "the bus",
      events: 3,
      selection,
      correlation_id: replayId,
    });
  });
});

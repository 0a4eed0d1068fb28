import { GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { claim, release, renew } from "../../functions/processing/effects/lease";
import { createEvent } from "../../functions/processing/events/create";
import { earningsProcessed } from "../../functions/processing/events/earningsProcessed";
import { receive } from "../../functions/processing/events/receive";
import { Failure } from "../../functions/processing/failure";
import { publish } from "../../functions/processing/outbox/publish";
import { type PendingRow, pendingEvent } from "../../functions/processing/outbox/record";
import { settledAfterMs, sweep } from "../../functions/processing/outbox/sweep";
import { outboxSweeper } from "../../functions/processing/outboxSweeper";
import { captureOutput } from "./output";
import { testRun } from "./run";
import { goesAfter } from "./tables";
import { context, envelope, type World, world } from "./world";

const start = Date.parse("2026-10-29T12:00:00Z");

const rowOf = async (eventId: string) =>
  (
    await dynamodb().send(
      new GetCommand({ TableName: "event-store", Key: { event_id: eventId }, ConsistentRead: true }),
    )
  ).Item;

/** Stores events as a state change would, and leaves them pending. */
const store = async (count: number, prefix: string, timestamp = start): Promise<PendingRow[]> => {
  const ids = Array.from({ length: count }, (_, at) => `${prefix}-${at}`);
  for (let at = 0; at < ids.length; at += 100) {
    await dynamodb().send(
      new TransactWriteCommand({
        TransactItems: ids
          .slice(at, at + 100)
          .map((eventId) =>
            pendingEvent(
              earningsProcessed,
              createEvent(
                earningsProcessed,
                { assetId: "AAPL", earningsDate: "2026-10-29" },
                { eventId, timestamp, correlationId: "flow" },
              ),
            ),
          ),
      }),
    );
  }
  return Promise.all(ids.map(async (id) => (await rowOf(id)) as PendingRow));
};

describe("the outbox", () => {
  let real: World;
  before(async () => {
    real = await world();
  });
  beforeEach(() => {
    real.bus.calls.length = 0;
    real.bus.accepted.length = 0;
    real.bus.script.length = 0;
  });

  const acceptedIds = () => real.bus.accepted.map(({ Detail }) => (JSON.parse(Detail) as { eventId: string }).eventId);

  it("stores an event so that it is found as pending, and will age", async () => {
    await store(1, "stored");
    const row = await rowOf("stored-0");
    expect(row).to.include({ status: "pending", entity: "EARNINGS#AAPL#2026-10-29", correlation_id: "flow" });
    expect(row?.["outbox"]).to.match(/^PENDING#\d$/);
    expect(row?.["expires_at"]).to.equal(start / 1_000 + 30 * 86_400);
  });

  it("puts events on the bus as their readers expect them, ten a call, and marks them", async () => {
    const rows = await store(23, "plain");
    expect(await publish(rows, testRun(start))).to.deep.equal({ published: 23, failed: 0 });
    expect(real.bus.calls.map((entries) => entries.length)).to.deep.equal([10, 10, 3]);
    const [first] = real.bus.accepted;
    expect(first).to.include({ EventBusName: "events", Source: "signal9.advisor", DetailType: "earningsProcessed" });
    const received = receive(envelope("earningsProcessed", JSON.parse(first?.Detail ?? "")), [earningsProcessed]);
    expect(received).to.include({ eventId: "plain-0", correlationId: "flow", timestamp: start });
    const row = await rowOf("plain-22");
    expect(row).to.include({ status: "published" });
    expect(row).not.to.have.property("outbox");
  });

  it("sends only the refused entries again", async () => {
    const rows = await store(5, "partial");
    real.bus.script.push({ refuse: 2 });
    const run = testRun(start);
    expect(await publish(rows, run)).to.deep.equal({ published: 5, failed: 0 });
    expect(real.bus.calls.map((entries) => entries.length)).to.deep.equal([5, 2]);
    expect(acceptedIds().sort()).to.deep.equal(rows.map(({ event_id }) => event_id));
    expect(run.counted).to.include({ OutboxPublished: 5, OutboxFailed: 0, Retries: 1 });
    expect(run.waits).to.have.length(1);
  });

  it("leaves pending what the bus keeps refusing, and goes on with the rest", async () => {
    const rows = await store(12, "refused");
    real.bus.script.push({ refuse: 10 }, { refuse: 10 }, { refuse: 10 });
    expect(await publish(rows, testRun(start))).to.deep.equal({ published: 2, failed: 10 });
    expect(await rowOf("refused-0")).to.include({ status: "pending" });
    expect(await rowOf("refused-11")).to.include({ status: "published" });
  });

  it("does not ask the bus again where permission is missing", async () => {
    const rows = await store(1, "denied");
    real.bus.script.push({ status: 400, error: "AccessDeniedException" });
    expect(await publish(rows, testRun(start))).to.deep.equal({ published: 0, failed: 1 });
    expect(real.bus.calls).to.have.length(1);
  });

  it("is swept of all that settled, and of nothing younger", async () => {
    await store(30, "left", start - settledAfterMs - 1);
    await store(1, "fresh", start);
    const run = testRun(start);
    const swept = await sweep(run);
    expect(swept.end).to.equal("done");
    expect(acceptedIds().filter((id) => id.startsWith("left"))).to.have.length(30);
    expect(acceptedIds()).not.to.include("fresh-0");
    expect(await rowOf("left-29")).to.include({ status: "published" });
    expect(await sweep(testRun(start))).to.deep.include({ published: 0, failed: 0, end: "done" });
  });

  it("is swept by one at a time", async () => {
    await store(1, "held", start - settledAfterMs - 1);
    const holder = testRun(start);
    const lease = await claim("outbox-sweep", 60_000, holder);
    expect(await sweep(testRun(start, { newId: () => "other" }))).to.deep.include({ end: "busy" });
    if (lease) await release(lease, holder);
    expect(await sweep(testRun(start, { newId: () => "other" }))).to.deep.include({ published: 1, end: "done" });
  });

  it("is seen to be empty without a lease", async () => {
    const holder = testRun(start);
    const lease = await claim("outbox-sweep", 60_000, holder);
    expect(await sweep(testRun(start, { newId: () => "other" }))).to.deep.include({ published: 0, end: "done" });
    if (lease) await release(lease, holder);
  });

  it("leaves the rest to the next sweep when time runs out", async () => {
    await store(3, "long", start - settledAfterMs - 1);
    expect(await sweep(testRun(start, { remainingMs: 5_000 }))).to.deep.include({ published: 0, end: "partial" });
    expect((await sweep(testRun(start))).published).to.be.at.least(3);
  });

  it("tells how old the oldest unpublished event was", async () => {
    const { result, lines } = await captureOutput(() =>
      outboxSweeper({ trigger: "sweep", time: "2026-10-30T06:00:00Z" }, context(120_000)),
    );
    expect(result).to.deep.include({ end: "done", failed: 0 });
    const metrics = lines.find((line) => "_aws" in line);
    expect(metrics).to.include({ function: "outboxSweeper", Success: 1 });
    expect(metrics?.["OutboxAge"]).to.be.a("number");
  });

  it("makes a failed sweep visible, and throws it to Lambda", async () => {
    const table = process.env["EVENT_STORE_TABLE"];
    process.env["EVENT_STORE_TABLE"] = "nowhere";
    try {
      const { result, lines } = await captureOutput(() =>
        outboxSweeper({ trigger: "sweep", time: "2026-10-30T06:00:00Z" }, context(120_000)).catch(
          (error: unknown) => error,
        ),
      );
      expect(result).to.be.instanceOf(Failure).with.property("category", "permanent");
      expect(lines.find((line) => "_aws" in line)).to.include({ Failure: 1, ErrorDynamoDB: 1 });
    } finally {
      process.env["EVENT_STORE_TABLE"] = table;
    }
  });
});

describe("a lease", () => {
  before(world);

  it("has one owner until it runs out, and then the next", async () => {
    const first = await claim("work", 1_000, testRun(start, { newId: () => "first" }));
    expect(first).to.deep.equal({ effectId: "work", owner: "first", until: start + 1_000 });
    const { Item } = await dynamodb().send(new GetCommand({ TableName: "effects", Key: { effect_id: "work" } }));
    expect(Item?.["expires_at"]).to.equal(goesAfter(1, start + 1_000));
    expect(await claim("work", 1_000, testRun(start + 999, { newId: () => "second" }))).to.equal(undefined);
    expect(await claim("work", 1_000, testRun(start + 1_000, { newId: () => "second" }))).to.include({
      owner: "second",
    });
  });

  it("keeps an owner out whose time ran out", async () => {
    const late = await claim("late", 1_000, testRun(start, { newId: () => "slow" }));
    await claim("late", 1_000, testRun(start + 2_000, { newId: () => "next" }));
    if (!late) throw new Error("not claimed");
    const failure = await renew(late, 1_000, testRun(start + 2_100)).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Failure).with.property("category", "conflict");
    await release(late, testRun(start + 2_100));
    expect(await claim("late", 1_000, testRun(start + 2_200, { newId: () => "third" }))).to.equal(undefined);
  });

  it("is met again by its own claim whose answer was lost", async () => {
    const run = testRun(start, { newId: () => "same" });
    expect(await claim("again", 1_000, run)).to.deep.equal(await claim("again", 1_000, run));
  });
});

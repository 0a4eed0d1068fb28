import { GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { consume } from "../../functions/processing/consume/consume";
import { markProcessed } from "../../functions/processing/earnings/markProcessed";
import { earningsProcessed } from "../../functions/processing/events/earningsProcessed";
import { type Category, Failure } from "../../functions/processing/failure";
import { markEarningsProcessed } from "../../functions/processing/markEarningsProcessed";
import { captureOutput } from "./output";
import { batch, context, envelope, type World, world } from "./world";

const put = (item: Record<string, unknown>) =>
  dynamodb().send(
    new PutCommand({
      TableName: "earnings-calendar",
      Item: { version: 1, source_time: 0, status: "scheduled", ...item },
    }),
  );

const read = async (asset: string, day = "2026-10-29") =>
  (
    await dynamodb().send(
      new GetCommand({
        TableName: "earnings-calendar",
        Key: { asset_id: `ASSET#${asset}`, earnings_date: day },
        ConsistentRead: true,
      }),
    )
  ).Item;

const auditOf = async (asset: string, day = "2026-10-29") =>
  (
    await dynamodb().send(
      new QueryCommand({
        TableName: "event-store",
        IndexName: "by-entity",
        KeyConditionExpression: "entity = :entity",
        ExpressionAttributeValues: { ":entity": `EARNINGS#${asset}#${day}` },
      }),
    )
  ).Items ?? [];

const event = (asset: string, over: Record<string, unknown> = {}) =>
  envelope("earningsProcessed", {
    assetId: asset,
    earningsDate: "2026-10-29",
    eventId: `event-${asset}`,
    correlationId: `flow-${asset}`,
    ...over,
  });

/** Whether a message whose handling failed so stays with its queue, to be delivered again. */
const keptBy: Record<Category, boolean> = {
  validation: false,
  permanent: false,
  conflict: true,
  throttled: true,
  unavailable: true,
  denied: true,
};

describe("markEarningsProcessed", () => {
  let real: World;
  before(async () => {
    real = await world();
    // What other suites have left there is not ours.
    await real.deadLetters.take();
  });

  it("closes the entry and records the change, in one go", async () => {
    await put({ asset_id: "ASSET#AAPL", earnings_date: "2026-10-29", estimate: 1.54 });
    const answer = await markEarningsProcessed(batch(event("AAPL")), context());
    expect(answer).to.deep.equal({ batchItemFailures: [] });
    const entry = await read("AAPL");
    expect(entry).to.deep.include({
      status: "processed",
      version: 2,
      estimate: 1.54,
      processed_event_id: "event-AAPL",
      processed_at: "2026-10-29T21:00:00.000Z",
    });
    const [audit, ...more] = await auditOf("AAPL");
    expect(more).to.deep.equal([]);
    expect(audit).to.deep.include({
      event_type: "earningsCalendar.changed",
      status: "recorded",
      causation_id: "event-AAPL",
      correlation_id: "flow-AAPL",
      changes: [{ field: "status", oldValue: "scheduled", newValue: "processed" }],
      after: entry,
    });
    expect(audit).not.to.have.property("outbox");
  });

  it("does nothing the second time, one after the other or at the same moment", async () => {
    await put({ asset_id: "ASSET#MSFT", earnings_date: "2026-10-29" });
    const copies = Array.from({ length: 5 }, () => event("MSFT"));
    expect(await markEarningsProcessed(batch(...copies), context())).to.deep.equal({ batchItemFailures: [] });
    expect(
      await markEarningsProcessed(batch(event("MSFT"), event("MSFT", { eventId: "another" })), context()),
    ).to.deep.equal({ batchItemFailures: [] });
    expect(await read("MSFT")).to.deep.include({ version: 2, processed_event_id: "event-MSFT" });
    expect(await auditOf("MSFT")).to.have.length(1);
  });

  it("has one winner where copies of an event are handled at moments that differ", async () => {
    await put({ asset_id: "ASSET#RACE", earnings_date: "2026-10-29" });
    let moment = Date.parse("2026-10-30T00:00:00Z");
    let ids = 0;
    const racing = consume(
      { name: "markEarningsProcessed", accepts: [earningsProcessed], handle: markProcessed },
      { now: () => moment++, newId: () => `attempt-${ids++}`, random: () => 0, sleep: async () => undefined },
    );
    const copies = Array.from({ length: 8 }, () => event("RACE"));
    expect(await racing(batch(...copies), context())).to.deep.equal({ batchItemFailures: [] });
    expect(await real.deadLetters.take()).to.deep.equal([]);
    expect(await auditOf("RACE")).to.have.length(1);
  });

  it("leaves an entry alone that was reopened after the event", async () => {
    const reopened = {
      asset_id: "ASSET#IBM",
      earnings_date: "2026-10-29",
      version: 7,
      source_time: Date.parse("2026-11-01T00:00:00Z"),
    };
    await put(reopened);
    expect(await markEarningsProcessed(batch(event("IBM")), context())).to.deep.equal({ batchItemFailures: [] });
    expect(await read("IBM")).to.deep.equal({ ...reopened, status: "scheduled" });
    expect(await auditOf("IBM")).to.deep.equal([]);
  });

  it("sends to the dead letters, with the reason, what can never be handled, and handles its neighbours", async () => {
    await put({ asset_id: "ASSET#GOOD", earnings_date: "2026-10-29" });
    const malformed = envelope("earningsProcessed", { assetId: "AAPL", earningsDate: "soon" });
    const unknown = event("NOBODY");
    const answer = await markEarningsProcessed(batch(malformed, event("GOOD"), unknown), context());
    expect(answer).to.deep.equal({ batchItemFailures: [] });
    expect(await read("GOOD")).to.deep.include({ status: "processed" });
    const dead = (await real.deadLetters.take()).map(({ Body, MessageAttributes }) => ({
      body: Body,
      category: MessageAttributes?.["category"]?.StringValue,
      field: MessageAttributes?.["field"]?.StringValue,
      reason: MessageAttributes?.["reason"]?.StringValue,
      consumer: MessageAttributes?.["consumer"]?.StringValue,
    }));
    expect(dead).to.have.deep.members([
      {
        body: malformed,
        category: "validation",
        field: "detail.earningsDate",
        reason: "detail.earningsDate must be a date as YYYY-MM-DD",
        consumer: "markEarningsProcessed",
      },
      {
        body: unknown,
        category: "permanent",
        field: "detail.earningsDate",
        reason: "detail.earningsDate is not in the earnings calendar of NOBODY",
        consumer: "markEarningsProcessed",
      },
    ]);
  });

  it("keeps a dead letter's body byte for byte, however long it is and whatever it says, and no secret in its reason", async () => {
    const body = envelope("earningsProcessed", { note: `token=x ${"ü".repeat(3_000)}`, earningsDate: "soon" });
    const refusing = consume({
      name: "refusing",
      accepts: [earningsProcessed],
      handle: async () => {
        throw new Failure("permanent", "GET /query?apikey=ABC was refused");
      },
    });
    expect(await markEarningsProcessed(batch(body), context())).to.deep.equal({ batchItemFailures: [] });
    expect(await refusing(batch(event("SECRET")), context())).to.deep.equal({ batchItemFailures: [] });
    const [asItCame, refused, ...more] = await real.deadLetters.take();
    expect(more).to.deep.equal([]);
    expect(asItCame?.Body).to.equal(body);
    expect(refused?.MessageAttributes?.["reason"]?.StringValue).to.equal("GET /query?apikey=[redacted] was refused");
  });

  for (const [category, kept] of Object.entries(keptBy)) {
    it(`${kept ? "keeps in its queue" : "sends to the dead letters"} what fails as ${category}`, async () => {
      const failing = consume({
        name: "failing",
        accepts: [earningsProcessed],
        handle: async () => {
          throw new Failure(category as Category, "on purpose");
        },
      });
      const one = batch(event("FAILS"));
      const [record] = one.Records;
      expect(await failing(one, context())).to.deep.equal({
        batchItemFailures: kept ? [{ itemIdentifier: record?.messageId }] : [],
      });
      const dead = (await real.deadLetters.take()).map((letter) => letter.MessageAttributes?.["category"]?.StringValue);
      expect(dead).to.deep.equal(kept ? [] : [category]);
    });
  }

  it("says which fields of a damaged entry it cannot read", async () => {
    await put({ asset_id: "ASSET#BAD", earnings_date: "2026-10-29", version: "one" });
    await markEarningsProcessed(batch(event("BAD")), context());
    const [dead] = await real.deadLetters.take();
    expect(dead?.MessageAttributes?.["reason"]?.StringValue).to.equal(
      "the earnings calendar's entry is damaged in version",
    );
  });

  it("asks for redelivery when no time is left", async () => {
    await put({ asset_id: "ASSET#LATE", earnings_date: "2026-10-29" });
    const late = batch(event("LATE"));
    expect(await markEarningsProcessed(late, context(1_000))).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: late.Records[0]?.messageId }],
    });
    expect(await read("LATE")).to.deep.include({ status: "scheduled" });
  });

  it("keeps an event in the dead letters, with the reason, while the table is not there", async () => {
    const table = process.env["EARNINGS_CALENDAR_TABLE"];
    process.env["EARNINGS_CALENDAR_TABLE"] = "nowhere";
    try {
      expect(await markEarningsProcessed(batch(event("LATE")), context())).to.deep.equal({ batchItemFailures: [] });
    } finally {
      process.env["EARNINGS_CALENDAR_TABLE"] = table;
    }
    const [dead] = await real.deadLetters.take();
    expect(dead?.MessageAttributes?.["kind"]?.StringValue).to.equal("DynamoDB");
    expect(dead?.MessageAttributes?.["reason"]?.StringValue).to.include("ResourceNotFoundException");
  });

  it("keeps the message where even the dead letter queue cannot be reached", async () => {
    const queue = process.env["DEAD_LETTER_QUEUE_URL"];
    process.env["DEAD_LETTER_QUEUE_URL"] = `${real.deadLetters.queueUrl}-nowhere`;
    const noWaiting = consume(
      { name: "markEarningsProcessed", accepts: [earningsProcessed], handle: markProcessed },
      { now: Date.now, newId: () => "id", random: () => 0, sleep: async () => undefined },
    );
    try {
      const one = batch(envelope("earningsProcessed", {}));
      expect(await noWaiting(one, context())).to.deep.equal({
        batchItemFailures: [{ itemIdentifier: one.Records[0]?.messageId }],
      });
    } finally {
      process.env["DEAD_LETTER_QUEUE_URL"] = queue;
    }
  });

  it("tells in one line each what happened to which event, and counts it", async () => {
    await put({ asset_id: "ASSET#LOGS", earnings_date: "2026-10-29" });
    const { lines } = await captureOutput(() =>
      markEarningsProcessed(
        batch(event("LOGS", { causationId: "cause-1" }), envelope("earningsProcessed", { token: "marked-secret" })),
        context(),
      ),
    );
    const handled = lines.find(({ message }) => message === "handled");
    expect(handled).to.include({
      level: "INFO",
      service: "signal9-test-platform",
      function: "markEarningsProcessed",
      outcome: "processed",
      eventId: "event-LOGS",
      correlationId: "flow-LOGS",
      causationId: "cause-1",
    });
    expect(handled?.["durationMs"]).to.be.a("number");
    const failed = lines.find(({ message }) => message === "failed, sent to the dead letter queue");
    expect(failed).to.include({ level: "ERROR", category: "validation", kind: "Validation" });
    expect(JSON.stringify(lines)).not.to.include("marked-secret");
    const metrics = lines.filter((line) => "_aws" in line);
    expect(metrics[0]).to.deep.include({
      service: "signal9-test-platform",
      function: "markEarningsProcessed",
      Events: [1, 1],
      Success: 1,
      Failure: 1,
      DeadLettered: 1,
      ErrorValidation: 1,
    });
    expect(metrics[0]?.["Duration"]).to.have.length(2);
    expect(metrics[1]).to.deep.include({ ValidationSuccess: 1, ValidationErrors: 1 });
    await real.deadLetters.take();
  });
});

import { expect } from "chai";
import fc from "fast-check";
import * as v from "valibot";
import { createEvent, toDetail } from "../../../functions/processing/events/create";
import { defineEvent } from "../../../functions/processing/events/definition";
import { earningsProcessed } from "../../../functions/processing/events/earningsProcessed";
import { receive } from "../../../functions/processing/events/receive";
import { Failure } from "../../../functions/processing/failure";
import { envelope } from "../../wire/world";

const accountCreated = defineEvent({
  type: "account.created",
  source: "signal9.ledger",
  version: "2.1",
  layout: "data",
  description: "An account was opened.",
  payload: v.looseObject({ accountId: v.string(), balance: v.number() }),
  entity: ({ accountId }) => `ACCOUNT#${accountId}`,
});

const accepted = [earningsProcessed, accountCreated];

const refused = (body: string): Failure => {
  try {
    receive(body, accepted);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("it was accepted");
};

describe("receiving an event", () => {
  it("takes a bare event of another team, with what the envelope knows", () => {
    const event = receive(envelope("earningsProcessed", { assetId: "AAPL", earningsDate: "2026-10-29" }), accepted);
    expect(event).to.deep.equal({
      eventId: "envelope-1",
      eventType: "earningsProcessed",
      eventVersion: "1.0",
      timestamp: Date.parse("2026-10-29T21:00:00Z"),
      correlationId: "envelope-1",
      source: "signal9.advisor",
      payload: { assetId: "AAPL", earningsDate: "2026-10-29" },
    });
  });

  it("takes our own metadata over the envelope's, and keeps the payload's own source field", () => {
    const event = receive(
      envelope("earningsProcessed", {
        assetId: "ASSET#AAPL",
        earningsDate: "2026-10-29",
        source: "ingestion",
        eventId: "e-1",
        correlationId: "c-1",
        causationId: "x-1",
        timestamp: 5,
      }),
      accepted,
    );
    expect(event).to.include({
      eventId: "e-1",
      correlationId: "c-1",
      causationId: "x-1",
      timestamp: 5,
      source: "signal9.advisor",
    });
    expect(event.payload).to.deep.equal({ assetId: "AAPL", earningsDate: "2026-10-29", source: "ingestion" });
  });

  it("bears with a publisher whose clock is ahead by up to a day", () => {
    const timestamp = Date.parse("2026-10-30T21:00:00Z");
    const ahead = { assetId: "AAPL", earningsDate: "2026-10-29", timestamp };
    expect(receive(envelope("earningsProcessed", ahead), accepted).timestamp).to.equal(timestamp);
  });

  it("reads a payload that lies under data", () => {
    const event = receive(
      envelope("account.created", { data: { accountId: "a", balance: 1 }, userId: "u" }, { source: "signal9.ledger" }),
      accepted,
    );
    expect(event).to.deep.include({ payload: { accountId: "a", balance: 1 }, userId: "u", eventVersion: "2.1" });
  });

  const good = { assetId: "AAPL", earningsDate: "2026-10-29" };
  const bad: [string, string, string, string][] = [
    ["text that is no JSON", "{", "event", "event must be JSON"],
    ["JSON that is no event", "7", "event", "event must be an object"],
    [
      "an unknown type",
      envelope("somethingElse", good),
      "event.detail-type",
      "event.detail-type must be one of earningsProcessed, account.created",
    ],
    [
      "a missing field",
      envelope("earningsProcessed", { assetId: "AAPL" }),
      "detail.earningsDate",
      "detail.earningsDate is missing",
    ],
    [
      "a wrong type",
      envelope("earningsProcessed", { ...good, assetId: 7 }),
      "detail.assetId",
      "detail.assetId must be a string",
    ],
    [
      "a wrong form",
      envelope("earningsProcessed", { ...good, earningsDate: "29.10.2026" }),
      "detail.earningsDate",
      "detail.earningsDate must be a date as YYYY-MM-DD",
    ],
    [
      "a day that does not exist",
      envelope("earningsProcessed", { ...good, earningsDate: "2026-02-30" }),
      "detail.earningsDate",
      "detail.earningsDate must be a day that exists",
    ],
    [
      "markup for a symbol",
      envelope("earningsProcessed", { ...good, assetId: "<script>" }),
      "detail.assetId",
      "detail.assetId must be a ticker symbol of 1 to 16 of A-Z 0-9 . - such as AAPL",
    ],
    [
      "a timestamp that is none",
      envelope("earningsProcessed", { ...good, timestamp: "yesterday" }),
      "detail.timestamp",
      "detail.timestamp must be a moment in milliseconds since 1970",
    ],
    [
      "an empty event id",
      envelope("earningsProcessed", { ...good, eventId: "" }),
      "detail.eventId",
      "detail.eventId must not be empty",
    ],
    [
      "a type that contradicts",
      envelope("earningsProcessed", { ...good, eventType: "account.created" }),
      "detail.eventType",
      "detail.eventType must equal the event's detail-type",
    ],
    [
      "a timestamp more than a day after the envelope's",
      envelope("earningsProcessed", { ...good, timestamp: Date.parse("2026-10-30T21:00:00.001Z") }),
      "detail.timestamp",
      "detail.timestamp must be at most a day after the event was published",
    ],
    [
      "a timestamp in microseconds",
      envelope("earningsProcessed", { ...good, timestamp: Date.parse("2026-10-29T21:00:00Z") * 1000 }),
      "detail.timestamp",
      "detail.timestamp must be at most a day after the event was published",
    ],
    ["a payload that is not there", envelope("account.created", {}), "detail.data", "detail.data is missing"],
  ];
  for (const [what, body, field, message] of bad) {
    it(`refuses ${what}, naming the field`, () => {
      const failure = refused(body);
      expect(failure.category).to.equal("validation");
      expect(failure.field).to.equal(field);
      expect(failure.message).to.equal(message);
    });
  }

  it("names several fields at once, and never repeats a value", () => {
    const { message } = refused(
      envelope("earningsProcessed", { assetId: "secret lower case", earningsDate: "secret" }),
    );
    expect(message).to.include("detail.assetId").and.include("detail.earningsDate").and.not.include("secret");
  });

  it("quarantines a newer major version, and understands a newer minor and an older one", () => {
    const versioned = (eventVersion: string) =>
      envelope("account.created", { eventVersion, data: { accountId: "a", balance: 1 } });
    expect(refused(versioned("3.0"))).to.include({ category: "permanent", field: "detail.eventVersion" });
    expect(receive(versioned("2.9"), accepted).eventVersion).to.equal("2.9");
    expect(receive(versioned("1.0"), accepted).eventVersion).to.equal("1.0");
  });

  it("never throws anything but a failure with a field, whatever arrives", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
          fc.jsonValue().map((detail) => envelope("earningsProcessed", detail)),
        ),
        (body) => {
          try {
            receive(body, accepted);
          } catch (error) {
            expect(error).to.be.instanceOf(Failure);
            expect((error as Failure).field)
              .to.be.a("string")
              .and.not.equal("");
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is not led astray by prototype keys", () => {
    const body = envelope("earningsProcessed", good).replace(
      '"assetId"',
      '"__proto__":{"polluted":true},"constructor":1,"assetId"',
    );
    const event = receive(body, accepted);
    expect(event.payload.assetId).to.equal("AAPL");
    expect(({} as { polluted?: boolean }).polluted).to.equal(undefined);
  });
});

describe("creating an event", () => {
  const context = { eventId: "e-1", timestamp: 1_000, causationId: "c-0" };

  it("comes out of a round trip as it went in, in either layout", () => {
    const flat = createEvent(earningsProcessed, { assetId: "AAPL", earningsDate: "2026-10-29" }, context);
    const nested = createEvent(
      accountCreated,
      { accountId: "a", balance: 2 },
      { ...context, correlationId: "c-1", userId: "u" },
    );
    const travelled = (definition: typeof earningsProcessed | typeof accountCreated, detail: unknown) =>
      receive(envelope(definition.type, detail, { source: definition.source }), accepted);
    expect(travelled(earningsProcessed, toDetail(earningsProcessed, flat))).to.deep.equal(flat);
    expect(travelled(accountCreated, toDetail(accountCreated, nested))).to.deep.equal(nested);
    expect(flat.correlationId).to.equal("e-1");
  });

  it("refuses on publish what a reader would refuse", () => {
    expect(() => createEvent(earningsProcessed, { assetId: "", earningsDate: "2026-10-29" }, context)).to.throw(
      Failure,
      "event.payload.assetId",
    );
    expect(() => createEvent(accountCreated, { accountId: "a", balance: Number.NaN }, context)).to.throw(
      Failure,
      "event.payload.balance",
    );
    expect(() => createEvent(accountCreated, { accountId: "a", balance: 1 }, { ...context, eventId: "" })).to.throw(
      Failure,
      "event.eventId",
    );
  });

  it("refuses what would not fit the store", () => {
    const huge = { accountId: "a".repeat(400_000), balance: 1 };
    expect(() => createEvent(accountCreated, huge, context)).to.throw(Failure, "event.payload must fit");
  });
});

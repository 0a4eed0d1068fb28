import { expect } from "chai";
import * as fc from "fast-check";
import { Failure } from "../../../functions/processing/failure";
import { aheadMs, amountOf, lateMs, measureOf, readEvent } from "../../../functions/processing/stream/event";

const arrived = Date.parse("2026-10-29T12:30:00Z");

const sound = {
  eventId: "1",
  eventType: "exposure",
  timestamp: arrived - 1_000,
  experimentId: "checkout",
  userId: "ann",
};

const read = (over: object) => readEvent({ ...sound, ...over }, arrived);

const refusalOf = (value: unknown): { category: string; field: string | undefined; message: string } => {
  try {
    readEvent(value, arrived);
  } catch (error) {
    if (error instanceof Failure) return { category: error.category, field: error.field, message: error.message };
  }
  throw new Error("it was not refused");
};

const fieldOf = (over: object) => refusalOf({ ...sound, ...over }).field;

describe("an event of an experiment", () => {
  it("may be an exposure, a conversion or a metric", () => {
    expect(measureOf(read({}))).to.equal("exposure");
    expect(measureOf(read({ eventType: "conversion", goal: "paid" }))).to.equal("conversion:paid");
    expect(measureOf(read({ eventType: "metric", metric: "latency", value: 3 }))).to.equal("metric:latency");
  });

  it("may be worth something: a metric always is, a conversion perhaps, an exposure never", () => {
    expect(amountOf(read({ value: 3 }))).to.equal(undefined);
    expect(amountOf(read({ eventType: "conversion", goal: "paid" }))).to.equal(undefined);
    expect(amountOf(read({ eventType: "conversion", goal: "paid", value: 9.99 }))).to.equal(9.99);
    expect(fieldOf({ eventType: "metric", metric: "latency" })).to.equal("event.value");
  });

  it("has to have each field, and the refusal names the one that is missing", () => {
    for (const name of ["eventId", "eventType", "timestamp", "experimentId", "userId"]) {
      const { [name as keyof typeof sound]: _, ...rest } = sound;
      expect(refusalOf(rest), name).to.include({ category: "validation", field: `event.${name}` });
    }
  });

  it("has to be of a type that is known", () => {
    expect(refusalOf({ ...sound, eventType: "click" }).message).to.equal(
      "event.eventType must be one of exposure, conversion, metric",
    );
  });

  it("has to name its goal, or its metric", () => {
    expect(fieldOf({ eventType: "conversion" })).to.equal("event.goal");
    expect(fieldOf({ eventType: "metric", value: 1 })).to.equal("event.metric");
  });

  it("is refused for a field of another type, and never says what was in it", () => {
    for (const [name, value] of Object.entries({
      eventId: 7,
      userId: {},
      experimentId: [],
      timestamp: "now",
      variant: 1,
    })) {
      expect(fieldOf({ [name]: value }), name).to.equal(`event.${name}`);
    }
    expect(refusalOf({ ...sound, timestamp: "hunter2-secret" }).message).not.to.include("hunter2");
  });

  it("is refused where it is no object at all", () => {
    for (const value of [null, 7, "text", true, []]) expect(refusalOf(value).category).to.equal("validation");
  });

  it("is refused for words that would mean something else in a key", () => {
    for (const word of ["a#b", "a|b", "", "a b", "__proto__", `a${"b".repeat(64)}`, "ä"])
      expect(fieldOf({ experimentId: word }), word).to.equal("event.experimentId");
    expect(fieldOf({ variant: "a|b" })).to.equal("event.variant");
    expect(read({ experimentId: "Checkout-2.v1:eu_west" }).experimentId).to.equal("Checkout-2.v1:eu_west");
  });

  it("keeps what is nested as it is, and what is not known here", () => {
    const properties = { cart: { items: [{ id: 1, tags: ["a", null] }] }, text: "'; drop table users; --" };
    const event = read({ properties, device: { os: "x" } });
    expect(event.properties).to.deep.equal(properties);
    expect((event as Record<string, unknown>)["device"]).to.deep.equal({ os: "x" });
    for (const wrong of [[], "text", null, 7]) expect(fieldOf({ properties: wrong })).to.equal("event.properties");
  });

  it("has a version: a minor one that is not known is read, a major one is quarantined", () => {
    expect(read({}).eventVersion).to.equal("1.0");
    expect(read({ eventVersion: "1.9" }).eventVersion).to.equal("1.9");
    expect(refusalOf({ ...sound, eventVersion: "2.0" })).to.include({
      category: "permanent",
      field: "event.eventVersion",
    });
    expect(fieldOf({ eventVersion: "one" })).to.equal("event.eventVersion");
  });

  it("may be as far ahead, and as late, as it says, and not a millisecond more", () => {
    expect(read({ timestamp: arrived + aheadMs }).timestamp).to.equal(arrived + aheadMs);
    expect(read({ timestamp: arrived - lateMs }).timestamp).to.equal(arrived - lateMs);
    expect(fieldOf({ timestamp: arrived + aheadMs + 1 })).to.equal("event.timestamp");
    expect(fieldOf({ timestamp: arrived - lateMs - 1 })).to.equal("event.timestamp");
  });

  it("has a moment in whole milliseconds", () => {
    for (const timestamp of [1.5, -1, Number.MAX_VALUE]) expect(fieldOf({ timestamp })).to.equal("event.timestamp");
  });

  it("has a value that sums can be made of exactly", () => {
    for (const value of [1e16, -1e16, 1e-16, Number.NaN, Number.POSITIVE_INFINITY, "1"])
      expect(fieldOf({ eventType: "metric", metric: "m", value }), String(value)).to.equal("event.value");
    for (const value of [0, -0, 1e15, -1e15, 1e-15, 0.1])
      expect(amountOf(read({ eventType: "metric", metric: "m", value }))).to.equal(value);
  });

  it("is read, or refused by a word about one of its fields, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ ...anyField(), eventType: fc.anything() })), (value) => {
        try {
          readEvent(value, arrived);
        } catch (error) {
          expect(error).to.be.instanceOf(Failure);
          expect((error as Failure).field).to.match(/^event/);
        }
      }),
    );
  });

  const anyField = () =>
    Object.fromEntries(
      Object.entries(sound).map(([name, value]) => [name, fc.oneof(fc.constant(value), fc.anything())]),
    ) as Record<string, fc.Arbitrary<unknown>>;
});

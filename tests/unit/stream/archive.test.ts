import { expect } from "chai";
import { chunksOf, mostBytes, mostEvents } from "../../../functions/processing/stream/archive/chunk";
import { type Archivable, lineOf } from "../../../functions/processing/stream/archive/line";
import { readEvent } from "../../../functions/processing/stream/event";

const arrivedAt = Date.parse("2026-10-29T12:30:00Z");

const event = (eventId: string, over: object = {}): Archivable => ({
  event: readEvent(
    { eventId, eventType: "exposure", timestamp: arrivedAt - 1, experimentId: "checkout", userId: "ann", ...over },
    arrivedAt,
  ),
  variant: "B",
  arrivedAt,
});

const many = (count: number, over: object = {}) => Array.from({ length: count }, (_, at) => event(`${at}`, over));

describe("an archive object", () => {
  it("lies in the folder of its events' hour, whenever they arrived", () => {
    const [chunk] = chunksOf([event("1", { timestamp: Date.parse("2026-10-28T03:59:59.999Z") })]);
    expect(chunk?.key).to.match(/^year=2026\/month=10\/day=28\/hour=03\/[0-9a-f]{32}\.ndjson\.gz$/);
  });

  it("has events of one hour alone", () => {
    const chunks = chunksOf([event("1"), event("2", { timestamp: arrivedAt - 3_600_000 }), event("3")]);
    expect(chunks.map(({ events }) => events.map((one) => one.event.eventId))).to.deep.equal([["1", "3"], ["2"]]);
  });

  it("has at most 1,000 events", () => {
    expect(chunksOf(many(2_500)).map(({ events }) => events.length)).to.deep.equal([mostEvents, mostEvents, 500]);
  });

  it("has at most 5 MB", () => {
    const chunks = chunksOf(many(12, { properties: { text: "x".repeat(1_000_000) } }));
    expect(chunks.length).to.equal(3);
    for (const { lines } of chunks) expect(lines.length).to.be.at.most(mostBytes);
  });

  it("has an event that is larger than that alone", () => {
    const large = { properties: { text: "x".repeat(mostBytes) } };
    expect(chunksOf([event("1"), event("2", large), event("3")]).map(({ events }) => events.length)).to.deep.equal([
      1, 1, 1,
    ]);
  });

  it("has the same name and the same content for the same events", () => {
    expect(chunksOf(many(10))).to.deep.equal(chunksOf(many(10)));
  });

  it("has another name for any other events: a part of a batch never takes the place of the whole", () => {
    const names = [many(10), many(9), many(10).slice(1), many(10, { experimentId: "other" })].flatMap((some) =>
      chunksOf(some).map(({ key }) => key),
    );
    expect(new Set(names).size).to.equal(4);
  });

  it("is one line of JSON an event, whatever is in it", () => {
    const [chunk] = chunksOf([event("1", { properties: { text: "a\nb\u2028c" } }), event("2")]);
    expect(chunk?.lines.split("\n")).to.have.length(3);
  });
});

describe("a line of the archive", () => {
  const read = (one: Archivable) => JSON.parse(lineOf(one)) as Record<string, unknown>;

  it("has what the event says, under the columns' names", () => {
    expect(read(event("1", { eventType: "metric", metric: "latency", value: 0.1, variant: "B" }))).to.deep.equal({
      event_id: "1",
      event_type: "metric",
      event_version: "1.0",
      occurred_at: arrivedAt - 1,
      received_at: arrivedAt,
      experiment_id: "checkout",
      user_id: "ann",
      variant: "B",
      metric: "latency",
      value: 0.1,
    });
  });

  it("has what the tables say", () => {
    const enriched = {
      ...event("1"),
      experiment: { name: "Checkout", status: "running" },
      assignment: { variant: "A", assignedAt: 5, sinceMs: arrivedAt - 6 },
    };
    expect(read(enriched)).to.include({
      experiment_name: "Checkout",
      experiment_status: "running",
      assigned_variant: "A",
      assigned_at: 5,
      since_assignment_ms: arrivedAt - 6,
    });
  });

  it("keeps what is nested, and what is not known here, as it came", () => {
    const properties = { cart: [{ id: 1 }] };
    const line = read(event("1", { properties, device: { os: ["x"] }, toString: 1 }));
    expect(line["properties"]).to.deep.equal(properties);
    expect(line["other"]).to.deep.equal({ device: { os: ["x"] }, toString: 1 });
  });
});

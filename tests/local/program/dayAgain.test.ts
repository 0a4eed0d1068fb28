import { expect } from "chai";
import { type DataType, dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { type Book, eventsOf, logOf, readBook } from "./book";
import { judge, paidCalls } from "./judges";
import { hour, type Shared, sharedCloud } from "./sharedCloud";

interface Told {
  type: string;
  detail: Record<string, unknown>;
}

describe("what is told again", function () {
  this.timeout(60_000);
  let shared: Shared;
  before(async () => {
    shared = await sharedCloud();
  });
  const begin = async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
  };
  const want = (
    eventId: string,
    assetId: string,
    types: readonly DataType[],
    over: Record<string, unknown> = {},
  ): Told => ({
    type: "pollenationNeeded",
    detail: { eventId, assetId, dataTypes: types, priority: "high", timestamp: shared.up.cloud.clock.now(), ...over },
  });
  const tell = async (...events: Told[]) => {
    await shared.tell(...events);
    await shared.up.settle();
  };
  const spent = () => paidCalls(shared.calls()).length;
  const told = (book: Book) =>
    (["pollenationNeeded", "dataIngestionNeeded", "pollinationComplete", "analysisNeeded"] as const).map(
      (type) => eventsOf(book, type).length,
    );
  /** Every event of the day so far that its consumers have heard. */
  const everything = (book: Book, first: Told): Told[] => [
    first,
    ...["dataIngestionNeeded", "pollinationComplete"].flatMap((type) =>
      eventsOf(book, type).map(({ detail }) => ({ type, detail })),
    ),
  ];
  const upsideDown = <Item>(items: readonly Item[]): Item[] => items.toReversed();
  const chunks = <Item>(items: readonly Item[]): Item[][] =>
    Array.from({ length: Math.ceil(items.length / 10) }, (_, at) => items.slice(at * 10, at * 10 + 10));
  const repeat = async (events: readonly Told[]) => {
    await Promise.all(chunks(events).map((part) => shared.tell(...part)));
    await shared.up.settle();
  };

  it("at the same moment, in another order, an hour later, a day later, two weeks later, has its effect once", async () => {
    await begin();
    const first = want("want-1", "AAPL", dataTypes);
    await repeat([first, first, first]);
    const once = await readBook(shared);
    await judge(shared, once);
    expect(spent()).to.equal(5);
    expect(told(once)).to.deep.equal([0, 5, 1, 1]);
    const all = everything(once, first);
    expect(all).to.have.length(7);
    for (const later of [0, hour, 26 * hour, 13.9 * 24 * hour]) {
      const { now } = shared.up.cloud.clock;
      await shared.up.cloud.clock.turnTo(now.call(shared.up.cloud.clock) + later, shared.up.idle);
      await repeat([...upsideDown(all), ...all]);
    }
    const again = await readBook(shared);
    await judge(shared, again);
    expect(spent()).to.equal(5);
    expect(told(again)).to.deep.equal(told(once));
    expect(again.reports).to.deep.equal(once.reports);
    expect(again.letters).to.deep.equal([]);
  });

  it("after another request came between is still known, also where more is stale by now", async () => {
    await begin();
    const overview = want("want-overview", "IBM", ["company_overview"]);
    await tell(overview);
    const both = want("want-both", "IBM", ["company_overview", "cash_flow"]);
    await tell(both);
    await tell(want("want-earnings", "IBM", ["earnings"]));
    expect(spent()).to.equal(3);
    await shared.skipTo(4.2, 2);
    await tell(both);
    expect(spent()).to.equal(3);
    const book = await readBook(shared);
    await judge(shared, book);
    expect(book.letters).to.deep.equal([]);
    const outcomes = (await logOf(shared, "pollination")).flatMap(({ outcome }) => (outcome ? [outcome] : []));
    expect(outcomes).to.deep.equal(["queued", "queued", "queued", "duplicate"]);
  });

  it("while it is still being worked on is rung for, and fetched once", async () => {
    await begin();
    await shared.consume("ingestion", false);
    await tell(want("want-1", "KO", dataTypes));
    await tell(want("want-2", "KO", dataTypes, { priority: "low" }));
    await tell({ type: "dataIngestionNeeded", detail: { eventId: "bare", assetId: "KO", dataType: "earnings" } });
    await shared.consume("ingestion", true);
    await shared.up.settle();
    expect(spent()).to.equal(5);
    const book = await readBook(shared);
    await judge(shared, book);
    expect(told(book)).to.deep.equal([0, 10, 1, 1]);
    expect(book.jobs.map(({ status }) => status)).to.deep.equal(Array.from({ length: 5 }, () => "done"));
  });

  it("from before the last answer adds nothing; what is fresh is not fetched; what a team asks for by name is", async () => {
    await begin();
    await tell(want("want-1", "MSFT", ["earnings"]));
    const now = shared.up.cloud.clock.now();
    const bell = (eventId: string, timestamp: number): Told => ({
      type: "dataIngestionNeeded",
      detail: { eventId, assetId: "MSFT", dataType: "earnings", priority: "low", timestamp },
    });
    await tell(
      want("want-old", "MSFT", ["earnings"], { timestamp: now - 24 * hour }),
      bell("bell-old", now - 24 * hour),
    );
    expect(spent()).to.equal(1);
    await tell(bell("bell-new", now));
    expect(spent()).to.equal(2);
    const book = await readBook(shared);
    await judge(shared, book);
    expect(eventsOf(book, "pollinationComplete")).to.have.length(2);
    expect(book.reports.every(({ restates }) => restates === undefined)).to.equal(true);
  });
});

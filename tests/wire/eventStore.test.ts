import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import type { TransactItem } from "../../functions/processing/aws/transact";
import { readCursor } from "../../functions/processing/eventStore/cursor";
import { eachEvent, readPage } from "../../functions/processing/eventStore/page";
import { type EventStore, readEvent } from "../../functions/processing/eventStore/read";
import { always, type Selection } from "../../functions/processing/eventStore/selection";
import { readStory } from "../../functions/processing/eventStore/story";
import { createEvent } from "../../functions/processing/events/create";
import { earningsProcessed } from "../../functions/processing/events/earningsProcessed";
import { Failure } from "../../functions/processing/failure";
import { auditEntry, pendingEvent } from "../../functions/processing/outbox/record";
import { emptyTables } from "./tables";
import { world } from "./world";

const start = Date.parse("2026-10-28T22:00:00Z");
const minute = 60_000;

interface Told {
  id: string;
  at?: number;
  asset?: string;
  correlation?: string;
  cause?: string;
  user?: string;
}

const told = ({ id, at = start, asset = "AAPL", correlation, cause, user }: Told): TransactItem =>
  pendingEvent(
    earningsProcessed,
    createEvent(
      earningsProcessed,
      { assetId: asset, earningsDate: "2026-10-29" },
      {
        eventId: id,
        timestamp: at,
        ...(correlation !== undefined && { correlationId: correlation }),
        ...(cause !== undefined && { causationId: cause }),
        ...(user !== undefined && { userId: user }),
      },
    ),
  );

const changed = (id: string, cause: Told, at = start): TransactItem =>
  auditEntry({
    id,
    entity: "EARNINGS#AAPL#2026-10-29",
    type: "earningsCalendar.changed",
    fields: [{ field: "status", oldValue: "scheduled", newValue: "processed" }],
    after: { status: "processed" },
    at,
    by: "tests",
    cause: { eventId: cause.id, correlationId: cause.correlation ?? cause.id },
  });

const write = async (items: readonly TransactItem[]): Promise<void> => {
  for (let at = 0; at < items.length; at += 100) {
    await dynamodb().send(new TransactWriteCommand({ TransactItems: items.slice(at, at + 100) }));
  }
};

describe("the event store", () => {
  let store: EventStore;
  before(async () => {
    await world();
    store = { client: dynamodb(), table: "event-store" };
  });
  beforeEach(() => emptyTables("event-store"));

  const idsOf = async (selection: Partial<Selection>, newestFirst = false): Promise<string[]> => {
    const { events } = await readPage(store, { ...always, ...selection }, { limit: 1_000, newestFirst });
    return events.map(({ event_id }) => event_id);
  };

  it("finds events by what they are about, by their story, by who acted, and by all of it together", async () => {
    await write([
      told({ id: "a", user: "ann", correlation: "one" }),
      told({ id: "b", user: "bob", correlation: "one", at: start + 1 }),
      told({ id: "c", user: "ann", correlation: "two", asset: "IBM", at: start + 2 }),
      changed("d", { id: "c", correlation: "two" }, start + 3),
    ]);
    expect(await idsOf({ entity: "EARNINGS#AAPL#2026-10-29" })).to.deep.equal(["a", "b", "d"]);
    expect(await idsOf({ correlationId: "one" })).to.deep.equal(["a", "b"]);
    expect(await idsOf({ userId: "ann" })).to.deep.equal(["a", "c"]);
    expect(await idsOf({ userId: "ann", correlationId: "one" })).to.deep.equal(["a"]);
    expect(await idsOf({ correlationId: "two", type: "earningsCalendar.changed" })).to.deep.equal(["d"]);
    expect(await idsOf({ correlationId: "two", entity: "EARNINGS#IBM#2026-10-29" })).to.deep.equal(["c"]);
    expect(await idsOf({ userId: "ann", from: start + 1 })).to.deep.equal(["c"]);
    expect(await idsOf({ userId: "ann", to: start + 2 })).to.deep.equal(["a"]);
    expect(await idsOf({ userId: "eve" })).to.deep.equal([]);
  });

  it("finds events by time, across days and shards, oldest or newest first", async () => {
    const ids = Array.from({ length: 40 }, (_, at) => `e-${String(at).padStart(2, "0")}`);
    await write(ids.map((id, at) => told({ id, at: start + at * 10 * minute })));
    await write([changed("note", { id: "e-00" }, start + 5)]);
    const range = { from: start, to: start + 40 * 10 * minute };
    expect(await idsOf({ ...range, type: "earningsProcessed" })).to.deep.equal(ids);
    expect(await idsOf({ ...range, type: "earningsProcessed" }, true)).to.deep.equal([...ids].reverse());
    expect(await idsOf(range))
      .to.have.length(41)
      .and.include("note");
    expect(await idsOf({ ...range, from: start + 1, to: start + 10 * minute })).to.deep.equal(["note"]);
    // What a cursor remembers does not grow with the days.
    const { next = "" } = await readPage(store, { ...always, ...range }, { limit: 35 });
    const days = Object.keys(readCursor(next)).map((partition) => partition.slice(0, 10));
    expect([...new Set(days)]).to.deep.equal(["2026-10-29"]);
    expect(await idsOf({ from: start + 10 * minute, to: start + 20 * minute })).to.deep.equal(["e-01"]);
  });

  it("gives the same events page by page, none twice and none left out, also many of one moment", async () => {
    const moments = [start, start, start + 1, start + 130 * minute, start + 131 * minute];
    const ids = Array.from({ length: 230 }, (_, at) => `m-${at}`);
    await write(ids.map((id, at) => told({ id, at: moments[at % moments.length] ?? start, correlation: "many" })));
    for (const selection of [{ correlationId: "many" }, { from: start, to: start + 200 * minute }]) {
      for (const newestFirst of [true, false]) {
        for (const limit of [40, 230]) {
          const found: string[] = [];
          const times: string[] = [];
          let after: string | undefined;
          do {
            const page = await readPage(store, { ...always, ...selection }, { limit, newestFirst, after });
            expect(page.events.length).to.be.at.most(limit);
            found.push(...page.events.map(({ event_id }) => event_id));
            times.push(...page.events.map(({ occurred_at }) => occurred_at));
            after = page.next;
          } while (after !== undefined);
          expect(new Set(found).size).to.equal(230);
          expect(found).to.have.length(230);
          const sorted = [...times].sort();
          expect(times).to.deep.equal(newestFirst ? sorted.reverse() : sorted);
        }
      }
    }
    let count = 0;
    for await (const { event_id } of eachEvent(store, { ...always, correlationId: "many" })) {
      expect(event_id).to.match(/^m-/);
      count++;
    }
    expect(count).to.equal(230);
  });

  it("refuses a cursor that belongs elsewhere", async () => {
    await write([told({ id: "a" }), told({ id: "b", asset: "IBM" })]);
    const { next } = await readPage(store, { ...always, correlationId: "a" }, { limit: 1 });
    for (const after of [next, "rubbish", "", Buffer.from("{}").toString("base64url")]) {
      const error = await readPage(store, { ...always, correlationId: "b" }, { limit: 1, after }).catch(
        (failure: unknown) => failure,
      );
      expect(error, after).to.be.instanceOf(Failure).with.property("field", "cursor");
    }
  });

  it("reads what hangs together with an event, also where it began another story or came from one", async () => {
    const cause = { id: "asked", correlation: "first" };
    await write([
      told({ id: "origin", correlation: "first", at: start - 2 }),
      told({ ...cause, cause: "origin", at: start - 1 }),
      changed("noted", cause),
      // A batch of several stories: one of its own, begun by an event of the first.
      told({ id: "batch", cause: "asked", at: start + 1 }),
      told({ id: "rated", cause: "batch", correlation: "batch", at: start + 2 }),
      told({ id: "orphan", cause: "long gone", correlation: "first", at: start + 3 }),
      told({ id: "stranger" }),
    ]);
    const all = ["asked", "batch", "noted", "origin", "orphan", "rated"];
    for (const id of ["asked", "origin", "rated", "noted"]) {
      const story = await readStory(store, id, 100);
      expect(story?.events.map(({ event_id }) => event_id).sort(), id).to.deep.equal(all);
      expect(story?.cut).to.equal(false);
    }
    const cut = await readStory(store, "asked", 3);
    expect(cut?.cut).to.equal(true);
    expect(cut?.events).to.have.length(3);
    expect(await readStory(store, "nobody", 3)).to.equal(undefined);
  });

  it("takes an event into no index that it does not need", async () => {
    await write([
      told({ id: "plain", correlation: "plain" }),
      told({ id: "effect", correlation: "x", cause: "plain" }),
    ]);
    for (const id of ["plain", "effect"]) {
      const event = await readEvent(store, id);
      expect(event?.["day_shard"], id).to.match(/^2026-10-28#[0-3]$/);
      expect(event, id).not.to.have.any.keys("begun_by", "user_id");
    }
  });
});

import { GetCommand, PutCommand, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { type CalendarList, syncEarnings } from "../../functions/processing/earnings/sync";
import { Failure } from "../../functions/processing/failure";
import { markEarningsProcessed } from "../../functions/processing/markEarningsProcessed";
import type { CalendarRow } from "../../functions/processing/providers/rows";
import { captureOutput } from "./output";
import { type TestRun, testRun } from "./run";
import { emptyTables } from "./tables";
import { batch, context, envelope, world } from "./world";

const day = (count: number) => Date.parse("2026-10-20T05:00:00Z") + count * 86_400_000;

const row = (symbol: string, reportDate: string, over: Partial<CalendarRow> = {}): CalendarRow => ({
  symbol,
  name: `${symbol} Inc.`,
  reportDate,
  fiscalDateEnding: "2026-09-30",
  estimate: 1.54,
  currency: "USD",
  ...over,
});

let ids = 0;
/** Every run has ids of its own: DynamoDB remembers the token of a transaction. */
const runAt = (now: number, over: { remainingMs?: number } = {}): TestRun =>
  testRun(now, { newId: () => `earnings-sync-${++ids}`, ...over });

const list = (receivedAt: number, ...rows: CalendarRow[]): CalendarList => ({ rows, refused: [], receivedAt });
const sync = (asked: CalendarList) => syncEarnings(asked, runAt(asked.receivedAt));

const putAsset = (symbol: string, status = "active") =>
  dynamodb().send(new PutCommand({ TableName: "assets", Item: { asset_id: `ASSET#${symbol}`, status } }));

const read = async (symbol: string, on: string) =>
  (
    await dynamodb().send(
      new GetCommand({
        TableName: "earnings-calendar",
        Key: { asset_id: `ASSET#${symbol}`, earnings_date: on },
        ConsistentRead: true,
      }),
    )
  ).Item;

const rows = async () => (await dynamodb().send(new ScanCommand({ TableName: "earnings-calendar" }))).Items ?? [];

const history = async (symbol: string, on: string) =>
  (
    await dynamodb().send(
      new QueryCommand({
        TableName: "event-store",
        IndexName: "by-entity",
        KeyConditionExpression: "entity = :entity",
        ExpressionAttributeValues: { ":entity": `EARNINGS#${symbol}#${on}` },
      }),
    )
  ).Items ?? [];

const processed = (symbol: string, on: string, time: string) =>
  captureOutput(() =>
    markEarningsProcessed(
      batch(
        envelope(
          "earningsProcessed",
          { assetId: symbol, earningsDate: on, eventId: `event-${symbol}-${on}`, correlationId: "flow" },
          { time },
        ),
      ),
      context(),
    ),
  );

const none = { seen: 0, added: 0, changed: 0, moved: 0, unchanged: 0, unknown: 0, refused: [] };

describe("the sync of the earnings calendar", () => {
  before(world);
  const clean = () => emptyTables("assets", "earnings-calendar", "event-store", "processing-state");
  after(clean);
  beforeEach(async () => {
    await clean();
    await Promise.all([putAsset("AAPL"), putAsset("MSFT"), putAsset("GONE", "delisted")]);
  });

  it("schedules what is expected of the assets we know, and records it", async () => {
    const expected = row("AAPL", "2026-10-29", { timeOfDay: "post-market" });
    const summary = await sync(list(day(0), expected, row("GONE", "2026-10-29"), row("XXXX", "2026-10-29")));
    expect(summary).to.deep.equal({ ...none, seen: 3, added: 1, unknown: 2 });
    const entry = await read("AAPL", "2026-10-29");
    expect(entry).to.deep.equal({
      asset_id: "ASSET#AAPL",
      earnings_date: "2026-10-29",
      status: "scheduled",
      version: 1,
      source_time: day(0),
      fiscal_date_ending: "2026-09-30",
      estimate: 1.54,
      currency: "USD",
      name: "AAPL Inc.",
      time_of_day: "post-market",
      created_at: "2026-10-20T05:00:00.000Z",
      updated_at: "2026-10-20T05:00:00.000Z",
    });
    const [recorded, ...more] = await history("AAPL", "2026-10-29");
    expect(more).to.deep.equal([]);
    expect(recorded).to.deep.include({ event_type: "earningsCalendar.changed", source: "earningsSync", after: entry });
  });

  it("writes nothing for the same list", async () => {
    const same = [row("AAPL", "2026-10-29"), row("MSFT", "2026-10-27")];
    await sync(list(day(0), ...same));
    const before = await rows();
    expect(await sync(list(day(1), ...same))).to.deep.equal({ ...none, seen: 2, unchanged: 2 });
    expect(await rows()).to.have.deep.members(before);
  });

  it("writes what changed, with what it was before", async () => {
    await sync(list(day(0), row("AAPL", "2026-10-29")));
    const { estimate: _, ...without } = row("AAPL", "2026-10-29");
    expect(await sync(list(day(1), without))).to.deep.equal({ ...none, seen: 1, changed: 1 });
    const entry = await read("AAPL", "2026-10-29");
    expect(entry).to.deep.include({ version: 2, source_time: day(1), status: "scheduled" });
    expect(entry).not.to.have.property("estimate");
    const changes = (await history("AAPL", "2026-10-29")).map(({ changes }) => changes);
    expect(changes).to.deep.include([{ field: "estimate", oldValue: 1.54 }]);
  });

  it("moves a report whose date moved, and an event for the old date changes nothing", async () => {
    await sync(list(day(0), row("AAPL", "2026-10-29"), row("AAPL", "2026-12-28", { fiscalDateEnding: "2026-12-31" })));
    const summary = await sync(list(day(1), row("AAPL", "2026-11-05")));
    expect(summary).to.deep.equal({ ...none, seen: 1, moved: 1 });
    const old = await read("AAPL", "2026-10-29");
    expect(old).to.deep.include({ status: "moved", moved_to: "2026-11-05", version: 2 });
    expect(await read("AAPL", "2026-11-05")).to.deep.include({ status: "scheduled", version: 1 });
    expect(await read("AAPL", "2026-12-28")).to.deep.include({ status: "scheduled", version: 1 });
    await processed("AAPL", "2026-10-29", "2026-10-29T21:00:00Z");
    expect(await read("AAPL", "2026-10-29")).to.deep.equal(old);
    expect(await sync(list(day(2), row("AAPL", "2026-11-05")))).to.deep.include({ unchanged: 1 });
  });

  it("finds an entry that moves nearer than the list looks ahead, and one whose day is past", async () => {
    await sync(list(day(0), row("AAPL", "2027-02-10"), row("MSFT", "2026-10-21")));
    expect(await sync(list(day(30), row("AAPL", "2026-11-20"), row("MSFT", "2026-11-21")))).to.deep.include({
      moved: 2,
    });
    expect(await read("AAPL", "2027-02-10")).to.deep.include({ moved_to: "2026-11-20" });
    expect(await read("MSFT", "2026-10-21")).to.deep.include({ moved_to: "2026-11-21" });
  });

  it("never opens again what was processed, unless for another quarter", async () => {
    await sync(list(day(0), row("AAPL", "2026-10-29")));
    await processed("AAPL", "2026-10-29", "2026-10-29T21:00:00Z");
    const done = await read("AAPL", "2026-10-29");
    expect(done).to.deep.include({ status: "processed" });
    const again = list(day(12), row("AAPL", "2026-10-29", { estimate: 2 }));
    expect(await sync(again)).to.deep.include({ unchanged: 1 });
    expect(await sync(list(day(13), row("AAPL", "2026-11-05")))).to.deep.include({ unchanged: 1 });
    expect(await rows()).to.deep.equal([done]);
    const next = row("AAPL", "2026-10-29", { fiscalDateEnding: "2026-12-31" });
    expect(await sync(list(day(14), next))).to.deep.include({ changed: 1 });
    const reopened = await read("AAPL", "2026-10-29");
    expect(reopened).to.deep.include({ status: "scheduled", version: 3, fiscal_date_ending: "2026-12-31" });
    expect(reopened).not.to.have.any.keys("processed_at", "processed_event_id");
  });

  it("never lets an older list overwrite a younger one, neither as a whole nor row by row", async () => {
    await sync(list(day(2), row("AAPL", "2026-10-29", { estimate: 2 })));
    const before = await rows();
    const old = list(day(1), row("AAPL", "2026-10-29", { estimate: 1 }), row("MSFT", "2026-10-27"));
    expect(await sync(old)).to.deep.equal({
      ...none,
      seen: 2,
      refused: [{ at: "the list", reason: "is older than that of 2026-10-22T05:00:00.000Z" }],
    });
    await emptyTables("processing-state");
    expect(await sync(old)).to.deep.equal({
      ...none,
      seen: 2,
      added: 1,
      refused: [{ at: "AAPL", reason: "is older than what is known" }],
    });
    expect(await rows()).to.deep.include(before[0]);
  });

  it("refuses rows that contradict each other or cannot be, and keeps the earliest", async () => {
    const summary = await sync(
      list(
        day(0),
        row("AAPL", "2026-11-05"),
        row("AAPL", "2026-10-29"),
        row("AAPL", "2026-10-29", { fiscalDateEnding: "2026-12-31" }),
        row("MSFT", "2099-01-01"),
        row("MSFT", "2020-01-01"),
      ),
    );
    expect(summary).to.deep.include({ seen: 5, added: 1 });
    expect(summary.refused).to.have.deep.members([
      { at: "AAPL", reason: "reportDate 2026-10-29 is listed a second time" },
      { at: "AAPL", reason: "fiscalDateEnding 2026-09-30 is listed a second time, for 2026-11-05" },
      { at: "MSFT", reason: "reportDate 2099-01-01 is not between 2026-08-21 and 2027-11-24" },
      { at: "MSFT", reason: "reportDate 2020-01-01 is not between 2026-08-21 and 2027-11-24" },
    ]);
    expect((await rows()).map(({ earnings_date }) => earnings_date)).to.deep.equal(["2026-10-29"]);
  });

  it("tells of an entry that is damaged, leaves it, and takes over the others", async () => {
    await dynamodb().send(
      new PutCommand({
        TableName: "earnings-calendar",
        Item: { asset_id: "ASSET#AAPL", earnings_date: "2026-10-29", status: "scheduled", version: "one" },
      }),
    );
    expect(await sync(list(day(0), row("AAPL", "2026-10-29"), row("MSFT", "2026-10-27")))).to.deep.equal({
      ...none,
      seen: 2,
      added: 1,
      refused: [{ at: "AAPL", reason: "the earnings calendar's entry is damaged in version, source_time" }],
    });
  });

  it("writes each change once where the same list is taken over several times at once", async () => {
    await sync(list(day(0), row("AAPL", "2026-10-29")));
    const moving = list(day(1), row("AAPL", "2026-11-05"), row("MSFT", "2026-10-27"));
    const summaries = await Promise.all([sync(moving), sync(moving), sync(moving)]);
    for (const key of ["moved", "added"] as const) {
      expect(summaries.reduce((sum, summary) => sum + summary[key], 0)).to.equal(1);
    }
    expect(await read("AAPL", "2026-10-29")).to.deep.include({ status: "moved", version: 2 });
    expect(await read("AAPL", "2026-11-05")).to.deep.include({ status: "scheduled", version: 1 });
    expect(await history("AAPL", "2026-10-29")).to.have.length(2);
    expect(await history("MSFT", "2026-10-27")).to.have.length(1);
  });

  it("keeps its place where a report is processed while the list is taken over", async () => {
    await sync(list(day(0), row("AAPL", "2026-10-20")));
    const run = runAt(day(1));
    let first = true;
    const racing = {
      ...run,
      call: async <T>(operation: string, origin: "dynamodb", send: () => Promise<T>): Promise<T> => {
        if (operation === "TransactWriteItems" && first) {
          first = false;
          await processed("AAPL", "2026-10-20", "2026-10-21T01:00:00Z");
        }
        return run.call(operation, origin, send);
      },
    } as typeof run;
    const summary = await syncEarnings(list(day(1), row("AAPL", "2026-10-28")), racing);
    expect(summary).to.deep.equal({ ...none, seen: 1, unchanged: 1 });
    expect((await rows()).map(({ status }) => status)).to.deep.equal(["processed"]);
  });

  it("begins no write that it has no time for", async () => {
    const late = runAt(day(0), { remainingMs: 1_000 });
    const failure = await syncEarnings(list(day(0), row("AAPL", "2026-10-29")), late).catch((error) => error);
    expect(failure).to.be.instanceOf(Failure).that.includes({ category: "unavailable" });
    expect(await rows()).to.deep.equal([]);
  });

  it("asks the calendar by company or by day, whichever are fewer, and finds the same", async () => {
    const queriesOf = async (symbols: readonly string[]) => {
      const run = runAt(day(1));
      let queries = 0;
      const counting = {
        ...run,
        call: <T>(operation: string, origin: "dynamodb", send: () => Promise<T>): Promise<T> => {
          if (operation === "Query") queries++;
          return run.call(operation, origin, send);
        },
      } as typeof run;
      const expected = symbols.map((symbol) => row(symbol, "2026-10-29"));
      const { added, unchanged } = await syncEarnings(list(day(1), ...expected), counting);
      return { queries, added, unchanged };
    };
    const many = Array.from({ length: 182 }, (_, at) => `A${at}`);
    const few = many.slice(0, 2);
    await Promise.all(many.map((symbol) => putAsset(symbol)));
    expect(await queriesOf(many)).to.deep.equal({ queries: 181, added: 182, unchanged: 0 });
    expect(await queriesOf(few)).to.deep.equal({ queries: 2, added: 0, unchanged: 2 });
    expect(await queriesOf(many)).to.deep.equal({ queries: 181, added: 0, unchanged: 182 });
  });

  it("does nothing with an empty list", async () => {
    await sync(list(day(0), row("AAPL", "2026-10-29")));
    expect(await sync(list(day(1)))).to.deep.equal(none);
    expect(await rows()).to.have.length(1);
  });
});

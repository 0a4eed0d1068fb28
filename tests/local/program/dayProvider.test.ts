import { expect } from "chai";
import { type DataType, dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { faultKinds } from "../../../local/market/faults";
import { type Book, logOf, readBook } from "./book";
import { judge, paidCalls } from "./judges";
import { type Shared, sharedCloud } from "./sharedCloud";

/** What is stored of these companies as it stands, to be compared with later. */
const storedOf = ({ heads, reports }: Book, symbol: string, type?: DataType) => ({
  heads: heads.filter((one) => one.asset_id === `ASSET#${symbol}` && (type ?? one.type) === one.type),
  reports: reports.filter((one) => one.asset_id === `ASSET#${symbol}` && (type ?? one.type) === one.type),
});

describe("a provider that fails", function () {
  // Alpaca says when its minute is over, and is really left alone until then.
  this.timeout(180_000);
  let shared: Shared;
  before(async () => {
    shared = await sharedCloud();
  });
  const want = (assetId: string, priority: string, types: readonly DataType[] = dataTypes) =>
    shared.tell({ type: "pollenationNeeded", detail: { assetId, dataTypes: types, priority } });
  const jobOf = (book: Book, symbol: string, type: DataType) =>
    book.jobs.find(({ job_id }) => job_id === `ingestion#${symbol}#${type}`);
  const stateOf = (book: Book, symbol: string) => book.states.find(({ asset_id }) => asset_id === `ASSET#${symbol}`);

  it("in every way that it can, in the middle of a day: what can be had is had, the rest waits or is told", async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    await want("AAPL", "high");
    await want("MSFT", "high");
    await shared.up.settle();
    const before = await readBook(shared);
    await shared.skipTo(4.5, 1);
    const faults = [
      shared.breakMarket({ kind: "burst", symbol: "AAPL", function: "OVERVIEW", times: 1 }),
      shared.breakMarket({ kind: "status500", symbol: "AAPL", function: "EARNINGS", times: 1 }),
      shared.breakMarket({ kind: "html", symbol: "AAPL", function: "INCOME_STATEMENT", times: 1 }),
      shared.breakMarket({ kind: "truncated", symbol: "AAPL", function: "BALANCE_SHEET", times: 1 }),
      shared.breakMarket({ kind: "status500", symbol: "AAPL", function: "CASH_FLOW", times: 1 }),
      shared.breakMarket({ kind: "premium", symbol: "MSFT", function: "OVERVIEW" }),
      shared.breakMarket({ kind: "error", symbol: "MSFT", function: "EARNINGS" }),
      shared.breakMarket({ kind: "empty", symbol: "MSFT", function: "INCOME_STATEMENT" }),
      shared.breakMarket({ kind: "malformed", symbol: "MSFT", function: "BALANCE_SHEET" }),
      shared.breakMarket({ kind: "malformed", symbol: "MSFT", function: "CASH_FLOW", times: 1 }),
    ];
    await want("AAPL", "high");
    await want("MSFT", "medium");
    await want("IBM", "low");
    await shared.up.settle();
    for (const fault of faults) expect(fault.hits()).to.be.greaterThan(0);

    const evening = await readBook(shared);
    await judge(shared, evening);
    const reasons: [DataType, RegExp][] = [
      ["company_overview", /premium/],
      ["earnings", /Invalid API call/],
      ["income_statement", /has no income_statement of MSFT/],
    ];
    for (const [type, reason] of reasons) {
      expect(jobOf(evening, "MSFT", type), type).to.include({ status: "dead", attempts: 1 });
      expect(jobOf(evening, "MSFT", type)?.error).to.match(reason);
      expect(storedOf(evening, "MSFT", type), type).to.deep.equal(storedOf(before, "MSFT", type));
    }
    for (const row of before.reports) expect(evening.reports).to.deep.include(row);
    expect(paidCalls(shared.calls()).length).to.equal(10 + 20);
    const waiting = evening.jobs.filter(({ status }) => status === "enqueued");
    expect(waiting.length).to.be.greaterThan(0);
    for (const { error, job_id } of waiting)
      expect(error, job_id).to.match(/^waiting for the budget of calls|not JSON/);
    const redelivered = (await logOf(shared, "ingestion")).filter(({ message }) => message.includes("redelivered"));
    expect(redelivered, "waiting is no failure").to.deep.equal([]);

    // The next morning's planner goes on with what waits.
    await shared.skipTo(5.9, 2);
    await shared.turnTo(6.1, { days: 2, only: ["pollination-planner"] });
    await shared.up.settle();
    const next = await readBook(shared);
    await judge(shared, next);
    for (const { job_id } of waiting) {
      const job = next.jobs.find((one) => one.job_id === job_id);
      expect(job?.status, job_id).to.equal(job_id.includes("MSFT#balance_sheet") ? "dead" : "done");
    }
    expect(jobOf(next, "MSFT", "balance_sheet")).to.include({ status: "dead", attempts: 3 });
    expect(jobOf(next, "MSFT", "balance_sheet")?.error).to.match(/not JSON/);
    expect(stateOf(next, "AAPL")).to.include({ status: "complete" });
    expect(stateOf(next, "MSFT")).to.include({ status: "failed" });
    expect(stateOf(next, "IBM")).to.include({ status: "complete" });
  });

  it("that says the day is over is asked no more until it is over everywhere, and nothing is lost by it", async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    const spent = shared.breakMarket({ kind: "spent", symbol: "AAPL", function: "INCOME_STATEMENT", times: 1 });
    await want("AAPL", "high");
    await shared.up.settle();
    await shared.turnTo(7.1, { only: ["pollination-planner"] });
    await shared.up.settle();
    expect(spent.hits()).to.equal(1);
    const asked = paidCalls(shared.calls());
    expect(asked.at(-1)).to.include({ function: "INCOME_STATEMENT", outcome: "spent" });
    const evening = await readBook(shared);
    await judge(shared, evening);
    expect(stateOf(evening, "AAPL")).to.include({ status: "processing" });
    for (const { status, error } of evening.jobs) {
      if (status === "enqueued") expect(error).to.match(/^waiting for (tomorrow's|the) budget of calls/);
    }
    await shared.skipTo(3.5, 1);
    expect(shared.calls().length).to.equal(paidCalls(shared.calls()).length + 1);
    await shared.turnTo(6.1, { days: 1, only: ["pollination-planner"] });
    await shared.up.settle();
    const next = await readBook(shared);
    await judge(shared, next);
    expect(stateOf(next, "AAPL")).to.include({ status: "complete" });
    expect(next.letters).to.deep.equal([]);
  });

  it("that rejects the key costs deliveries, and not the work", async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    const rejected = shared.breakMarket({ kind: "keyRejected", symbol: "AAPL" });
    await want("AAPL", "high", ["earnings"]);
    await shared.up.settle();
    expect(rejected.hits()).to.equal(3);
    const book = await readBook(shared);
    await judge(shared, book);
    expect(book.letters.map(({ consumer, detail }) => [consumer, detail["assetId"]])).to.deep.equal([
      ["ingestion", "AAPL"],
    ]);
    expect(jobOf(book, "AAPL", "earnings")).to.include({ status: "enqueued", attempts: 0 });
    expect(jobOf(book, "AAPL", "earnings")?.error).to.match(/apikey/);
    expect(JSON.stringify(book)).not.to.include("stand-in-alphavantage-key");
    rejected.remove();
    await shared.skipTo(5.9, 1);
    await shared.turnTo(6.1, { days: 1, only: ["pollination-planner"] });
    await shared.up.settle();
    expect(stateOf(await readBook(shared), "AAPL")?.types["earnings"]).to.include({ status: "complete" });
  });

  it("for the lists of assets, reports and news: what is known stays, and the next day goes on", async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    await shared.turnTo(5.1, { only: ["earnings-sync", "news-sync"] });
    await shared.up.settle();
    const first = await readBook(shared);
    const lists = [
      { name: "ASSETS", label: "asset-sync" },
      { name: "EARNINGS_CALENDAR", label: "earnings-sync" },
      { name: "NEWS_SENTIMENT", label: "news-sync" },
    ];
    const only: Record<string, string[]> = {
      badCsv: ["EARNINGS_CALENDAR"],
      letterCsv: ["EARNINGS_CALENDAR"],
      premium: ["EARNINGS_CALENDAR", "NEWS_SENTIMENT"],
      spent: ["EARNINGS_CALENDAR"],
    };
    // A call that hangs takes its eight seconds: tests/wire has it in less.
    const kinds = faultKinds.filter((kind) => kind !== "hang");
    for (const [at, kind] of kinds.entries()) {
      await shared.skipTo(12, at + 1);
      const struck = lists.filter(({ name }) => only[kind]?.includes(name) ?? true);
      const faults = struck.map(({ name }) =>
        shared.breakMarket({ kind, function: name, ...(kind === "burst" && { times: 1 }) }),
      );
      const from = shared.up.cloud.clock.now();
      for (const { label } of struck) shared.fire(label);
      await shared.up.settle();
      for (const [which, { label }] of struck.entries()) {
        expect(faults[which]?.hits(), `${kind} for ${label}`).to.be.greaterThan(0);
        const lines = await logOf(shared, label, from);
        const told = lines.filter(({ level, message, result }) => {
          const { skipped, refused } = (result ?? {}) as { skipped?: string; refused?: unknown[] };
          return (
            level === "ERROR" ||
            message === "the provider wants a pause" ||
            skipped !== undefined ||
            (refused ?? []).length > 0
          );
        });
        if (kind !== "empty" || label === "asset-sync")
          expect(told, `${kind} for ${label} is told of`).not.to.deep.equal([]);
        faults[which]?.remove();
      }
    }
    const last = await readBook(shared);
    await judge(shared, last);
    const byKey = (rows: Book["assets"], field: string) => rows.map((row) => `${row["asset_id"]} ${row[field]}`);
    expect(byKey(last.assets, "status")).to.have.members(byKey(first.assets, "status"));
    expect(byKey(last.calendar, "earnings_date")).to.include.members(byKey(first.calendar, "earnings_date"));
    expect(new Set(last.calendar.map(({ status }) => status))).to.deep.equal(new Set(["scheduled"]));
    for (const { fiscal_date_ending } of last.calendar) expect(fiscal_date_ending).to.match(/^\d{4}-\d{2}-\d{2}$/);
    expect(byKey(last.news, "news_key")).to.include.members(byKey(first.news, "news_key"));

    await shared.skipTo(12, kinds.length + 1);
    for (const { label } of lists) shared.fire(label);
    await shared.up.settle();
    for (const { label } of lists) {
      const done = (await logOf(shared, label)).filter(({ message }) => message.startsWith("synchronised")).at(-1);
      expect(done?.["result"], label).to.include.keys("seen", "refused");
    }
  });
});

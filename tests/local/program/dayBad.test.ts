import { expect } from "chai";
import { logOf, readBook } from "./book";
import { judge } from "./judges";
import { type Shared, sharedCloud } from "./sharedCloud";

const secret = "sk-live-3f9a77";

describe("what cannot be done", function () {
  this.timeout(60_000);
  let shared: Shared;
  before(async () => {
    shared = await sharedCloud();
  });

  it("ends in the dead letters with the field that is wrong, as it came, spends no call and changes nothing", async () => {
    await shared.newDay();
    shared.market.delist("IBM");
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    shared.market.list("IBM");
    const before = await readBook(shared);
    const want = { assetId: "AAPL", dataTypes: ["earnings"], priority: "high" };
    const ingest = { assetId: "AAPL", dataType: "earnings", priority: "high" };
    const bad: [string, Record<string, unknown>, RegExp][] = [
      ["pollenationNeeded", { ...want, assetId: "NOPE" }, /detail\.assetId NOPE is not a company we know/],
      ["pollenationNeeded", { ...want, assetId: undefined }, /detail\.assetId is missing/],
      ["pollenationNeeded", { ...want, assetId: "'; drop table assets" }, /detail\.assetId must be a ticker symbol/],
      ["pollenationNeeded", { ...want, assetId: 7 }, /detail\.assetId must be a string/],
      ["pollenationNeeded", { ...want, dataTypes: [] }, /detail\.dataTypes must name at least one/],
      ["pollenationNeeded", { ...want, dataTypes: ["__proto__"] }, /detail\.dataTypes\.0 must be one of/],
      ["pollenationNeeded", { ...want, dataTypes: secret }, /detail\.dataTypes must be a list/],
      ["pollenationNeeded", { ...want, priority: secret }, /detail\.priority must be high, medium or low/],
      ["pollenationNeeded", { ...want, triggerTime: "yesterday" }, /detail\.triggerTime must be an ISO timestamp/],
      ["pollenationNeeded", { ...want, timestamp: -1 }, /detail\.timestamp must be a moment/],
      [
        "pollenationNeeded",
        { ...want, timestamp: Date.parse("2100-01-01") },
        /detail\.timestamp must be at most a day/,
      ],
      ["pollenationNeeded", { ...want, eventVersion: "2.0" }, /detail\.eventVersion is newer/],
      ["dataIngestionNeeded", { ...ingest, assetId: "NOPE" }, /detail\.assetId NOPE is not an active company/],
      ["dataIngestionNeeded", { ...ingest, assetId: "IBM" }, /detail\.assetId IBM is not an active company/],
      ["dataIngestionNeeded", { ...ingest, dataType: "dividends" }, /detail\.dataType must be one of/],
      ["dataIngestionNeeded", { ...ingest, assetId: null }, /detail\.assetId must be a string/],
      ["pollinationComplete", { ...want, priority: undefined }, /detail\.priority is missing/],
      ["pollinationComplete", { ...want, dataTypes: ["x"] }, /detail\.dataTypes\.0 must be one of/],
      ["earningsProcessed", { assetId: "AAPL", earningsDate: "2026-02-30" }, /detail\.earningsDate must be a day/],
    ];
    for (let at = 0; at < bad.length; at += 10) {
      await shared.tell(
        ...bad
          .slice(at, at + 10)
          .map(([type, detail], which) => ({ type, detail: { ...detail, note: `letter ${at + which}` } })),
      );
    }
    // The others of a batch go on.
    await shared.tell({
      type: "pollenationNeeded",
      detail: { ...want, dataTypes: ["cash_flow"], assetId: "ASSET#KO" },
    });
    await shared.up.settle();
    const book = await readBook(shared);
    await judge(shared, book);
    expect(book.states.find(({ asset_id }) => asset_id === "ASSET#KO")).to.include({ status: "complete" });
    expect(book.letters).to.have.length(bad.length);
    for (const [at, [type, detail, reason]] of bad.entries()) {
      // A job's dead letter asks for the job, in words of ours.
      const own = book.letters.find((letter) =>
        type === "dataIngestionNeeded" && reason.source.includes("active")
          ? letter.consumer === "ingestion" && letter.detail["assetId"] === detail["assetId"]
          : letter.detail["note"] === `letter ${at}`,
      );
      expect(own?.reason, `${type} ${JSON.stringify(detail)}`).to.match(reason);
      expect(own?.reason).not.to.include(secret);
    }
    expect(shared.calls().filter(({ symbol }) => symbol !== "KO" && symbol !== undefined)).to.deep.equal([]);
    expect(book.assets).to.deep.equal(before.assets);
    for (const label of ["pollination", "ingestion", "analysis-batches"]) {
      expect(JSON.stringify(await logOf(shared, label)), label).not.to.include(secret);
    }
  });

  it("is left alone where a company is not traded any more, and what waited for it comes to its end", async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    const spent = shared.breakMarket({ kind: "spent", symbol: "KO", times: 1 });
    await shared.tell({
      type: "pollenationNeeded",
      detail: { assetId: "KO", dataTypes: ["earnings"], priority: "low" },
    });
    await shared.up.settle();
    expect(spent.hits()).to.equal(1);
    shared.market.delist("KO");
    await shared.turnTo(4.1, { days: 1, only: ["asset-sync"] });
    shared.market.list("KO");
    await shared.tell({
      type: "pollenationNeeded",
      detail: { assetId: "KO", dataTypes: ["cash_flow"], priority: "high" },
    });
    await shared.up.settle();
    await shared.skipTo(5.9, 1);
    await shared.turnTo(6.1, { days: 1, only: ["pollination-planner"] });
    await shared.up.settle();
    const book = await readBook(shared);
    await judge(shared, book);
    const outcomes = (await logOf(shared, "pollination")).flatMap(({ outcome }) => (outcome ? [outcome] : []));
    expect(outcomes).to.include("inactive");
    const [job] = book.jobs.filter(({ asset_id }) => asset_id === "ASSET#KO");
    expect(job).to.include({ task: "earnings", status: "dead" });
    expect(book.letters.map(({ reason }) => reason)).to.deep.equal([job?.error]);
    expect(job?.error).to.match(/KO is not an active company/);
  });

  it("is done once when an operator moves it back from the dead letters, however often", async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    const broken = shared.breakMarket({ kind: "error", symbol: "AAPL", function: "EARNINGS" });
    await shared.tell({
      type: "pollenationNeeded",
      detail: { assetId: "AAPL", dataTypes: ["earnings", "cash_flow"], priority: "low" },
    });
    await shared.up.settle();
    const failed = await readBook(shared);
    expect(failed.states).to.have.length(1);
    expect(failed.states[0]).to.include({ status: "failed" });
    expect(failed.letters).to.have.length(1);
    await judge(shared, failed);
    broken.remove();
    await shared.redrive();
    await shared.up.settle();
    const mended = await readBook(shared);
    await judge(shared, mended);
    expect(mended.states[0]).to.include({ status: "complete" });
    expect(mended.letters).to.deep.equal([]);
    const [letter] = failed.letters;
    await shared.tell({ type: "dataIngestionNeeded", detail: letter?.detail ?? {} });
    await shared.up.settle();
    expect(shared.calls().filter(({ symbol }) => symbol === "AAPL")).to.have.length(3);
  });
});

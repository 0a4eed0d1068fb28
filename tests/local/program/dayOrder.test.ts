import { expect } from "chai";
import { dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { universe } from "../../../local/market/universe";
import { eventsOf, logOf, readBook, scan } from "./book";
import { judge, paidCalls } from "./judges";
import { minute, type Shared, sharedCloud } from "./sharedCloud";

describe("the order of the day", function () {
  this.timeout(60_000);
  let shared: Shared;
  before(async () => {
    shared = await sharedCloud();
  });
  const ends = async (label: string, message: string, from?: number) =>
    (await logOf(shared, label, from)).filter((line) => line.message === message).map(({ end }) => end);

  it("serves a high request that is queued behind a hundred low ones before all of them", async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    await shared.consume("ingestion", false);
    const want = (assetId: string, priority: string) => ({
      type: "pollenationNeeded",
      detail: { assetId, dataTypes, priority },
    });
    const patient = universe.map(({ symbol }) => symbol).filter((symbol) => symbol !== "KO");
    for (const part of [patient.slice(0, 10), patient.slice(10, 20)]) {
      await shared.tell(...part.map((symbol) => want(symbol, "low")));
    }
    await shared.up.settle();
    expect(await scan(shared, "queue-tracking")).to.have.length(100);
    await shared.tell(want("KO", "high"));
    await shared.up.settle();
    await shared.consume("ingestion", true);
    await shared.up.settle();
    const asked = paidCalls(shared.calls()).map(({ symbol }) => symbol);
    expect(asked).to.have.length(20);
    expect(asked.filter((symbol) => symbol === "KO")).to.have.length(5);
    const book = await readBook(shared);
    // They are taken one after the other; the calls of those that are under way side by side may overtake each other.
    const taken = (high: boolean) =>
      book.jobs.flatMap(({ asset_id, started_at }) =>
        started_at !== undefined && (asset_id === "ASSET#KO") === high ? [started_at] : [],
      );
    const [low = ""] = taken(false).sort();
    expect(taken(true).filter((moment) => moment <= low)).to.have.length(5);
    await judge(shared, book);
    expect(book.jobs.filter(({ status }) => status === "enqueued")).to.have.length(85);
    expect(book.letters).to.deep.equal([]);
  });

  it("has one run a slot, however often and late it is called; a run that is missed is made up for by the next", async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    for (const label of ["asset-sync", "asset-sync", "asset-sync"]) shared.fire(label);
    await shared.up.settle();
    expect(shared.calls().filter(({ provider }) => provider === "alpaca")).to.have.length(1);
    expect(await ends("asset-sync", "synchronised assets")).to.have.members([
      "done",
      ...Array.from({ length: 3 }, () => "done before"),
    ]);

    // Neither the calendar at five nor the round at six: the one at seven is for all.
    await shared.skipTo(6.99);
    const crash = shared.up.cloud.faults.inject({
      kind: "crash",
      service: "lambda",
      operation: "Invoke",
      caller: "signal9-dev-pollination-planner",
      times: 1,
    });
    await shared.turnTo(7.01, { only: ["pollination-planner-regular"] });
    await shared.up.settle();
    expect(crash.hits()).to.equal(1);
    shared.fire("pollination-planner-regular");
    shared.fire("pollination-planner-regular");
    await shared.up.cloud.clock.turnTo(shared.up.cloud.clock.now() + 20 * minute, shared.up.idle);
    shared.fire("pollination-planner-regular");
    await shared.up.settle();
    const book = await readBook(shared);
    await judge(shared, book);
    expect(eventsOf(book, "pollenationNeeded")).to.have.length(4);
    expect(book.states.map(({ status }) => status)).to.deep.equal(["complete", "complete", "complete", "complete"]);
    expect(paidCalls(shared.calls())).to.have.length(20);

    // A whole day without a schedule, and then one as always.
    await shared.skipTo(3.9, 2);
    await shared.turnTo(7.1, { days: 2, only: ["asset-sync", "pollination-planner"] });
    await shared.up.settle();
    const later = await readBook(shared);
    await judge(shared, later);
    expect(later.states.filter(({ status }) => status === "complete")).to.have.length.of.at.least(7);
    expect(later.letters).to.deep.equal([]);
  });
});

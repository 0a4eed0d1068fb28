import { expect } from "chai";
import { dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { readBook } from "./book";
import { paidCalls } from "./judges";
import { type Shared, sharedCloud } from "./sharedCloud";

describe("the alarm on work that is late", function () {
  this.timeout(120_000);
  let shared: Shared;
  before(async () => {
    shared = await sharedCloud();
  });
  beforeEach(async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
  });

  const want = (assetId: string) =>
    shared.tell({ type: "pollenationNeeded", detail: { assetId, dataTypes: [...dataTypes], priority: "high" } });
  /** The alarm, after two looks at the queue by this hour. */
  const alarmAt = async (hours: number, days = 0): Promise<string | undefined> => {
    for (const minutes of [0, 5]) {
      await shared.skipTo(hours + minutes / 60, days);
      shared.fire("queue-watch");
      await shared.up.idle();
    }
    await shared.skipTo(hours + 11 / 60, days);
    return shared.up.services.cloudWatch.alarms().find(({ name }) => name === "signal9-dev-jobs-delay")?.state;
  };

  it("is raised where jobs lie there, calls are left, and nobody makes them; and is over when they are made", async () => {
    await shared.consume("ingestion", false);
    await want("AAPL");
    await shared.up.idle();
    expect(await alarmAt(4.3)).to.equal("ALARM");
    await shared.consume("ingestion", true);
    await shared.up.settle();
    expect((await readBook(shared)).jobs.every(({ status }) => status === "done")).to.equal(true);
    expect(await alarmAt(4.8)).to.equal("OK");
  });

  it("is not raised while work waits for tomorrow's budget, nor in the morning before the planner rings for it", async () => {
    for (const company of ["AAPL", "MSFT", "IBM", "KO", "JPM"]) await want(company);
    await shared.up.settle();
    expect(paidCalls(shared.calls()).length).to.equal(20);
    expect((await readBook(shared)).jobs.filter(({ status }) => status === "enqueued")).to.have.length(5);
    expect(await alarmAt(12)).to.equal("OK");
    expect(await alarmAt(5.5, 1)).to.equal("OK");
  });
});

import { expect } from "chai";
import { watchQueue } from "../../functions/processing/work/watch";
import { bell, cleanMarket, invocation, list, marketWorld, noon, pollinated, rung, wanted } from "./marketWorld";

const minute = 60_000;

describe("the watch over the work that waits", () => {
  before(marketWorld);
  beforeEach(async () => {
    process.env["PROVIDERS_ASKED"] = "alphavantage";
    await cleanMarket();
    await list("AAPL");
    await pollinated(wanted("AAPL", ["earnings", "cash_flow"]));
  });
  after(async () => {
    delete process.env["PROVIDERS_ASKED"];
    await cleanMarket();
  });

  /** What is measured so many minutes after the work was asked for. */
  const measured = async (minutes: number) => {
    const run = invocation(noon + minutes * minute);
    await watchQueue(run);
    return run.counted;
  };

  it("measures a delay where calls are left and nobody makes them", async () => {
    expect(await measured(6)).to.include({ JobsEnqueued: 2, JobsEnqueuedAge: 360, JobsStarted: 0, JobsDelay: 360 });
  });

  it("measures none once calls are made again, nor where the budget has none", async () => {
    const run = invocation(noon + 5 * minute);
    await rung(bell("AAPL", "earnings"), run);
    expect(run.counted).to.include({ JobsDone: 1, JobsEndedAge: 300 });
    expect(await measured(6)).to.include({ JobsEnqueued: 1, JobsEnqueuedAge: 360, JobsDelay: 60 });
    process.env["ALPHA_VANTAGE_PER_DAY"] = "5";
    try {
      expect(await measured(60)).to.include({ JobsEnqueued: 1, JobsEnqueuedAge: 3_600, JobsDelay: 0 });
    } finally {
      process.env["ALPHA_VANTAGE_PER_DAY"] = "25";
    }
  });

  it("measures none on the next day, before the planner has rung for what was left over", async () => {
    expect(await measured(24 * 60)).to.include({ JobsEnqueuedAge: 86_400, JobsDelay: 0 });
  });

  it("measures none where no key is set: nothing is late for want of one", async () => {
    delete process.env["PROVIDERS_ASKED"];
    expect(await measured(60)).to.include({ JobsEnqueued: 2, JobsDelay: 0 });
  });
});

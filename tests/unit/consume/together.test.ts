import { expect } from "chai";
import { together } from "../../../functions/processing/consume/together";
import { testRun } from "../../wire/run";

describe("events handled together", () => {
  it("come in one call, and share its outcome", async () => {
    const calls: (readonly string[])[] = [];
    const handle = together(async (events: readonly string[]) => {
      calls.push(events);
      return `${events.length} at once`;
    });
    const run = testRun(0);
    expect(await Promise.all(["a", "b", "c"].map((event) => handle(event, run)))).to.deep.equal([
      "3 at once",
      "3 at once",
      "3 at once",
    ]);
    expect(await handle("d", run)).to.equal("1 at once");
    expect(calls).to.deep.equal([["a", "b", "c"], ["d"]]);
  });

  it("fail together, and the next ones are free of that", async () => {
    let broken = true;
    const handle = together(async () => {
      if (broken) throw new Error("no table");
      return "fine";
    });
    const run = testRun(0);
    const ends = await Promise.allSettled([handle("a", run), handle("b", run)]);
    expect(ends.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    broken = false;
    expect(await handle("a", run)).to.equal("fine");
  });
});

import { expect } from "chai";
import { inTurn } from "../../../functions/processing/consume/inTurn";
import { testRun } from "../../wire/run";

describe("events handled in turn", () => {
  it("never run side by side, and one that fails holds up none", async () => {
    let running = 0;
    const told: string[] = [];
    const handle = inTurn(1_000, async (event: string) => {
      expect(++running).to.equal(1);
      await new Promise(setImmediate);
      running--;
      told.push(event);
      if (event === "b") throw new Error("broken");
      return event;
    });
    const run = testRun(0);
    const ends = await Promise.allSettled(["a", "b", "c"].map((event) => handle(event, run)));
    expect(ends.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
    expect(told).to.deep.equal(["a", "b", "c"]);
  });

  it("are given back untouched where there is no time left", async () => {
    const handle = inTurn(20_000, async () => "done");
    const end = await handle("late", testRun(0, { remainingMs: 19_999 })).catch((error: Error) => error.message);
    expect(end).to.equal("no time left in this invocation");
  });
});

import { expect } from "chai";
import { inLanes } from "../../../functions/processing/consume/inLanes";
import { testRun } from "../../wire/run";

const ownerOf = (event: string): string => event.charAt(0);

describe("events handled in lanes", () => {
  it("go together with those of the same key that come while others are under way, and never beside them", async () => {
    const groups: string[] = [];
    let busy = 0;
    const handle = inLanes(ownerOf, async (key, events: readonly string[]) => {
      if (key === "a") expect(busy++).to.equal(0);
      groups.push(events.join("+"));
      await new Promise((later) => setTimeout(later, 5));
      if (key === "a") busy--;
      return events.map((event) => `${event}!`);
    });
    const run = testRun(0);
    const first = ["a1", "b1", "a2"].map((event) => handle(event, run));
    await new Promise((later) => setImmediate(later));
    const more = ["a3", "a4"].map((event) => handle(event, run));
    expect(await Promise.all([...first, ...more])).to.deep.equal(["a1!", "b1!", "a2!", "a3!", "a4!"]);
    expect(groups).to.deep.equal(["a1+a2", "b1", "a3+a4"]);
    expect(await handle("a5", run)).to.equal("a5!");
  });

  it("are no more than a transaction has room for", async () => {
    const sizes: number[] = [];
    const handle = inLanes(ownerOf, async (_, events: readonly string[]) => {
      sizes.push(events.length);
      return events;
    });
    await Promise.all(Array.from({ length: 120 }, (_, at) => handle(`a${at}`, testRun(0))));
    expect(sizes).to.deep.equal([50, 50, 20]);
  });

  it("fail with their group alone, and one whose key cannot be told fails alone", async () => {
    const handle = inLanes(
      (event: string) => {
        if (event === "?") throw new Error("nobody");
        return ownerOf(event);
      },
      async (key, events: readonly string[]) => {
        if (key === "a") throw new Error("no table");
        return events;
      },
    );
    const run = testRun(0);
    const ends = await Promise.allSettled(["a1", "?", "b1", "a2"].map((event) => handle(event, run)));
    expect(ends.map(({ status }) => status)).to.deep.equal(["rejected", "rejected", "fulfilled", "rejected"]);
  });
});

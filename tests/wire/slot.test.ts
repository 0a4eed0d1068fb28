import { expect } from "chai";
import { oncePerSlot, slotOf } from "../../functions/processing/effects/slot";
import { fated, invocation, noon, quietly, rowsOf } from "./marketWorld";
import { emptyTables } from "./tables";
import { world } from "./world";

const leaseMs = 300_000;
const slot = slotOf("planner", { trigger: "regular", time: "2026-10-29T07:00:03Z" });

describe("a schedule's slot", () => {
  before(world);
  const clean = () => emptyTables("effects");
  let runs = 0;
  beforeEach(async () => {
    await clean();
    runs = 0;
  });
  after(clean);

  const work = async () => ++runs;
  const once = (run = invocation(), what: () => Promise<number> = work) =>
    quietly(() => oncePerSlot(slot, leaseMs, run, what));

  it("is an hour, whenever in it the schedule fires", () => {
    expect(slotOf("planner", { trigger: "regular", time: "2026-10-29T07:59:59Z" })).to.equal(slot);
    expect(slotOf("planner", { trigger: "regular", time: "2026-10-29T08:00:00Z" })).not.to.equal(slot);
    expect(slotOf("planner", { trigger: "earnings", time: "2026-10-29T07:00:03Z" })).not.to.equal(slot);
  });

  it("has one run, also where two begin at the same moment, and for two weeks", async () => {
    const ends = await quietly(() => Promise.all([1, 2, 3].map(() => oncePerSlot(slot, leaseMs, invocation(), work))));
    expect(ends.filter(({ end }) => end === "done")).to.deep.equal([{ end: "done", result: 1 }]);
    expect(await once()).to.deep.equal({ end: "done before" });
    expect(runs).to.equal(1);
    const [row] = await rowsOf("effects");
    expect(row?.["expires_at"]).to.equal(noon / 1_000 + 14 * 86_400);
  });

  it("is given back by a run that fails", async () => {
    const failing = async () => {
      throw new Error("no");
    };
    expect(await once(invocation(), failing).catch(String)).to.equal("Error: no");
    expect(await once()).to.deep.equal({ end: "done", result: 1 });
  });

  it("is told where it cannot be given back, and free once its time is out", async () => {
    const stuck = fated(invocation(), (operation) => (operation === "DeleteItem" ? "fails" : "works"));
    const failing = async () => {
      throw new Error("no");
    };
    expect(await once(stuck, failing).catch(String)).to.equal("Error: no");
    expect(await once()).to.deep.equal({ end: "under way" });
    expect(await once(invocation(noon + leaseMs))).to.deep.equal({ end: "done", result: 1 });
  });

  it("goes on with the retry of a run that was cut off, and with nobody else", async () => {
    const cutOff = invocation();
    const never = new Promise<number>(() => undefined);
    void oncePerSlot(slot, leaseMs, cutOff, () => {
      runs++;
      return never;
    });
    while (runs === 0) await new Promise(setImmediate);
    expect(await once()).to.deep.equal({ end: "under way" });
    const retry = { ...invocation(noon + 60_000), requestId: cutOff.requestId };
    expect(await once(retry)).to.deep.equal({ end: "done", result: 2 });
    expect(await once(retry)).to.deep.equal({ end: "done before" });
  });
});

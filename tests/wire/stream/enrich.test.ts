import { expect } from "chai";
import { enrich, makeKnown } from "../../../functions/processing/stream/enrich/enrich";
import { Remembered } from "../../../functions/processing/stream/enrich/remembered";
import { readEvent } from "../../../functions/processing/stream/event";
import { captureOutput } from "../output";
import { type TestRun, testRun } from "../run";
import { withFaults } from "./faults";
import { cleanWorld, event, given, now } from "./world";

const checkout = {
  experiment_id: "checkout",
  name: "Checkout",
  status: "running",
  control: "A",
  variants: ["A", "B"],
};
const assigned = (user_id: string, over: object = {}) => ({
  user_id,
  experiment_id: "checkout",
  variant: "A",
  assigned_at: now - 100_000,
  ...over,
});

const read = (over: object) => readEvent(event("1", over), now);
const undecided = { variant: undefined };

describe("an event is enriched", () => {
  let run: TestRun;
  beforeEach(async () => {
    await cleanWorld();
    run = testRun(now);
  });

  it("with its experiment and its user's assignment, and the time since then", async () => {
    await given("experiments", checkout);
    await given("assignments", assigned("ann"));
    const [one] = await enrich([read({ variant: "A" })], makeKnown(), run);
    expect(one).to.deep.include({
      variant: "A",
      experiment: { name: "Checkout", status: "running" },
      assignment: { variant: "A", assignedAt: now - 100_000, sinceMs: 40_000, kept: true },
    });
  });

  it("with the variant that was assigned, where it does not say what was shown", async () => {
    await given("assignments", assigned("ann"));
    const [one] = await enrich([read(undecided)], makeKnown(), run);
    expect(one?.variant).to.equal("A");
    expect(one?.assignment).not.to.have.property("kept");
  });

  it("and keeps what was shown where that was another variant, and says so", async () => {
    await given("assignments", assigned("ann"));
    const [one] = await enrich([read({ variant: "B" })], makeKnown(), run);
    expect([one?.variant, one?.assignment?.variant, one?.assignment?.kept]).to.deep.equal(["B", "A", false]);
  });

  it("with a negative time where it happened before the assignment", async () => {
    await given("assignments", assigned("ann", { assigned_at: now }));
    const [one] = await enrich([read({})], makeKnown(), run);
    expect(one?.assignment?.sinceMs).to.equal(-60_000);
  });

  it("with nothing where nothing is known, and goes on", async () => {
    const [one] = await enrich([read(undecided)], makeKnown(), run);
    expect(one).to.deep.equal({ event: read(undecided), variant: "unassigned" });
  });

  it("with nothing by a row that has another form, and goes on", async () => {
    await given("experiments", { experiment_id: "checkout", title: "Checkout" });
    await given("assignments", { user_id: "ann", experiment_id: "checkout", variant: 7 });
    const [one] = await enrich([read({})], makeKnown(), run);
    expect(one).to.deep.equal({ event: read({}), variant: "B" });
  });

  it("by as few reads as there are hundreds of users, and none while they are remembered", async () => {
    const known = makeKnown();
    const events = Array.from({ length: 450 }, (_, at) => read({ userId: `user-${at % 150}` }));
    await enrich(events, known, run);
    expect(run.counted.Operations).to.equal(3);
    await enrich(events, known, run);
    expect(run.counted.Operations).to.equal(3);
  });

  it("by what was read a minute ago at most; what was not there is asked for after five seconds", async () => {
    const known = makeKnown();
    await given("experiments", checkout);
    const at = (later: number) => ({ ...testRun(now + later), meter: run.meter });
    await enrich([read({})], known, at(0));
    await given("assignments", assigned("ann"));
    await given("experiments", { ...checkout, name: "Renamed" });
    expect((await enrich([read({})], known, at(4_999)))[0]).to.have.nested.property("experiment.name", "Checkout");
    expect((await enrich([read({})], known, at(5_000)))[0]).to.have.property("assignment");
    expect((await enrich([read({})], known, at(60_000)))[0]).to.have.nested.property("experiment.name", "Renamed");
  });

  it("not at all where the tables cannot be read: that is not the same as not being known", async () => {
    const { result: failed } = await captureOutput(() =>
      withFaults(
        (operation) => (operation === "BatchGetItem" ? "refused" : undefined),
        () => enrich([read({})], makeKnown(), run).catch((error: Error) => error),
      ),
    );
    expect(failed).to.be.instanceOf(Error).and.have.property("category", "unavailable");
  });
});

describe("what is remembered", () => {
  it("is read once for all who ask at the same time, and again after a reading that failed", async () => {
    const known = new Remembered<string>(1_000, 100, 10);
    const asked: string[][] = [];
    const read = async (keys: string[]) => {
      asked.push(keys);
      if (asked.length === 1) throw new Error("not now");
      return new Map(keys.map((key) => [key, key.toUpperCase()]));
    };
    const failed = await Promise.allSettled([known.get(["a"], 0, read), known.get(["a", "a"], 0, read)]);
    expect(failed.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    expect(await known.get(["a", "b"], 0, read)).to.deep.equal(
      new Map([
        ["a", "A"],
        ["b", "B"],
      ]),
    );
    expect(asked).to.deep.equal([["a"], ["a", "b"]]);
  });

  it("is so much and no more, the latest first", async () => {
    const known = new Remembered<number>(1_000, 100, 2);
    const asked: string[] = [];
    const read = async (keys: string[]) => {
      asked.push(...keys);
      return new Map(keys.map((key) => [key, 1]));
    };
    for (const key of ["a", "b", "c", "c", "a"]) await known.get([key], 0, read);
    expect(asked).to.deep.equal(["a", "b", "c", "a"]);
  });
});

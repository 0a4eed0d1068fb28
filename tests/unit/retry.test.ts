import { expect } from "chai";
import fc from "fast-check";
import { type Category, Failure, treatment } from "../../functions/processing/failure";
import { backoff, inProcess, reserveMs, retry } from "../../functions/processing/retry";

const asFailure = (error: unknown) => (error instanceof Failure ? error : new Failure("permanent", String(error)));

const trial = (failures: Failure[], over: { random?: number; remainingMs?: number } = {}) => {
  const waits: number[] = [];
  let calls = 0;
  const done = retry(
    async () => {
      const failure = failures[calls++];
      if (failure) throw failure;
      return "done";
    },
    asFailure,
    {
      random: () => over.random ?? 1,
      sleep: async (ms) => {
        waits.push(ms);
      },
      remainingMs: () => over.remainingMs ?? 30_000,
    },
  );
  return done.then(
    (result) => ({ result, waits, calls }),
    (failure: Failure) => ({ failure, waits, calls }),
  );
};

const throttle = () => new Failure("throttled", "slow down");

describe("retry", () => {
  it("repeats what may succeed, with a growing ceiling", async () => {
    expect(await trial([throttle(), throttle()])).to.deep.equal({ result: "done", waits: [1_000, 2_000], calls: 3 });
  });

  it("gives up after three attempts, having waited less than 5 s", async () => {
    const trialled = await trial([throttle(), throttle(), throttle(), throttle()]);
    expect(trialled.calls).to.equal(3);
    expect(trialled.waits.reduce((sum, ms) => sum + ms, 0)).to.be.lessThan(5_000);
    expect(trialled).to.have.property("failure").that.includes({ category: "throttled" });
  });

  it("stops at once when the time that is left would not do", async () => {
    expect((await trial([throttle()], { remainingMs: reserveMs + 999 })).calls).to.equal(1);
    expect((await trial([throttle()], { remainingMs: reserveMs + 1_000 })).calls).to.equal(2);
  });

  it("tries each category as often as it is worth", async () => {
    for (const category of Object.keys(treatment) as Category[]) {
      const { calls } = await trial([new Failure(category, "no")]);
      expect(calls, category).to.equal(treatment[category].retry ? 2 : 1);
    }
  });

  it("does not ask again where a condition of ours was not met", async () => {
    expect((await trial([new Failure("conflict", "taken", { conditionFailed: true })])).calls).to.equal(1);
  });
});

describe("backoff", () => {
  it("is anywhere between nothing and the ceiling, and never above the cap", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (attempt, random) => {
          const delay = backoff(attempt, inProcess, () => random);
          expect(delay).to.be.at.least(0);
          expect(delay).to.be.at.most(Math.min(inProcess.capMs, inProcess.baseMs * 2 ** (attempt - 1)));
          expect(Number.isInteger(delay)).to.equal(true);
        },
      ),
    );
  });

  it("uses the whole range", () => {
    expect(backoff(1, inProcess, () => 0)).to.equal(0);
    expect(backoff(10, inProcess, () => 1)).to.equal(30_000);
  });
});

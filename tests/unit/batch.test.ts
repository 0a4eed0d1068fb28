import { expect } from "chai";
import fc from "fast-check";
import { inBatches, throwIfFailed } from "../../functions/processing/batch";
import { Failure } from "../../functions/processing/failure";

const tick = () => new Promise<void>((done) => setImmediate(done));

describe("work in batches", () => {
  it("is done once for each item, never more at a time than allowed, and each failure stays alone", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ticks: fc.nat(3), fails: fc.boolean() }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 10 }),
        async (items, size) => {
          let [running, most] = [0, 0];
          const done: number[] = [];
          const result = await inBatches(
            items.map((item, at) => ({ ...item, at })),
            size,
            async ({ ticks, fails, at }) => {
              most = Math.max(most, ++running);
              for (let count = 0; count < ticks; count++) await tick();
              running--;
              if (fails) throw new Error(`no ${at}`);
              done.push(at);
            },
            ({ at }) => String(at),
          );
          const expected = items.flatMap(({ fails }, at) => (fails ? [] : [at]));
          expect(done.toSorted((a, b) => a - b)).to.deep.equal(expected);
          expect(most).to.be.at.most(size);
          expect(result).to.include({
            total: items.length,
            succeeded: expected.length,
            failed: items.length - expected.length,
          });
          expect(result.errors.map(({ id }) => id)).to.deep.equal(
            items.flatMap(({ fails }, at) => (fails ? [String(at)] : [])),
          );
          for (const { id, error } of result.errors) expect(error).to.include({ message: `Error: no ${id}` });
        },
      ),
      { numRuns: 50 },
    );
  });

  it("uses all the room that it is given", async () => {
    let [running, most] = [0, 0];
    await inBatches(Array.from({ length: 20 }), 8, async () => {
      most = Math.max(most, ++running);
      await tick();
      running--;
    });
    expect(most).to.equal(8);
  });

  for (const size of [0, -1, 1.5, Number.NaN]) {
    it(`is refused with a size of ${size}`, async () => {
      const failure = await inBatches(["a"], size, async () => undefined).catch((error) => error);
      expect(failure).to.be.instanceOf(Failure);
      expect(failure).to.include({ category: "validation", field: "size" });
    });
  }

  it("ends in one failure that says how many failed, and which; a missing permission before all", async () => {
    const work = async (item: string) => {
      if (item === "slow") throw new Failure("throttled", "too fast", { origin: "dynamodb" });
      if (item === "shut") throw new Failure("denied", "not allowed", { origin: "aws" });
    };
    const fine = await inBatches(["good"], 2, work);
    expect(() => throwIfFailed(fine, "writes")).not.to.throw();
    const result = await inBatches(["slow", "good", "shut"], 2, work);
    expect(() => throwIfFailed(result, "writes"))
      .to.throw(Failure, "2 of 3 writes failed, shut: not allowed")
      .that.includes({ category: "denied", origin: "aws" });
  });
});

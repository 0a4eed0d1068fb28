import { expect } from "chai";
import * as fc from "fast-check";
import { NumberSet } from "../../../functions/processing/stream/count/numberSet";

const numberArbitrary = fc.oneof(fc.nat(600), fc.nat(300_000));

const numbersIn = (set: NumberSet): number[] => {
  const numbers: number[] = [];
  set.forEach((number) => {
    numbers.push(number);
  });
  return numbers;
};

describe("a set of numbers", () => {
  it("has what was added and not deleted since, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(numberArbitrary, fc.boolean()), { maxLength: 200 }), (steps) => {
        const set = new NumberSet();
        const known = new Set<number>();
        for (const [number, added] of steps) {
          if (added) {
            set.add(number);
            known.add(number);
          } else {
            set.delete(number);
            known.delete(number);
          }
          expect([set.size, set.has(number)]).to.deep.equal([known.size, added]);
        }
        expect(numbersIn(set)).to.deep.equal([...known].sort((a, b) => a - b));
        for (const [number] of steps) expect(set.has(number + 1)).to.equal(known.has(number + 1));
      }),
    );
  });

  it("takes little more than a bit each where all are there, and some 40 bytes each where hardly any is", () => {
    const [all, few] = [new NumberSet(), new NumberSet()];
    for (let number = 0; number < 100_000; number++) {
      all.add(number);
      if (number % 1_000 === 0) few.add(number);
    }
    expect(all.bytes / all.size).to.be.lessThan(0.25);
    expect(few.bytes / few.size).to.be.within(32, 64);
  });
});

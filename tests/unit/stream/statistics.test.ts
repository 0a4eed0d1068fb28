import { expect } from "chai";
import * as fc from "fast-check";
import { compareMeans, compareShares, type Sample } from "../../../functions/processing/stream/statistics/compare";
import {
  normalDistance,
  normalTails,
  studentDistance,
  studentTails,
} from "../../../functions/processing/stream/statistics/distributions";

const sample = (values: readonly number[]): Sample => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { count: values.length, mean, variance };
};

describe("Welch's t-test", () => {
  it("says of a published example what R says of it", () => {
    // t.test(ts1, ts2): t = -1.8325, df = 17.9, p-value = 0.08356, interval -2.1469104 to 0.1469104.
    const first = sample([11, 9, 10, 11, 10, 12, 9, 11, 12, 9]);
    const second = sample([11, 13, 10, 13, 12, 9, 11, 12, 12, 11]);
    const said = compareMeans(first, second, 0.95);
    expect(said?.statistic).to.be.closeTo(-1.8325, 5e-5);
    expect(said?.degreesOfFreedom).to.be.closeTo(17.9, 0.05);
    expect(said?.pValue).to.be.closeTo(0.08356, 5e-6);
    expect(said?.interval.low).to.be.closeTo(-2.1469104, 5e-8);
    expect(said?.interval.high).to.be.closeTo(0.1469104, 5e-8);
    expect(said?.difference).to.be.closeTo(-1, 1e-12);
  });

  it("says of the examples in Wikipedia's article what it says of them", () => {
    // Samples of the first example: t = -2.46, 25.0 degrees of freedom, P = 0.021.
    const first = [27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4];
    const second = [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4];
    const said = compareMeans(sample(first), sample(second), 0.95);
    expect(said?.statistic).to.be.closeTo(-2.46, 0.005);
    expect(said?.degreesOfFreedom).to.be.closeTo(25, 0.05);
    expect(said?.pValue).to.be.closeTo(0.021, 0.0005);
  });

  it("says nothing of what cannot be compared", () => {
    const some = { count: 5, mean: 1, variance: 2 };
    expect(compareMeans({ ...some, count: 1, variance: Number.NaN }, some, 0.95)).to.equal(undefined);
    expect(compareMeans({ ...some, variance: 0 }, { ...some, variance: 0 }, 0.95)).to.equal(undefined);
  });
});

describe("the test of two proportions", () => {
  it("says of a published example what the book says of it", () => {
    // A poll in Time, 1994: 351 of 605 non-smokers and 41 of 195 smokers; z = 8.99, interval 0.3005 to 0.4393.
    const said = compareShares({ part: 351, whole: 605 }, { part: 41, whole: 195 }, 0.95);
    expect(said?.statistic).to.be.closeTo(8.99, 0.005);
    expect(said?.interval.low).to.be.closeTo(0.30049924, 5e-8);
    expect(said?.interval.high).to.be.closeTo(0.439318518, 5e-8);
    expect(said?.pValue).to.be.lessThan(1e-18).and.greaterThan(0);
  });

  it("says nothing where nobody, or everybody, did it", () => {
    expect(compareShares({ part: 0, whole: 9 }, { part: 0, whole: 7 }, 0.95)).to.equal(undefined);
    expect(compareShares({ part: 9, whole: 9 }, { part: 7, whole: 7 }, 0.95)).to.equal(undefined);
    expect(compareShares({ part: 0, whole: 0 }, { part: 1, whole: 7 }, 0.95)).to.equal(undefined);
  });
});

describe("the distributions", () => {
  it("have the values that every table has", () => {
    expect(normalTails(1.959963984540054)).to.be.closeTo(0.05, 1e-14);
    expect(normalDistance(0.05)).to.be.closeTo(1.959963984540054, 1e-12);
    expect(normalDistance(0.01)).to.be.closeTo(2.5758293035489004, 1e-12);
    expect(studentDistance(0.05, 10)).to.be.closeTo(2.2281388519649385, 1e-10);
    expect(studentDistance(0.05, 1)).to.be.closeTo(12.706204736432095, 1e-8);
    expect(studentTails(0, 5)).to.be.closeTo(1, 1e-14);
    // With one degree of freedom it is Cauchy's.
    expect(studentTails(1, 1)).to.be.closeTo(0.5, 1e-13);
  });

  it("come together where there is much to go by", () => {
    for (const t of [0.5, 1.5, 2.5, 4]) expect(studentTails(t, 1e7)).to.be.closeTo(normalTails(t), 1e-6);
  });

  it("undo each other", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        fc.double({ min: 1, max: 5_000, noNaN: true }),
        (probability, degrees) => {
          expect(studentTails(studentDistance(probability, degrees), degrees)).to.be.closeTo(probability, 1e-9);
          expect(normalTails(normalDistance(probability))).to.be.closeTo(probability, 1e-12);
        },
      ),
    );
  });

  it("fall as they go out", () => {
    for (let z = 0; z < 12; z += 0.25) expect(normalTails(z + 0.25)).to.be.lessThan(normalTails(z));
  });
});

import { expect } from "chai";
import { between, mean, rounded } from "../../../functions/processing/analysis/scale";

describe("the scale of scores", () => {
  it("runs straight from the worst to the best, and no further, either way round", () => {
    expect([-1, 0, 2.5, 10, 11].map(between(0, 10))).to.deep.equal([0, 0, 0.25, 1, 1]);
    expect([0.1, 0.05, -0.1, -1e308].map(between(0.1, -0.1))).to.deep.equal([0, 0.25, 1, 1]);
  });

  it("keeps six decimals and no negative zero, and leaves what is too large for that alone", () => {
    expect(rounded(2 / 3)).to.equal(0.666667);
    expect(Object.is(rounded(-1e-9), 0)).to.equal(true);
    expect(rounded(1e308)).to.equal(1e308);
  });

  it("takes the mean", () => expect(mean([0, 0.5, 1, 0.5])).to.equal(0.5));
});

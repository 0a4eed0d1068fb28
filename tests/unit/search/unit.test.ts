import { expect } from "chai";
import { unit } from "../../../functions/processing/search/embed/unit";

describe("a vector of length one", () => {
  it("has the direction of the one it is made of, however long or short that is", () => {
    expect(unit([0, 3, 4])).to.deep.equal([0, 0.6, 0.8]);
    expect(unit([0, -1e-12])).to.deep.equal([0, -1]);
    expect(unit([1e300, 0])).to.deep.equal([1, 0]);
  });

  it("is none where there is no direction", () => {
    for (const vector of [[], [0, 0], [Number.POSITIVE_INFINITY, 0], [Number.NaN, 1]]) {
      expect(unit(vector)).to.equal(undefined);
    }
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { Best } from "../../../local/openSearch/search/best";

describe("the best of what is offered", () => {
  it("is the beginning of what sorting would give", () => {
    const compare = (a: number, b: number) => a - b;
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { maxLength: 60 }), fc.nat(20), (offered, most) => {
        const best = new Best<number>(most, compare);
        for (const one of offered) best.offer(one);
        expect(best.sorted()).to.deep.equal(offered.toSorted(compare).slice(0, most));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { fuse } from "../../../functions/processing/search/fuse";

const fused = (...lists: string[][]) => fuse(lists, (id) => id).map(({ hit }) => hit);

describe("fusing rankings", () => {
  it("puts what both lists have above what only one has", () => {
    expect(fused(["a", "b", "c"], ["d", "c", "e"])).to.deep.equal(["c", "a", "d", "b", "e"]);
  });

  it("scores by the reciprocal of the place, from 60 on", () => {
    const [first, second] = fuse([["a", "b"], ["a"]], (id) => id);
    expect(first?.score).to.be.closeTo(2 / 61, 1e-12);
    expect(second?.score).to.be.closeTo(1 / 62, 1e-12);
  });

  it("keeps the hit of the first list, and counts one that a list has twice once", () => {
    const lists = [
      [{ id: "a", from: "words" }],
      [
        { id: "b", from: "meaning" },
        { id: "b", from: "meaning again" },
        { id: "a", from: "meaning" },
      ],
    ];
    const [first, second, ...others] = fuse(lists, ({ id }) => id);
    expect([first?.hit.from, second?.hit.from, others]).to.deep.equal(["words", "meaning", []]);
    expect(second?.score).to.be.closeTo(1 / 61, 1e-12);
  });

  it("has every hit once, in falling order, and leaves a single list as it was", () => {
    const list = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 30 });
    fc.assert(
      fc.property(list, list, (one, other) => {
        const both = fuse([one, other], (id) => id);
        expect(both.map(({ hit }) => hit).sort()).to.deep.equal([...new Set([...one, ...other])].sort());
        expect(both.map(({ score }) => score)).to.deep.equal(both.map(({ score }) => score).sort((a, b) => b - a));
        expect(fused(one, [])).to.deep.equal(one);
      }),
    );
  });
});

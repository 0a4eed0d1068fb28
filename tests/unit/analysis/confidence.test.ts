import { expect } from "chai";
import fc from "fast-check";
import { confidence, interval, type Known } from "../../../functions/processing/analysis/confidence";

const part = (weight: number, score: number, certainty = 1): Known => ({
  weight,
  observations: [{ score, certainty }],
});

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const anyParts = fc
  .array(fc.array(fc.record({ score: unit, certainty: unit }), { minLength: 1, maxLength: 4 }), { maxLength: 8 })
  .map((all): Known[] => all.map((observations) => ({ weight: 1 / 8, observations })));

describe("confidence", () => {
  it("is 0 where nothing is known and 1 where all is known, new and of one mind", () => {
    expect(confidence([])).to.equal(0);
    expect(confidence([part(0.5, 0.7), part(0.5, 0.7)])).to.be.closeTo(1, 1e-12);
  });

  it("is lower where the components disagree", () => {
    const agreeing = confidence([part(0.5, 0.9), part(0.5, 0.9)]);
    const apart = confidence([part(0.5, 0.9), part(0.5, 0.6)]);
    const opposed = confidence([part(0.5, 1), part(0.5, 0)]);
    expect(agreeing).to.be.above(apart);
    expect(apart).to.be.above(opposed);
    expect(opposed).to.be.closeTo(0.9, 1e-12);
  });

  it("is lower where data are old, and lower still where they are missing", () => {
    const fresh = confidence([part(0.5, 0.7), part(0.5, 0.7)]);
    const old = confidence([part(0.5, 0.7), part(0.5, 0.7, 0.4)]);
    expect(fresh).to.be.above(old);
    expect(old).to.be.above(confidence([part(0.5, 0.7)]));
  });

  it("has enough of many observations at some point", () => {
    const observations = Array.from({ length: 9 }, () => ({ score: 0.5, certainty: 0.4 }));
    expect(confidence([{ weight: 1, observations }])).to.equal(1);
  });

  it("never grows by taking away a part or an observation, whatever it said, and stays within 0 and 1", () => {
    fc.assert(
      fc.property(anyParts, fc.nat(), fc.nat(), (parts, which, whose) => {
        const all = confidence(parts);
        expect(all).to.be.within(0, 1 + 1e-12);
        const less = parts.filter((_, at) => at !== which % Math.max(1, parts.length));
        expect(confidence(less)).to.be.at.most(all + 1e-12);
        const fewer = parts.map(({ weight, observations }) => ({
          weight,
          observations: observations.filter((_, at) => at !== whose % observations.length),
        }));
        expect(confidence(fewer)).to.be.at.most(all + 1e-12);
      }),
    );
  });
});

describe("the confidence interval", () => {
  it("lies around the score within 0 and 1, as wide as confidence falls short", () => {
    fc.assert(
      fc.property(unit, unit, (score, sure) => {
        const { low, high } = interval(score, sure);
        expect(low).to.be.within(0, score + 1e-12);
        expect(high).to.be.within(score - 1e-12, 1);
        expect(high - low).to.be.closeTo(1 - sure, 1e-12);
      }),
    );
  });
});

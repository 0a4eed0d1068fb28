import { expect } from "chai";
import { othersAmong, placeAmong } from "../../../functions/processing/analysis/sector";

const peers = (...scores: number[]) =>
  scores.map((piotroski, at) => ({ assetId: `P${at}`, report_key: `R${at}`, scores: { piotroski } }));

describe("the place within the sector", () => {
  it("is the share of the others that a firm is above, and half of those level with it", () => {
    const others = peers(0.1, 0.2, 0.5, 0.5, 0.9);
    expect(placeAmong(others, "piotroski", 0.5)?.percentile).to.equal(0.6);
    expect(placeAmong(others, "piotroski", 0)?.percentile).to.equal(0);
    expect(placeAmong(others, "piotroski", 1)?.percentile).to.equal(1);
  });

  it("is not told among fewer than five, and is surest among twenty", () => {
    const of = (count: number) => placeAmong(peers(...Array(count).fill(0.5)), "piotroski", 0.5)?.certainty;
    expect([4, 5, 20, 40].map(of)).to.deep.equal([undefined, 0.25, 1, 1]);
    expect(placeAmong(peers(0, 0, 0, 0, 0), "altman", 0.5)).to.equal(undefined);
    expect(placeAmong(peers(0, 0, 0, 0, Number.NaN), "piotroski", 0.5)).to.equal(undefined);
  });

  it("counts each other firm once, by its newest rating, and never the firm itself", () => {
    const [first] = peers(0.1);
    if (!first) throw new Error("a peer");
    const newer = { ...first, report_key: "R9" };
    expect(othersAmong([newer, first, { ...first, assetId: "SELF" }], "SELF")).to.deep.equal([newer]);
  });
});

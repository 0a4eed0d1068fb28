import { expect } from "chai";
import { local } from "../../../functions/processing/search/embed/local";
import { vectorLength } from "../../../functions/processing/search/indices";
import { testRun } from "../../wire/run";

const embed = async (...texts: string[]) => (await local.embed(texts, testRun(0))).vectors;
const cosine = async (one: string, other: string): Promise<number> => {
  const [a, b] = await embed(one, other);
  return (a ?? []).reduce((sum, value, at) => sum + value * (b?.[at] ?? 0), 0);
};

describe("the local embedder", () => {
  it("makes vectors of length one, the same for the same text wherever it runs", async () => {
    const [vector, again] = await embed("Verdanix Software", "Verdanix Software");
    expect(vector).to.have.length(vectorLength);
    expect(Math.hypot(...(vector ?? []))).to.be.closeTo(1, 1e-12);
    expect(again).to.deep.equal(vector);
    expect(vector?.[103]).to.be.closeTo(0.135_457, 1e-6);
  });

  it("finds texts alike that share words, endings apart, and whatever slipped", async () => {
    const near: [string, string][] = [
      ["semiconductor maker", "SEMICONDUCTORS"],
      ["Verdanix sofware", "Verdanix Software"],
      ["biotech", "BIOTECHNOLOGY"],
      ["airline", "Aeroquent Airlines"],
    ];
    for (const [asked, written] of near) {
      expect(await cosine(asked, written), asked).to.be.greaterThan(local.floor);
      expect(await cosine(asked, "Oatvale Mills PACKAGED FOODS"), asked).to.be.lessThan(local.floor);
    }
  });

  it("does not care for case, accents, order and the words that everybody uses", async () => {
    expect(await cosine("The Société of Générale Inc", "generale societe")).to.be.closeTo(1, 1e-9);
  });

  it("has nothing to say of a text that says nothing", async () => {
    expect(await embed("", "  ", "the of and", "…!?")).to.deep.equal([undefined, undefined, undefined, undefined]);
  });
});

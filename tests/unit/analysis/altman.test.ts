import { expect } from "chai";
import {
  type AltmanModel,
  type AltmanRatios,
  altman,
  altmanScore,
  z,
  zDoublePrime,
  zoneOf,
  zPrime,
} from "../../../functions/processing/analysis/altman";
import { openBooks } from "../../../functions/processing/analysis/books";
import { computed, refused } from "./outcome";
import { apple, books, kinds, now, oneYear, overview } from "./sample";

const ratios = (x1: number, x2: number, x3: number, x4: number, x5 = 0): AltmanRatios => ({
  workingCapital: x1,
  retainedEarnings: x2,
  ebit: x3,
  equityToLiabilities: x4,
  sales: x5,
});

const published: [string, AltmanModel, AltmanRatios, number][] = [
  ["WizEdu's worked question", z, ratios(0.34, 0.15, 0, 0.8, 1.6), 2.7],
  ["Assignment Expert's borrower", z, ratios(0.2, 0, 0.2, 0.1, 2), 2.96],
  ["Quesba's borrower", z, ratios(0.2, 0.3, 0.23, 0.5, 0.8), 2.519],
  ["exinfm's worked example", z, ratios(100 / 1000, 400 / 1000, 50 / 1000, 600 / 700, 1500 / 1000), 2.86],
  ["the mean of Altman's bankrupt firms, Z′", zPrime, ratios(-0.061, -0.626, -0.318, 0.494, 1.503), 0.15],
  ["the mean of Altman's surviving firms, Z′", zPrime, ratios(0.414, 0.355, 0.154, 2.684, 1.939), 4.14],
  ["the mean of Altman's bankrupt firms, Z″", zDoublePrime, ratios(-0.061, -0.626, -0.318, 0.494), -4.06],
];

/** A firm with the ratios of the first example: assets of 1000, liabilities of 500. */
const year = oneYear(
  { ebit: 0, totalRevenue: 1600 },
  {
    totalAssets: 1000,
    totalLiabilities: 500,
    totalCurrentAssets: 640,
    totalCurrentLiabilities: 300,
    retainedEarnings: 150,
    totalShareholderEquity: 450,
  },
);

const worth = (figures: Record<string, number>, texts: Record<string, string> = kinds.manufacturer) =>
  books({ ...year, overview: overview(figures, texts) });

describe("Altman's Z", () => {
  for (const [what, model, of, score] of published) {
    it(`comes to ${score} for ${what}`, () => expect(altmanScore(model, of)).to.be.closeTo(score, 0.005));
  }

  it("knows the published zones", () => {
    const zones = (model: AltmanModel, scores: number[]) => scores.map((score) => zoneOf(model, score));
    expect(zones(z, [1.8, 1.81, 2.99, 3])).to.deep.equal(["distress", "grey", "grey", "safe"]);
    expect(zones(zPrime, [1.22, 1.23, 2.9, 2.91])).to.deep.equal(["distress", "grey", "grey", "safe"]);
    expect(zones(zDoublePrime, [1.09, 1.1, 2.6, 2.61])).to.deep.equal(["distress", "grey", "grey", "safe"]);
  });

  it("is Z for a manufacturer with a market value, scored within the grey zone", () => {
    const score = computed(altman(worth({ marketCapitalization: 400 })));
    expect(score.value).to.be.closeTo(2.6964, 1e-9);
    expect(score.score).to.be.closeTo((2.6964 - 1.81) / (2.99 - 1.81), 1e-6);
    expect(score.reason).to.equal("Z of 2.70 for the year to 2024-09-30 lies in the grey zone, above 1.81.");
  });

  it("is Z″ for any other firm, without sales or market value", () => {
    const score = computed(altman(worth({}, kinds.service)));
    expect(score.value).to.be.closeTo(6.56 * 0.34 + 3.26 * 0.15 + 1.05 * 0.9, 1e-6);
    expect(score).to.include({ score: 1, verdict: "favourable" });
    expect(score.reason).to.include("Z″").and.include("zone of safety, above 2.6");
  });

  it("is Z′ for a manufacturer without a market value, relied on half as much at any age, and says what it lacks", () => {
    for (const days of [0, 200, 400]) {
      const at = now + days * 86_400_000;
      const certainty = (figures: Record<string, number>) =>
        computed(altman(books({ ...year, overview: overview(figures) }, at))).evidence[0]?.observations[0]?.certainty ??
        0;
      expect(certainty({}))
        .to.be.closeTo(certainty({ marketCapitalization: 400 }) / 2, 1e-12)
        .and.above(0);
    }
    const score = computed(altman(worth({})));
    expect(score.reason).to.include("Z′ of 2.35");
    expect(score.missing).to.deep.equal(["marketCapitalization (company_overview 2024-09-30)"]);
  });

  it("finds Apple safe in 2024 and a firm that owes more than it has in distress", () => {
    expect(computed(altman(openBooks(apple(), now)))).to.include({ score: 1, verdict: "favourable" });
    const ruined = oneYear(
      { ebit: -50, totalRevenue: 100 },
      {
        totalAssets: 1000,
        totalLiabilities: 1500,
        totalCurrentAssets: 100,
        totalCurrentLiabilities: 600,
        retainedEarnings: -400,
      },
    );
    const score = computed(altman(books({ ...ruined, overview: overview({ marketCapitalization: 30 }) })));
    expect(score).to.include({ score: 0, verdict: "unfavourable" });
    expect(score.reason).to.include("in the zone of distress, below 1.81");
  });

  it("is not computed without liabilities, or for a bank", () => {
    const debtless = oneYear(
      { ebit: 0, totalRevenue: 1 },
      { totalAssets: 1, totalLiabilities: 0, totalCurrentAssets: 1, totalCurrentLiabilities: 0, retainedEarnings: 0 },
    );
    const lacking = altman(books({ ...debtless, overview: overview({ marketCapitalization: 1 }) }));
    expect(refused(lacking).missing).to.deep.equal(["totalLiabilities (2024-09-30) above 0"]);
    expect(refused(altman(worth({ marketCapitalization: 1 }, kinds.financial))).reason).to.equal(
      "Altman's Z does not fit banks, insurers and other financial firms.",
    );
  });
});

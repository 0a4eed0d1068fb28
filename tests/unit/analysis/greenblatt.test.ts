import { expect } from "chai";
import { openBooks } from "../../../functions/processing/analysis/books";
import { greenblatt } from "../../../functions/processing/analysis/greenblatt";
import { computed, measured, refused } from "./outcome";
import { apple, books, kinds, now, oneYear, overview } from "./sample";

const firm = (marketCapitalization: number, balance: Record<string, number> = {}, ebit = 518) =>
  books({
    ...oneYear(
      { ebit },
      {
        shortLongTermDebtTotal: 580,
        cashAndShortTermInvestments: 579,
        totalCurrentAssets: 900,
        totalCurrentLiabilities: 400,
        propertyPlantEquipment: 536,
        ...balance,
      },
    ),
    overview: overview({ marketCapitalization }),
  });

describe("Greenblatt's formula", () => {
  it("gives Acuity Brands an earnings yield of 6.67 %, as GuruFocus has it for February 2024", () =>
    expect(measured(greenblatt(firm(7_766)), "earnings yield")).to.be.closeTo(518 / 7767, 1e-6));

  it("takes the return on working capital and fixed assets, and scores the mean of both", () => {
    const score = computed(greenblatt(firm(7_766)));
    expect(measured(score, "return on capital")).to.equal(0.5);
    expect(score.value).to.be.closeTo((0.66692 + 1) / 2, 1e-5);
    expect(score.reason).to.equal("Earnings yield is 6.7 % and return on capital is 50.0 %.");
  });

  it("gives Apple 3.5 % on its price and 553 % on its capital in 2024", () => {
    const score = greenblatt(openBooks(apple(), now));
    expect(measured(score, "earnings yield")).to.be.closeTo(123_216 / (3_440_000 + 106_629 - 65_171), 1e-6);
    expect(measured(score, "return on capital")).to.be.closeTo(5.5316, 1e-4);
  });

  it("says what cannot be computed, and computes the rest", () => {
    const noCapital = computed(greenblatt(firm(7_766, { totalCurrentLiabilities: 1_436 })));
    expect(noCapital.measures.map(({ name }) => name)).to.deep.equal(["earnings yield"]);
    expect(noCapital.missing).to.deep.equal(["net working capital and fixed assets (2024-09-30) above 0"]);
    const cashBox = computed(greenblatt(firm(100, { cashAndShortTermInvestments: 700 })));
    expect(cashBox.missing).to.deep.equal(["enterprise value (2024-09-30) above 0"]);
  });

  it("scores a loss with 0, and is not for banks", () => {
    expect(computed(greenblatt(firm(7_766, {}, -5)))).to.include({ score: 0, verdict: "unfavourable" });
    const bank = books({ overview: overview({ marketCapitalization: 1 }, kinds.financial) });
    expect(refused(greenblatt(bank)).reason).to.include("financial firms");
  });
});

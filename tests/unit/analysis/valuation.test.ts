import { expect } from "chai";
import { openBooks } from "../../../functions/processing/analysis/books";
import { valuation } from "../../../functions/processing/analysis/valuation";
import { computed, measured, refused } from "./outcome";
import { apple, books, kinds, now, oneYear, overview } from "./sample";

const priced = (marketCapitalization: number, netIncome: number, texts: Record<string, string>) =>
  valuation(
    books({
      ...oneYear({ netIncome }, { totalShareholderEquity: 100 }),
      overview: overview({ marketCapitalization }, texts),
    }),
  );

describe("valuation", () => {
  it("is that of Apple in 2024: some 37 times its profit, 26 times its EBITDA", () => {
    const score = valuation(openBooks(apple(), now));
    expect(1 / (measured(score, "profit on the price") ?? 0)).to.be.closeTo(36.7, 0.05);
    expect(1 / (measured(score, "EBITDA on the enterprise value") ?? 0)).to.be.closeTo(25.9, 0.05);
    expect(measured(score, "free cash flow on the price")).to.be.closeTo(0.0316, 5e-5);
    expect(computed(score).verdict).to.equal("unfavourable");
  });

  it("is for a bank its profit and its book value against the price", () => {
    const score = computed(priced(100, 9, kinds.financial));
    expect(score.measures.map(({ name, value }) => [name, value])).to.deep.equal([
      ["profit on the price", 0.09],
      ["book value to price", 1],
    ]);
    expect(score.score).to.be.closeTo((6 / 9 + 0.6 / 0.85) / 2, 1e-6);
  });

  it("finds a loss worse than a small profit", () => {
    const score = (netIncome: number) => computed(priced(100, netIncome, kinds.manufacturer)).score;
    expect(score(-5)).to.equal(0);
    expect(score(-5)).to.be.below(score(1));
    expect(score(1)).to.be.below(score(5));
  });

  it("is not computed for a firm without a price, or of an unknown kind", () => {
    expect(refused(priced(0, 1, kinds.financial)).missing).to.deep.equal(["marketCapitalization above 0"]);
    expect(refused(priced(1, 1, {})).missing).to.deep.equal(["sector and industry (company_overview)"]);
  });

  it("is not computed by an overview that is too old", () => {
    const old = { ...overview({ marketCapitalization: 100 }), fiscal_date: "2023-06-30" };
    const score = valuation(books({ ...oneYear({ netIncome: 1 }, {}), overview: old }));
    expect(refused(score).missing).to.include("company_overview of the last 500 days");
  });
});

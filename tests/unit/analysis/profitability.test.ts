import { expect } from "chai";
import { openBooks } from "../../../functions/processing/analysis/books";
import { profitability } from "../../../functions/processing/analysis/profitability";
import { computed, measured, refused } from "./outcome";
import { annual, apple, books, kinds, now, oneYear, overview } from "./sample";

const bank = (equity: number, operatingExpenses = 60) =>
  profitability(
    books({
      overview: overview({}, kinds.financial),
      income: annual({ "2024-09-30": { netIncome: 30, totalRevenue: 100, operatingExpenses } }),
      balance: annual({
        "2024-09-30": { totalAssets: 3_000, totalShareholderEquity: equity },
        "2023-09-30": { totalAssets: 3_000, totalShareholderEquity: equity },
      }),
    }),
  );

describe("profitability", () => {
  it("is that of Apple's published accounts of 2024", () => {
    const score = profitability(openBooks(apple(), now));
    expect(measured(score, "return on equity")).to.be.closeTo(1.5741, 5e-5);
    expect(measured(score, "operating margin")).to.be.closeTo(0.3151, 5e-5);
    expect(measured(score, "free cash flow margin")).to.be.closeTo(0.2783, 5e-5);
    expect(computed(score)).to.include({ value: 1, score: 1, verdict: "favourable" });
  });

  it("is for a bank what it earns on equity and on assets, and what it costs", () => {
    const score = bank(300);
    expect(computed(score).measures.map(({ name, value }) => [name, value])).to.deep.equal([
      ["return on equity", 0.1],
      ["return on assets", 0.01],
      ["cost to revenue", 0.6],
    ]);
    expect(computed(score).score).to.be.closeTo(2 / 3, 1e-6);
    expect(computed(score).inputs.map(({ figure }) => figure)).to.not.include.members(["totalCurrentAssets"]);
  });

  it("has no return on equity where there is none, and says so", () => {
    const score = computed(bank(-300));
    expect(score.measures.map(({ name }) => name)).to.deep.equal(["return on assets", "cost to revenue"]);
    expect(score.missing).to.deep.equal(["average totalShareholderEquity (2024-09-30) above 0"]);
  });

  it("costs all of the score where the bank costs too much", () =>
    expect(computed(bank(300, 80)).measures.at(-1)).to.include({ value: 0.8, score: 0 }));

  it("finds no margin in a loss over revenue below 0", () => {
    const lossmaker = oneYear(
      { totalRevenue: -100, operatingIncome: -150, netIncome: -120 },
      {},
      { operatingCashflow: -80, capitalExpenditures: 5 },
    );
    expect(refused(profitability(books(lossmaker))).missing).to.include("totalRevenue (2024-09-30) above 0");
  });

  it("is not computed for a firm whose kind is not known", () => {
    const { overview: _, ...rest } = apple();
    expect(refused(profitability(openBooks(rest, now))).missing).to.deep.equal([
      "sector and industry (company_overview)",
    ]);
  });
});

import { expect } from "chai";
import { openBooks } from "../../../functions/processing/analysis/books";
import { growth } from "../../../functions/processing/analysis/growth";
import { computed, measured, refused } from "./outcome";
import { annual, apple, books, now, quarterly, statedIn } from "./sample";

const revenue = (from: number, to: number) =>
  growth(books({ income: annual({ "2024-09-30": { totalRevenue: to }, "2023-09-30": { totalRevenue: from } }) }));

describe("growth", () => {
  it("is that of Apple's reports of 2024: 2 % in the year, 6 % in the quarter, -1 % a share", () => {
    const score = growth(openBooks(apple(), now));
    expect(measured(score, "revenue growth")).to.be.closeTo(0.0202, 5e-5);
    expect(measured(score, "revenue growth of the quarter")).to.be.closeTo(0.0607, 5e-5);
    expect(measured(score, "growth of earnings per share")).to.be.closeTo(-0.0082, 5e-5);
    expect(computed(score).verdict).to.equal("neutral");
  });

  it("is scored from -10 % to 20 %", () => {
    expect(computed(revenue(100, 90)).score).to.equal(0);
    expect(computed(revenue(100, 105)).score).to.equal(0.5);
    expect(computed(revenue(100, 150)).score).to.equal(1);
  });

  it("compares with the same quarter of the year before, and with no other", () => {
    const income = (dates: Record<string, Record<string, number>>) => ({ annual: [], quarterly: quarterly(dates) });
    const seasonal = {
      "2024-09-30": { totalRevenue: 110 },
      "2024-06-30": { totalRevenue: 50 },
      "2023-09-30": { totalRevenue: 100 },
    };
    expect(measured(growth(books({ income: income(seasonal) })), "revenue growth of the quarter")).to.be.closeTo(
      0.1,
      1e-9,
    );
    const { "2023-09-30": _, ...gap } = seasonal;
    expect(refused(growth(books({ income: income(gap) }))).missing).to.include(
      "totalRevenue (income_statement the year before 2024-09-30)",
    );
  });

  it("compares no years that are in different currencies", () => {
    const { annual: years } = statedIn("USD", annual({ "2024-09-30": { totalRevenue: 110 } }));
    const { annual: before } = statedIn("JPY", annual({ "2023-09-30": { totalRevenue: 15_000 } }));
    const score = growth(books({ income: { annual: [...years, ...before], quarterly: [] } }));
    expect(refused(score).missing).to.include("totalRevenue (income_statement 2024-09-30) in JPY");
  });

  it("has no rate from nothing or from a loss", () => {
    expect(refused(revenue(0, 10)).missing).to.include("totalRevenue (2023-09-30) above 0");
    const { earnings: _, ...rest } = apple();
    const loss = annual({ "2024-09-30": { reportedEPS: 1 }, "2023-09-30": { reportedEPS: -1 } });
    const score = computed(growth(openBooks({ ...rest, earnings: loss }, now)));
    expect(score.measures).to.have.length(2);
    expect(score.missing).to.include("reportedEPS (2023-09-30) above 0");
  });

  it("does not take the running year's earnings so far for a year", () => {
    const company = apple();
    const soFar = annual({ "2024-11-30": { reportedEPS: 0.1 }, "2023-11-30": { reportedEPS: 5 } }).annual;
    const earnings = { annual: [...soFar, ...company.earnings.annual], quarterly: [] };
    expect(growth(openBooks({ ...company, earnings }, now))).to.deep.equal(growth(openBooks(company, now)));
  });
});

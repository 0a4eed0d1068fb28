import { expect } from "chai";
import { openBooks } from "../../../functions/processing/analysis/books";
import { sloan } from "../../../functions/processing/analysis/sloan";
import { computed, refused } from "./outcome";
import { annual, apple, books, now } from "./sample";

const firm = (netIncome: number, operatingCashflow: number, cashflowFromInvestment: number, from: number, to: number) =>
  sloan(
    books({
      income: annual({ "2024-09-30": { netIncome } }),
      balance: annual({ "2024-09-30": { totalAssets: to }, "2023-09-30": { totalAssets: from } }),
      cashFlow: annual({ "2024-09-30": { operatingCashflow, cashflowFromInvestment } }),
    }),
  );

describe("Sloan's accruals", () => {
  it("are -1.1 % of Verbund's assets, as Investing.com works it out", () =>
    expect(computed(firm(1_875, 3_249, -1_166, 19_102, 19_102)).value).to.be.closeTo(-0.011, 0.0005));

  it("are 3.6 % in Investing.com's example of 2 million over assets of 50 to 60", () =>
    expect(computed(firm(10, 8, 0, 50, 60)).value).to.be.closeTo(2 / 55, 1e-6));

  it("are -7.7 % of Apple's average assets in 2024", () => {
    const score = computed(sloan(openBooks(apple(), now)));
    expect(score.value).to.be.closeTo((93_736 - 118_254 - 2_935) / 358_781.5, 1e-6);
    expect(score.reason).to.equal("Accruals are -7.7 % of average assets in the year to 2024-09-30.");
  });

  it("are good where they are few", () => {
    expect(computed(firm(10, 20, 0, 100, 100)).score).to.equal(1);
    expect(computed(firm(10, 10, 0, 100, 100)).score).to.equal(0.5);
    expect(computed(firm(10, 0, 0, 100, 100))).to.include({ score: 0, verdict: "unfavourable" });
  });

  it("are not computed over no assets", () =>
    expect(refused(firm(1, 1, 1, 0, 0)).missing).to.deep.equal(["average totalAssets (2024-09-30) above 0"]));
});

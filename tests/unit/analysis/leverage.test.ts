import { expect } from "chai";
import { openBooks } from "../../../functions/processing/analysis/books";
import { leverage } from "../../../functions/processing/analysis/leverage";
import { computed, measured, refused } from "./outcome";
import { apple, books, kinds, now, oneYear, overview } from "./sample";

const bank = (totalShareholderEquity: number) =>
  leverage(
    books({ ...oneYear({}, { totalAssets: 1_000, totalShareholderEquity }), overview: overview({}, kinds.financial) }),
  );

describe("leverage", () => {
  it("is that of Apple's published accounts of 2024, with the interest of the year before", () => {
    const score = leverage(openBooks(apple(), now));
    expect(measured(score, "debt to assets")).to.be.closeTo(0.2921, 5e-5);
    expect(measured(score, "current ratio")).to.be.closeTo(0.8673, 5e-5);
    expect(measured(score, "interest coverage")).to.be.closeTo(29.06, 0.005);
    expect(computed(score).missing).to.deep.equal(["interestExpense (income_statement 2024-09-30)"]);
    expect(computed(score).reason).to.include("interest coverage of 2023-09-30 is 29.1 times");
  });

  it("relies on an older year less", () => {
    const [debt, , interest] = computed(leverage(openBooks(apple(), now))).evidence;
    const certainty = (evidence: typeof debt) => evidence?.observations[0]?.certainty ?? Number.NaN;
    expect(certainty(interest)).to.be.below((2 / 3) * certainty(debt));
  });

  it("is for a bank its equity, and never a current ratio", () => {
    const score = computed(bank(80));
    expect(score.measures).to.deep.equal([
      { name: "equity to assets", fiscal_date: "2024-09-30", value: 0.08, score: 0.5 },
    ]);
    expect(computed(bank(30)).verdict).to.equal("unfavourable");
    expect(computed(bank(120)).verdict).to.equal("favourable");
  });

  it("has no coverage of an interest of 0, and no current ratio without current liabilities", () => {
    const year = oneYear(
      { ebit: 10, interestExpense: 0 },
      { shortLongTermDebtTotal: 0, totalAssets: 100, totalCurrentAssets: 10, totalCurrentLiabilities: 0 },
    );
    const score = computed(leverage(books(year)));
    expect(score.measures.map(({ name }) => name)).to.deep.equal(["debt to assets"]);
    expect(score.missing).to.deep.equal([
      "totalCurrentLiabilities (2024-09-30) above 0",
      "interestExpense (2024-09-30) above 0",
    ]);
  });

  it("has no coverage of interest that is below 0, with a loss or without", () => {
    for (const ebit of [100, -100]) {
      const score = refused(leverage(books(oneYear({ ebit, interestExpense: -5 }, {}))));
      expect(score.missing).to.include("interestExpense (2024-09-30) above 0");
    }
  });

  it("is not computed for a firm whose kind is not known", () =>
    expect(refused(leverage(books({ overview: overview({}, {}) }))).reason).to.include("which is not known"));
});

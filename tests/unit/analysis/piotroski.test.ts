import { expect } from "chai";
import { openBooks } from "../../../functions/processing/analysis/books";
import type { Fundamentals, StoredReport } from "../../../functions/processing/analysis/fundamentals";
import { piotroski } from "../../../functions/processing/analysis/piotroski";
import { computed, refused } from "./outcome";
import { annual, apple, books, fundamentals, kinds, now, overview } from "./sample";

const fScore = (of: Fundamentals, at = now) => piotroski(openBooks(of, at));

/** Apple's report of a year, changed. */
const changed = (statement: "income" | "balance" | "cashFlow", date: string, over: Record<string, number>) => {
  const company = apple();
  const change = (report: StoredReport) =>
    report.fiscal_date === date ? { ...report, figures: { ...report.figures, ...over } } : report;
  return { ...company, [statement]: { ...company[statement], annual: company[statement].annual.map(change) } };
};

const without = (figure: string, date: string): Fundamentals => {
  const company = apple();
  const balance = company.balance.annual.map((report) => {
    const { [figure]: _, ...figures } = report.figures;
    return report.fiscal_date === date ? { ...report, figures } : report;
  });
  return { ...company, balance: { ...company.balance, annual: balance } };
};

describe("Piotroski's F-score", () => {
  it("is 7 for Apple's year 2024, as GuruFocus publishes it", () => {
    const score = computed(fScore(apple()));
    expect(score).to.include({ value: 7, score: 0.777778, verdict: "favourable" });
    expect(score.reason).to.equal(
      "7 of 9 signs of strength are seen in the year to 2024-09-30, not a better return on assets and a better current ratio.",
    );
  });

  it("would be 6 for it with the assets of the year's end in place of the beginning's", () => {
    const { balance, ...rest } = apple();
    const [year, before, earlier] = balance.annual;
    if (!year || !before || !earlier) throw new Error("three years");
    const assets = (report: StoredReport, from: StoredReport) => ({
      ...report,
      figures: { ...report.figures, totalAssets: from.figures["totalAssets"] ?? 0 },
    });
    const shifted = { annual: [year, assets(before, year), assets(earlier, before)], quarterly: [] };
    expect(computed(fScore({ ...rest, balance: shifted })).value).to.equal(6);
  });

  it("is 7 for Apple's four quarters to June 2015, as GuruFocus works it out", () => {
    const score = piotroski(
      books(
        {
          income: annual({
            "2015-06-30": { netIncome: 50_737, totalRevenue: 224_337, grossProfit: 89_087 },
            "2014-06-30": { netIncome: 38_555, totalRevenue: 178_144, grossProfit: 68_399 },
          }),
          balance: annual({
            "2015-06-30": {
              totalAssets: 273_151,
              longTermDebt: 47_419,
              totalCurrentAssets: 70_953,
              totalCurrentLiabilities: 65_285,
              commonStockSharesOutstanding: 5_773,
            },
            "2014-06-30": {
              totalAssets: 222_520,
              longTermDebt: 29_030,
              totalCurrentAssets: 67_949,
              totalCurrentLiabilities: 46_205,
              commonStockSharesOutstanding: 6_052,
            },
            "2013-06-30": { totalAssets: 199_856 },
          }),
          cashFlow: annual({ "2015-06-30": { operatingCashflow: 81_041 } }),
        },
        Date.parse("2015-08-01"),
      ),
    );
    expect(computed(score).value).to.equal(7);
    expect(computed(score).reason).to.include("not less long-term debt and a better current ratio");
  });

  const flips: [string, "income" | "balance" | "cashFlow", string, Record<string, number>, number][] = [
    ["a loss", "income", "2024-09-30", { netIncome: -1 }, 6],
    ["cash flowing out", "cashFlow", "2024-09-30", { operatingCashflow: -1 }, 5],
    ["a better return on assets", "income", "2024-09-30", { netIncome: 100_000 }, 8],
    ["more profit than cash flow", "cashFlow", "2024-09-30", { operatingCashflow: 93_736 }, 6],
    ["more long-term debt", "balance", "2024-09-30", { longTermDebt: 97_000 }, 6],
    ["a better current ratio", "balance", "2024-09-30", { totalCurrentAssets: 175_000 }, 8],
    ["new shares", "balance", "2024-09-30", { commonStockSharesOutstanding: 15_551 }, 6],
    ["as many shares as before", "balance", "2024-09-30", { commonStockSharesOutstanding: 15_550.061 }, 7],
    ["a worse gross margin", "income", "2024-09-30", { grossProfit: 170_000 }, 6],
    ["a worse turnover", "balance", "2023-09-30", { totalAssets: 360_000 }, 6],
  ];
  for (const [what, statement, date, over, value] of flips) {
    it(`counts ${what}`, () => expect(computed(fScore(changed(statement, date, over))).value).to.equal(value));
  }

  it("names every figure that it used, once, with its period and version", () => {
    const { inputs } = computed(fScore(apple()));
    expect(inputs).to.have.length(18);
    expect(inputs).to.deep.include({
      type: "balance_sheet",
      figure: "totalAssets",
      fiscal_date: "2022-09-30",
      report_key: "ANNUAL#2022-09-30#2024-11-01T00:00:00.000Z",
      value: 352_755,
    });
  });

  it("is not computed without one of its figures, which it names with the period", () => {
    const lacking = refused(fScore(without("totalAssets", "2022-09-30")));
    expect(lacking.missing).to.deep.equal(["totalAssets (balance_sheet 2022-09-30)"]);
    expect(lacking.reason).to.equal(
      "Piotroski's F-score cannot be computed without totalAssets (balance_sheet 2022-09-30).",
    );
  });

  it("is not computed without liabilities to divide by", () => {
    const lacking = refused(fScore(changed("balance", "2024-09-30", { totalCurrentLiabilities: 0 })));
    expect(lacking.missing).to.deep.equal(["totalCurrentLiabilities (2024-09-30) above 0"]);
  });

  it("says of a firm without any reports, or with old ones only, what it looked for", () => {
    const missing = ["annual reports of the last 1000 days"];
    expect(refused(fScore(fundamentals())).missing).to.deep.equal(missing);
    expect(refused(fScore(apple(), Date.parse("2029-01-01"))).missing).to.deep.equal(missing);
  });

  it("is not for banks, and not for firms of an unknown kind", () => {
    const ofKind = (texts: Record<string, string>) => fScore({ ...apple(), overview: overview({}, texts) });
    expect(refused(ofKind(kinds.financial))).to.deep.include({ missing: [] });
    expect(refused(ofKind({ sector: "TECHNOLOGY" })).missing).to.deep.equal(["sector and industry (company_overview)"]);
  });
});

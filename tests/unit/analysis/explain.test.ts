import { expect } from "chai";
import { explain } from "../../../functions/processing/analysis/explain";
import { rate } from "../../../functions/processing/analysis/rating";
import { componentNames } from "../../../functions/processing/analysis/schema";
import { apple, fundamentals, kinds, now, overview } from "./sample";

const peers = Array.from({ length: 6 }, (_, at) => ({
  assetId: `P${at}`,
  report_key: `RATING#${at}`,
  scores: { piotroski: 0.1 },
}));

describe("a rating explained", () => {
  const lines = explain(rate(apple(), { analysisType: "rule_based", now })).split("\n");

  it("begins with what it came to, why, and how sure that is", () => {
    expect(lines.slice(0, 3)).to.deep.equal([
      "AAPL: Buy",
      "Buy for a score of 0.70, with 100.0 % of the weight computed. Its data has kept 86.9 % of its certainty: " +
        "its newest annual report is of the year to 2024-09-30.",
      "Between 0.56 and 0.76, with a confidence of 79.5 %; rule_based, rules 1.2.0, as of 2024-12-01T00:00:00.000Z.",
    ]);
  });

  it("has a line for each component, the heaviest first, in columns", () => {
    const table = lines.slice(4, 5 + componentNames.length);
    expect(table[0]).to.match(/^component +weight +score +sector +verdict +why$/);
    expect(table[1]).to.match(/^piotroski +16\.0 % +0\.78 +- +favourable +7 of 9 signs/);
    const columns = table.map((line) => line.search(/(why$|favourable|neutral|unfavourable)/));
    expect(new Set(columns.slice(1)).size).to.equal(1);
    expect(table.slice(1).map((line) => line.split(" ")[0])).to.have.members([...componentNames]);
  });

  it("says what was not there", () => {
    expect(lines.join("\n")).to.include("Without interestExpense (income_statement 2024-09-30).");
    const text = explain(rate(fundamentals(), { analysisType: "rule_based", now }));
    expect(text).to.match(/^AAPL: Not Rated\n/);
    expect(text).to.match(/piotroski +16\.0 % +- +- +not computable +Piotroski's F-score cannot be computed without/);
    const bank = { ...fundamentals(), overview: overview({}, kinds.financial) };
    expect(explain(rate(bank, { analysisType: "rule_based", now }))).to.match(/altman +0\.0 % .*financial firms\./);
  });

  it("lists the versions that it was computed from", () => {
    const from = lines.indexOf("Computed from 15 versions:");
    expect(lines[from + 1]).to.equal("  balance_sheet ANNUAL#2022-09-30#2024-11-01T00:00:00.000Z");
    expect(lines.slice(from + 1, -1)).to.have.length(15);
  });

  it("tells the place within the sector, or why there is none", () => {
    const among = (count: number) =>
      explain(rate(apple(), { analysisType: "advanced", now, peers: peers.slice(0, count) }));
    expect(among(6))
      .to.include("Compared with 6 firms of the sector.")
      .and.match(/piotroski +16\.0 % +0\.78 +100\.0 %/);
    expect(among(4)).to.include("No place within the sector can be told among 4 other firms; at least 5 are needed.");
  });
});

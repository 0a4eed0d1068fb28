import { expect } from "chai";
import { openBooks, previous } from "../../../functions/processing/analysis/books";
import { annual, fundamentals, now, overview, quarterly, report } from "./sample";

const of = (...dates: string[]) => annual(Object.fromEntries(dates.map((date) => [date, { totalRevenue: 1 }])));

describe("a company's books", () => {
  it("hold the years newest first, each with the year before it", () => {
    const { years } = openBooks(fundamentals({ income: of("2022-09-24", "2024-09-28", "2023-09-30") }), now);
    expect(years.periods.map(({ date }) => date)).to.deep.equal(["2024-09-28", "2023-09-30", "2022-09-24"]);
    expect(years.periods[0]?.previous?.date).to.equal("2023-09-30");
  });

  it("take no other year for the one before", () => {
    const { years } = openBooks(fundamentals({ income: of("2024-09-30", "2022-09-30", "2024-03-31") }), now);
    const [newest] = years.periods;
    if (!newest) throw new Error("a year");
    expect(newest.previous).to.equal(undefined);
    expect(previous(newest)).to.deep.equal({ date: "the year before 2024-09-30", freshness: 0 });
  });

  it("let reports lose their certainty evenly with age, each by its kind", () => {
    const day = 86_400_000;
    const at = Date.parse("2024-09-30") + 100 * day;
    const company = fundamentals({ income: { ...of("2024-09-30"), quarterly: quarterly({ "2024-09-30": {} }) } });
    const { years, quarters, latest } = openBooks(company, at);
    expect([years, quarters, latest].map(({ periods }) => periods[0]?.freshness)).to.deep.equal([0.9, 0.6, 0.8]);
  });

  it("know nothing of the future, of what is long past, and of days that are none", () => {
    const company = fundamentals({
      income: of("2024-12-31", "2019-09-30", "2024-09-30", "someday", "2024-99-99"),
      overview: { ...overview({}), fiscal_date: "2024-12-31" },
    });
    const { years, latest, versions } = openBooks(company, now);
    expect(years.periods.map(({ date }) => date)).to.deep.equal(["2024-09-30"]);
    expect(latest.periods).to.deep.equal([]);
    expect(versions.map(({ type }) => type)).to.deep.equal(["company_overview", "income_statement"]);
  });

  it("hold the newest version of a report that was restated", () => {
    const restated = { ...report("2024-09-30", { totalRevenue: 2 }), report_key: "ANNUAL#2024-09-30#2024-11-20" };
    const first = { ...report("2024-09-30", { totalRevenue: 1 }), report_key: "ANNUAL#2024-09-30#2024-11-01" };
    for (const reports of [
      [first, restated],
      [restated, first],
    ]) {
      const { years, versions } = openBooks(fundamentals({ income: { annual: reports, quarterly: [] } }), now);
      expect(years.periods[0]?.income).to.equal(restated);
      expect(versions).to.deep.include({ type: "income_statement", report_key: restated.report_key });
      expect(versions).to.have.length(2);
    }
  });
});

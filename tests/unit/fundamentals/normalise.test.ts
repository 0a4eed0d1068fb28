import { expect } from "chai";
import { Failure } from "../../../functions/processing/failure";
import { balanceFigures } from "../../../functions/processing/fundamentals/balanceSheet";
import { cashFlowFigures } from "../../../functions/processing/fundamentals/cashFlow";
import type { DataType } from "../../../functions/processing/fundamentals/dataTypes";
import { incomeFigures } from "../../../functions/processing/fundamentals/incomeStatement";
import { normalise } from "../../../functions/processing/fundamentals/normalise";
import { earningsAnswer, incomeAnswer, incomeReport, overviewAnswer } from "./answers";

const income = (changes?: Record<string, unknown>) => normalise("income_statement", incomeAnswer(changes), "AAPL");
/** What becomes of one report beside another that is right. */
const beside = (report: unknown) =>
  income({ annualReports: [incomeReport("2020-09-26"), report], quarterlyReports: [] });
const figuresOf = (changes: Record<string, unknown>) => beside(incomeReport("2024-09-28", changes)).reports[1]?.figures;
const reasonOf = (report: unknown) => beside(report).refused[0]?.reason;

const refusal = (type: DataType, body: unknown, asked = "AAPL"): Failure => {
  try {
    normalise(type, body, asked);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  return expect.fail("it was accepted");
};

describe("a financial statement", () => {
  it("becomes numbers, by period and fiscal date", () => {
    const { symbol, reports, refused } = income();
    expect(symbol).to.equal("AAPL");
    expect(refused).to.deep.equal([]);
    expect(reports.map(({ period, fiscalDate }) => `${period} ${fiscalDate}`)).to.deep.equal([
      "annual 2024-09-28",
      "annual 2023-09-30",
      "quarterly 2024-12-28",
    ]);
    expect(reports[0]).to.deep.include({
      figures: {
        grossProfit: 180_683_000_000,
        totalRevenue: 391_035_000_000,
        costOfGoodsAndServicesSold: 210_352_000_000,
        netIncome: 93_736_000_000,
      },
      texts: { reportedCurrency: "USD" },
    });
  });

  it("lacks a figure that the provider does not have: it is not 0", () => {
    for (const none of ["None", null, "", "-", undefined]) {
      expect(figuresOf({ netIncome: none })).not.to.have.property("netIncome");
    }
    expect(figuresOf({ netIncome: "0" })).to.have.property("netIncome", 0);
  });

  it("keeps new figures under their own names, and nothing else that is new", () => {
    const figures = figuresOf({
      cloudRevenue: "12.5",
      restated: "yes",
      notes: { a: 1 },
      huge: "1e999",
      "odd name": "1",
      constructor: "2",
      toString: "3",
      ["__proto__"]: "4",
    });
    expect(figures).to.have.property("cloudRevenue", 12.5);
    expect(Object.keys(figures ?? {}).sort()).to.deep.equal([
      "cloudRevenue",
      "costOfGoodsAndServicesSold",
      "grossProfit",
      "netIncome",
      "totalRevenue",
    ]);
  });

  it("is not reached through a prototype", () => {
    const hostile = JSON.stringify(incomeAnswer()).replace("{", '{"__proto__":{"polluted":1},"constructor":{},');
    const { reports } = normalise("income_statement", JSON.parse(hostile), "AAPL");
    expect(reports.length).to.equal(3);
    expect({}).not.to.have.property("polluted");
    const bare = JSON.parse('{"__proto__":{"symbol":"AAPL","annualReports":[{}]}}');
    expect(refusal("income_statement", bare).message).to.equal("income_statement.symbol is missing");
  });

  it("that is wrong is left out with the field, and its neighbours are kept", () => {
    const { reports, refused } = income({
      annualReports: [
        incomeReport("2024-09-28"),
        incomeReport("2023-09-30", { netIncome: "96,995" }),
        incomeReport("2022-09-24"),
      ],
      quarterlyReports: [null, incomeReport("2024-12-28")],
    });
    expect(reports.map(({ fiscalDate }) => fiscalDate)).to.deep.equal(["2024-09-28", "2022-09-24", "2024-12-28"]);
    expect(refused).to.deep.equal([
      { at: "annualReports.1", reason: "netIncome must be a number" },
      { at: "quarterlyReports.0", reason: "must be an object" },
    ]);
  });

  it("says which field is wrong, in the provider's words", () => {
    const day = "fiscalDateEnding must be a day as YYYY-MM-DD";
    for (const date of ["2023-02-29", "2024-9-28", "20240928", "None", "", null, 20240928, "2024-09-28T00:00:00Z"]) {
      expect(reasonOf({ ...incomeReport(""), fiscalDateEnding: date }), String(date)).to.equal(day);
    }
    const wrong = { costofGoodsAndServicesSold: "much" };
    expect(reasonOf(incomeReport("2024-09-28", wrong))).to.equal("costofGoodsAndServicesSold must be a number");
    expect(reasonOf(incomeReport("2024-09-28", { reportedCurrency: 840 }))).to.equal(
      "reportedCurrency must be a string",
    );
    expect(reasonOf(incomeReport("2024-09-28", { reportedCurrency: "x".repeat(10_001) }))).to.equal(
      "reportedCurrency must have at most 10000 characters",
    );
    for (const number of ["NaN", "Infinity", "1e400", "9007199254740993", {}, [], true]) {
      expect(reasonOf(incomeReport("2024-09-28", { ebit: number })), String(number)).to.equal("ebit must be a number");
    }
    expect(reasonOf([])).to.equal("must be an object");
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`f${at}`, "1"]));
    expect(reasonOf(incomeReport("2024-09-28", fields))).to.equal("must have at most 300 fields");
  });

  it("without a single figure is no report: it would stand in the place of a good one", () => {
    const { fiscalDateEnding, reportedCurrency } = incomeReport("2024-09-28");
    expect(reasonOf({ fiscalDateEnding, reportedCurrency, netIncome: "None" })).to.equal("must have a figure");
  });

  it("counts once for a period", () => {
    const { reports, refused } = beside(incomeReport("2020-09-26", { netIncome: "1" }));
    expect(reports.map(({ figures }) => figures["netIncome"])).to.deep.equal([93_736_000_000]);
    expect(refused).to.deep.equal([{ at: "annualReports.1", reason: "fiscalDateEnding is listed a second time" }]);
    expect(income({ quarterlyReports: [incomeReport("2024-09-28")] }).reports.length).to.equal(3);
  });

  it("may come without years, or without quarters", () => {
    expect(income({ annualReports: undefined }).reports.length).to.equal(1);
    expect(income({ annualReports: null }).reports.length).to.equal(1);
    expect(income({ quarterlyReports: [] }).reports.length).to.equal(2);
  });

  it("names the figures of its type", () => {
    const answer = (figures: Record<string, string>) =>
      incomeAnswer({ annualReports: [{ fiscalDateEnding: "2024-09-28", ...figures }] });
    for (const [type, { entries }] of [
      ["income_statement", incomeFigures],
      ["balance_sheet", balanceFigures],
      ["cash_flow", cashFlowFigures],
    ] as const) {
      for (const name of Object.keys(entries)) {
        expect(normalise(type, answer({ [name]: "1.5" }), "AAPL").reports[0]?.figures).to.deep.equal({ [name]: 1.5 });
        const bad = normalise(type, answer({ [name]: "x" }), "AAPL").refused[0]?.reason;
        expect(bad).to.equal(`${name} must be a number`);
      }
    }
  });
});

describe("an answer", () => {
  it("must be about the company that was asked for", () => {
    expect(refusal("income_statement", incomeAnswer(), "MSFT")).to.include({
      category: "validation",
      field: "income_statement.symbol",
      message: "income_statement.symbol must be MSFT",
    });
    expect(refusal("company_overview", overviewAnswer(), "MSFT").field).to.equal("company_overview.Symbol");
  });

  it("may write the company's symbol in its own way", () => {
    for (const symbol of ["BRK.B", "BRK-B", "brk-b"]) {
      expect(normalise("income_statement", incomeAnswer({ symbol }), "BRK.B").symbol).to.equal("BRK.B");
    }
  });

  it("of which nothing can be used is a failure that names a field", () => {
    const cases: [unknown, string, string][] = [
      [null, "income_statement", "income_statement must be an object"],
      [[], "income_statement.symbol", "income_statement.symbol is missing"],
      ["AAPL", "income_statement", "income_statement must be an object"],
      [incomeAnswer({ symbol: 7 }), "income_statement.symbol", "income_statement.symbol must be a string"],
      [
        incomeAnswer({ annualReports: {} }),
        "income_statement.annualReports",
        "income_statement.annualReports must be a list",
      ],
      [
        incomeAnswer({ annualReports: Array(1_001).fill({}) }),
        "income_statement.annualReports",
        "income_statement.annualReports must have at most 1000 reports",
      ],
      [
        incomeAnswer({ annualReports: [], quarterlyReports: null }),
        "income_statement",
        "income_statement must have annualReports or quarterlyReports",
      ],
      [
        incomeAnswer({ annualReports: [incomeReport("2024-09-28", { ebit: "x" }), 5], quarterlyReports: [] }),
        "income_statement.annualReports.0.ebit",
        "income_statement.annualReports.0.ebit must be a number; of 2 reports none can be used",
      ],
    ];
    for (const [body, field, message] of cases) {
      expect(refusal("income_statement", body)).to.include({ category: "validation", field, message });
    }
  });
});

describe("earnings", () => {
  it("become numbers, with when they were reported", () => {
    expect(normalise("earnings", earningsAnswer(), "AAPL")).to.deep.equal({
      symbol: "AAPL",
      reports: [
        { period: "annual", fiscalDate: "2024-09-28", figures: { reportedEPS: 6.75 }, texts: {} },
        {
          period: "quarterly",
          fiscalDate: "2024-09-28",
          figures: { reportedEPS: 1.64, estimatedEPS: 1.6, surprise: 0.04, surprisePercentage: 2.5 },
          texts: { reportedDate: "2024-10-31", reportTime: "post-market" },
        },
      ],
      refused: [],
    });
  });

  it("that were not reported yet have an estimate only", () => {
    const expected = { fiscalDateEnding: "2026-12-31", reportedDate: "None", reportedEPS: "None", estimatedEPS: "2.1" };
    const { reports } = normalise("earnings", earningsAnswer({ quarterlyEarnings: [expected] }), "AAPL");
    expect(reports[1]).to.deep.include({ figures: { estimatedEPS: 2.1 }, texts: {} });
  });

  it("are refused where they were reported on no day", () => {
    const quarter = { fiscalDateEnding: "2024-09-28", reportedDate: "October", reportedEPS: "1" };
    const { refused } = normalise("earnings", earningsAnswer({ quarterlyEarnings: [quarter] }), "AAPL");
    expect(refused).to.deep.equal([{ at: "quarterlyEarnings.0", reason: "reportedDate must be a day as YYYY-MM-DD" }]);
    expect(refusal("earnings", { symbol: "AAPL" }).message).to.equal(
      "earnings must have annualEarnings or quarterlyEarnings",
    );
  });
});

describe("an overview", () => {
  it("is one report, as of the latest quarter, in names like those of the others", () => {
    const { reports } = normalise("company_overview", overviewAnswer(), "IBM");
    expect(reports).to.deep.equal([
      {
        period: "latest",
        fiscalDate: "2026-09-30",
        figures: {
          marketCapitalization: 210_000_000_000,
          ebitda: 14_000_000_000,
          peRatio: 23.4,
          eps: -9.1,
          dilutedEPSTTM: 9,
          evToRevenue: 3.9,
          evToEBITDA: 15.2,
          analystRatingStrongBuy: 4,
          week52High: 237.4,
          day200MovingAverage: 201.1,
        },
        texts: {
          assetType: "Common Stock",
          name: "International Business Machines",
          description: "Makes big machines.",
          cik: "51143",
          exchange: "NYSE",
          currency: "USD",
          country: "USA",
          sector: "TECHNOLOGY",
          industry: "COMPUTER & OFFICE EQUIPMENT",
          fiscalYearEnd: "December",
          dividendDate: "2026-12-10",
        },
      },
    ]);
  });

  it("knows every figure by the provider's name", () => {
    const names = [
      "MarketCapitalization EBITDA PERatio PEGRatio BookValue DividendPerShare DividendYield EPS RevenuePerShareTTM",
      "ProfitMargin OperatingMarginTTM ReturnOnAssetsTTM ReturnOnEquityTTM RevenueTTM GrossProfitTTM DilutedEPSTTM",
      "QuarterlyEarningsGrowthYOY QuarterlyRevenueGrowthYOY AnalystTargetPrice AnalystRatingStrongBuy AnalystRatingBuy",
      "AnalystRatingHold AnalystRatingSell AnalystRatingStrongSell TrailingPE ForwardPE PriceToSalesRatioTTM",
      "PriceToBookRatio EVToRevenue EVToEBITDA Beta 52WeekHigh 52WeekLow 50DayMovingAverage 200DayMovingAverage",
      "SharesOutstanding SharesFloat PercentInsiders PercentInstitutions",
    ].flatMap((line) => line.split(" "));
    for (const name of names) {
      const failure = refusal("company_overview", overviewAnswer({ [name]: "many" }), "IBM");
      expect(failure.message).to.equal(`company_overview.${name} must be a number`);
    }
  });

  it("keeps new figures, and takes the provider's word for no day", () => {
    const changes = { NewRatioTTM: "1.5", "10WeekLow": "3", DividendDate: "0000-00-00", Motto: "Think" };
    const [report] = normalise("company_overview", overviewAnswer(changes), "IBM").reports;
    expect(report?.figures).to.include({ newRatioTTM: 1.5, week10Low: 3 });
    expect(report?.texts).not.to.have.any.keys("dividendDate", "motto");
  });

  it("has a sector that an index takes as its key, or is none", () => {
    const Sector = "€".repeat(200);
    expect(normalise("company_overview", overviewAnswer({ Sector }), "IBM").reports[0]?.texts["sector"]).to.equal(
      Sector,
    );
    expect(refusal("company_overview", overviewAnswer({ Sector: `${Sector}s` }), "IBM")).to.include({
      field: "company_overview.Sector",
      message: "company_overview.Sector must have at most 200 characters",
    });
  });

  it("of no quarter is none", () => {
    expect(refusal("company_overview", overviewAnswer({ LatestQuarter: "None" }), "IBM")).to.include({
      field: "company_overview.LatestQuarter",
      message: "company_overview.LatestQuarter must be a day as YYYY-MM-DD",
    });
  });
});

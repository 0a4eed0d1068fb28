import { expect } from "chai";
import fc from "fast-check";
import { Failure } from "../../../functions/processing/failure";
import { parseEarningsCalendar } from "../../../functions/processing/providers/alphaVantage";
import { remember } from "../../../functions/processing/redact";

const header = "symbol,name,reportDate,fiscalDateEnding,estimate,currency";
const parse = (...lines: string[]) => parseEarningsCalendar(lines.map((line) => `${line}\r\n`).join(""));
const reasons = (...lines: string[]) => parse(header, ...lines).refused.map(({ at, reason }) => `${at}: ${reason}`);

describe("the earnings calendar", () => {
  it("is read by its header", () => {
    const { rows, refused } = parse(
      "fiscalDateEnding,symbol,country,timeOfTheDay,reportDate,estimate,currency,name",
      '2026-09-30,BRK.B,US,post-market,2026-11-02,4.35,USD,"Berkshire, Class ""B"""',
    );
    expect(refused).to.deep.equal([]);
    expect(rows).to.deep.equal([
      {
        symbol: "BRK.B",
        name: 'Berkshire, Class "B"',
        reportDate: "2026-11-02",
        fiscalDateEnding: "2026-09-30",
        estimate: 4.35,
        currency: "USD",
        timeOfDay: "post-market",
      },
    ]);
  });

  it("often has no estimate, which is not 0", () => {
    const { rows } = parse(header, "AIV,,2026-11-05,2026-09-30,,", "AIR,AAR,2026-11-05,2026-09-30,0,USD");
    expect(rows).to.deep.equal([
      { symbol: "AIV", name: "", reportDate: "2026-11-05", fiscalDateEnding: "2026-09-30" },
      {
        symbol: "AIR",
        name: "AAR",
        reportDate: "2026-11-05",
        fiscalDateEnding: "2026-09-30",
        estimate: 0,
        currency: "USD",
      },
    ]);
  });

  it("may be empty", () => {
    expect(parse(header)).to.deep.equal({ rows: [], refused: [] });
  });

  it("leaves out what cannot be read, with the reason, and keeps its neighbours", () => {
    const { rows, refused } = parse(
      header,
      "AAA,A,2026-11-05,2026-09-30,1,USD",
      "BBB,B,2026-02-30,2026-09-30,1,USD",
      'CCC,"C,2026-11-05,2026-09-30,1,USD',
      "DDD,D,2026-11-05,2026-09-30,1,USD",
    );
    expect(rows.map(({ symbol }) => symbol)).to.deep.equal(["AAA", "DDD"]);
    expect(refused).to.deep.equal([
      { at: "BBB", reason: "row.reportDate must be a day that exists" },
      { at: "line 4", reason: "row has quotes out of place" },
    ]);
  });

  it("says which field is wrong", () => {
    expect(
      reasons(
        ",A,2026-11-05,2026-09-30,1,USD",
        "AAA,A,11/05/2026,2026-09-30,1,USD",
        "AAA,A,2026-11-05,,1,USD",
        "AAA,A,2026-11-05,2026-09-30,about 1,USD",
        "AAA,A,2026-11-05,2026-09-30,1",
        "AAA,A, Inc,2026-11-05,2026-09-30,1,USD",
        `AAA,A,2026-11-05,2026-09-30,1,${"U".repeat(101)}`,
      ),
    ).to.deep.equal([
      "line 2: row.symbol must be 1 to 32 visible characters",
      "AAA: row.reportDate must be a date as YYYY-MM-DD",
      "AAA: row.fiscalDateEnding must be a date as YYYY-MM-DD",
      "AAA: row.estimate must be a number",
      "AAA: row has 5 cells, not 6",
      "AAA: row has 7 cells, not 6",
      "AAA: row.currency must have at most 100 characters",
    ]);
  });

  it("without the columns that matter is none", () => {
    for (const column of ["symbol", "reportDate", "fiscalDateEnding"]) {
      const without = header.replace(column, "other");
      expect(() => parse(without, "AAA,A,2026-11-05,2026-09-30,1,USD"))
        .to.throw(Failure, `calendar.${column} is missing`)
        .that.includes({ category: "validation", field: `calendar.${column}` });
    }
    expect(() => parseEarningsCalendar("")).to.throw(Failure, "calendar.symbol is missing");
  });

  it("is read or refused, whatever it holds, and never shows a key", () => {
    const key = "CALENDARKEY7";
    remember(key);
    const cell = fc.oneof(fc.string(), fc.constantFrom(key, "2026-11-05", "AAPL", "__proto__", '"', "1.5", "None"));
    const csv = fc.tuple(
      fc.constantFrom(header, "symbol,reportDate,fiscalDateEnding,__proto__,constructor", key),
      fc.array(
        fc.array(cell, { minLength: 5, maxLength: 7 }).map((cells) => cells.join(",")),
        { maxLength: 5 },
      ),
    );
    fc.assert(
      fc.property(csv, ([first, lines]) => {
        try {
          const { rows, refused } = parse(first, ...lines);
          expect(JSON.stringify(refused)).not.to.include(key);
          for (const { reportDate, estimate = 0 } of rows) {
            expect(Date.parse(reportDate)).not.to.be.NaN;
            expect(estimate).to.satisfy(Number.isFinite);
          }
        } catch (error) {
          expect(error).to.be.instanceOf(Failure).with.property("field").that.is.a("string");
          expect(String(error)).not.to.include(key);
        }
      }),
      { numRuns: 500 },
    );
  });
});

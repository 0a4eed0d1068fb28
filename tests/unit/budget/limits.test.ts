import { expect } from "chai";
import { alpacaLimits, limitsFromEnvironment } from "../../../functions/processing/budget/limits";
import { Failure } from "../../../functions/processing/failure";

const free = {
  ALPHA_VANTAGE_PER_SECOND: "1",
  ALPHA_VANTAGE_PER_DAY: "25",
  ALPHA_VANTAGE_CALENDAR_CALLS: "1",
  ALPHA_VANTAGE_NEWS_CALLS: "4",
  ALPACA_PER_MINUTE: "200",
};

describe("the limits of the providers", () => {
  const saved = { ...process.env };
  beforeEach(() => Object.assign(process.env, free));
  after(() => {
    for (const name of Object.keys(free)) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
  });

  const refused = (over: Record<string, string>, read: () => unknown = limitsFromEnvironment): string => {
    Object.assign(process.env, over);
    try {
      return `was read as ${JSON.stringify(read())}`;
    } catch (error) {
      expect(error).to.be.instanceOf(Failure).and.to.include({ category: "permanent" });
      return (error as Failure).message;
    }
  };

  it("leave to the fundamentals what calendar and news do not need", () => {
    expect(limitsFromEnvironment()).to.deep.equal({
      perSecond: 1,
      perDay: 25,
      allotments: { calendar: 1, news: 4, fundamentals: 20 },
    });
  });

  it("are those of a paid plan where one is set", () => {
    Object.assign(process.env, { ALPHA_VANTAGE_PER_SECOND: "1.25", ALPHA_VANTAGE_PER_DAY: "100000" });
    expect(limitsFromEnvironment()).to.deep.include({ perSecond: 1.25, perDay: 100_000 });
    expect(limitsFromEnvironment().allotments.fundamentals).to.equal(99_995);
  });

  it("are by the minute for Alpaca, and have no day", () => {
    const { perSecond, perDay, allotments } = alpacaLimits();
    expect(perSecond * 60).to.be.closeTo(200, 1e-9);
    expect([perDay, allotments.assets]).to.deep.equal([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  it("are refused by the variable's name where they make no sense", () => {
    for (const wrong of ["many", "2.5", "-1", "Infinity"]) {
      expect(refused({ ALPHA_VANTAGE_PER_DAY: wrong })).to.include("ALPHA_VANTAGE_PER_DAY must be a whole number");
    }
    Object.assign(process.env, free);
    for (const wrong of ["0", "-1", "fast", "Infinity"]) {
      expect(refused({ ALPHA_VANTAGE_PER_SECOND: wrong })).to.include(
        "ALPHA_VANTAGE_PER_SECOND must be a number above",
      );
      expect(refused({ ALPACA_PER_MINUTE: wrong }, alpacaLimits)).to.include(
        "ALPACA_PER_MINUTE must be a number above",
      );
    }
    Object.assign(process.env, free);
    expect(refused({ ALPHA_VANTAGE_NEWS_CALLS: "" })).to.include("ALPHA_VANTAGE_NEWS_CALLS is not set");
    expect(refused({ ALPHA_VANTAGE_NEWS_CALLS: "25" })).to.match(/CALENDAR_CALLS and .*NEWS_CALLS must fit/);
  });
});

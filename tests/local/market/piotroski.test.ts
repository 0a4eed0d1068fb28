import { expect } from "chai";
import { startTestMarket, type TestMarket } from "./started";

type Year = Record<string, string>;

/** The nine tests of a year, from the provider's own answers; `assets` names the balance by which returns are measured. */
const score = (income: Year[], balance: Year[], cashFlow: Year[], assets: "beginning" | "end"): number => {
  const value = (years: Year[], year: number, field: string): number => Number(years[year]?.[field]);
  const by = (year: number): number => value(balance, assets === "beginning" ? year + 1 : year, "totalAssets");
  const returns = (year: number) => value(income, year, "netIncome") / by(year);
  const average = (year: number) => (value(balance, year, "totalAssets") + value(balance, year + 1, "totalAssets")) / 2;
  const leverage = (year: number) => value(balance, year, "longTermDebt") / average(year);
  const liquidity = (year: number) =>
    value(balance, year, "totalCurrentAssets") / value(balance, year, "totalCurrentLiabilities");
  const margin = (year: number) => value(income, year, "grossProfit") / value(income, year, "totalRevenue");
  const turnover = (year: number) => value(income, year, "totalRevenue") / by(year);
  const shares = (year: number) => value(balance, year, "commonStockSharesOutstanding");
  return [
    returns(0) > 0,
    value(cashFlow, 0, "operatingCashflow") > 0,
    returns(0) > returns(1),
    value(cashFlow, 0, "operatingCashflow") > value(income, 0, "netIncome"),
    leverage(0) < leverage(1),
    liquidity(0) > liquidity(1),
    shares(0) <= shares(1),
    margin(0) > margin(1),
    turnover(0) > turnover(1),
  ].filter(Boolean).length;
};

describe("Apple's fiscal 2024 in the stand-in market", () => {
  let market: TestMarket;
  before(async () => {
    market = await startTestMarket();
  });
  after(() => market.close());

  it("has a Piotroski score of 7 by the assets of the beginning of the year, and of 6 by those of its end", async () => {
    const years = async (name: string): Promise<Year[]> =>
      (await market.json<{ annualReports: Year[] }>(name, { symbol: "AAPL" })).annualReports;
    const [income, balance, cashFlow] = [
      await years("INCOME_STATEMENT"),
      await years("BALANCE_SHEET"),
      await years("CASH_FLOW"),
    ];
    expect(income[0]).to.include({
      fiscalDateEnding: "2024-09-30",
      totalRevenue: "391035000000",
      netIncome: "93736000000",
    });
    expect(score(income, balance, cashFlow, "beginning")).to.equal(7);
    expect(score(income, balance, cashFlow, "end")).to.equal(6);
  });
});

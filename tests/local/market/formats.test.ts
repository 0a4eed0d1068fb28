import { expect } from "chai";
import { startTestMarket, type TestMarket } from "./started";

type Fields = Record<string, string>;
interface Reports {
  symbol: string;
  annualReports: Fields[];
  quarterlyReports: Fields[];
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const overview = words(`Symbol AssetType Name Description CIK Exchange Currency Country Sector Industry FiscalYearEnd
  LatestQuarter MarketCapitalization EBITDA PERatio PEGRatio BookValue DividendPerShare DividendYield EPS RevenuePerShareTTM
  ProfitMargin OperatingMarginTTM ReturnOnAssetsTTM ReturnOnEquityTTM RevenueTTM GrossProfitTTM DilutedEPSTTM
  QuarterlyEarningsGrowthYOY QuarterlyRevenueGrowthYOY AnalystTargetPrice AnalystRatingStrongBuy AnalystRatingBuy
  AnalystRatingHold AnalystRatingSell AnalystRatingStrongSell TrailingPE ForwardPE PriceToSalesRatioTTM PriceToBookRatio
  EVToRevenue EVToEBITDA Beta 52WeekHigh 52WeekLow 50DayMovingAverage 200DayMovingAverage SharesOutstanding SharesFloat
  PercentInsiders PercentInstitutions DividendDate ExDividendDate`);

const statements: Record<string, string[]> = {
  INCOME_STATEMENT: words(`fiscalDateEnding reportedCurrency grossProfit totalRevenue costOfRevenue
    costofGoodsAndServicesSold operatingIncome sellingGeneralAndAdministrative researchAndDevelopment operatingExpenses
    interestExpense interestAndDebtExpense depreciation depreciationAndAmortization incomeBeforeTax incomeTaxExpense ebit
    ebitda netIncome`),
  BALANCE_SHEET: words(`fiscalDateEnding reportedCurrency totalAssets totalCurrentAssets
    cashAndCashEquivalentsAtCarryingValue cashAndShortTermInvestments inventory currentNetReceivables totalNonCurrentAssets
    propertyPlantEquipment intangibleAssets goodwill longTermInvestments shortTermInvestments totalLiabilities
    totalCurrentLiabilities currentAccountsPayable currentDebt shortTermDebt totalNonCurrentLiabilities longTermDebt
    currentLongTermDebt longTermDebtNoncurrent shortLongTermDebtTotal totalShareholderEquity retainedEarnings commonStock
    commonStockSharesOutstanding`),
  CASH_FLOW: words(`fiscalDateEnding reportedCurrency operatingCashflow capitalExpenditures
    depreciationDepletionAndAmortization changeInReceivables changeInInventory cashflowFromInvestment cashflowFromFinancing
    dividendPayout paymentsForRepurchaseOfCommonStock changeInCashAndCashEquivalents netIncome`),
};

const valueForm = /^(None|-?\d+)$/;
const day = /^\d{4}-\d{2}-\d{2}$/;

describe("the stand-in market's formats", () => {
  let market: TestMarket;
  before(async () => {
    market = await startTestMarket();
  });
  after(() => market.close());

  for (const symbol of ["AAPL", "VRDX", "FHVB", "GNXQ"]) {
    it(`describes ${symbol} with every field of an overview, as texts`, async () => {
      const body = await market.json<Fields>("OVERVIEW", { symbol });
      expect(body).to.include.keys(overview);
      expect(Object.values(body).every((value) => typeof value === "string")).to.equal(true);
      expect(body["Symbol"]).to.equal(symbol);
      expect(body["LatestQuarter"]).to.match(day);
      expect(Number(body["MarketCapitalization"])).to.be.greaterThan(0);
    });

    for (const [name, fields] of Object.entries(statements)) {
      it(`answers ${name} of ${symbol} with 5 years and 20 quarters, newest first`, async () => {
        const { symbol: named, annualReports, quarterlyReports } = await market.json<Reports>(name, { symbol });
        expect(named).to.equal(symbol);
        expect([annualReports.length, quarterlyReports.length]).to.deep.equal([5, 20]);
        for (const reports of [annualReports, quarterlyReports]) {
          const dates = reports.map(({ fiscalDateEnding }) => fiscalDateEnding);
          expect(dates).to.deep.equal([...dates].sort().reverse());
          expect(new Set(dates)).to.have.property("size", dates.length);
        }
        for (const { fiscalDateEnding, reportedCurrency, ...figures } of [...annualReports, ...quarterlyReports]) {
          expect({ fiscalDateEnding, reportedCurrency, ...figures }).to.include.keys(fields);
          expect(fiscalDateEnding).to.match(day);
          expect(reportedCurrency).to.equal("USD");
          for (const [field, value] of Object.entries(figures)) expect(value, field).to.match(valueForm);
        }
      });
    }

    it(`answers EARNINGS of ${symbol}`, async () => {
      const body = await market.json<{ symbol: string; annualEarnings: Fields[]; quarterlyEarnings: Fields[] }>(
        "EARNINGS",
        { symbol },
      );
      expect(body.symbol).to.equal(symbol);
      expect(body.annualEarnings).to.have.length(5);
      expect(body.quarterlyEarnings).to.have.length(20);
      for (const year of body.annualEarnings) {
        expect(year).to.have.all.keys("fiscalDateEnding", "reportedEPS");
        expect(Number(year["reportedEPS"])).to.be.finite;
      }
      for (const quarter of body.quarterlyEarnings) {
        expect(quarter).to.have.all.keys(
          words("fiscalDateEnding reportedDate reportedEPS estimatedEPS surprise surprisePercentage reportTime"),
        );
        expect(quarter["reportedDate"]).to.match(day);
        expect(Number(quarter["reportedEPS"])).to.be.finite;
        expect(quarter["reportTime"]).to.be.oneOf(["pre-market", "post-market"]);
      }
    });
  }

  it("says whether a company exists", async () => {
    expect((await market.json<Fields>("OVERVIEW", { symbol: "VRDX" }))["Description"]).to.match(/^Generated/);
    expect((await market.json<Fields>("OVERVIEW", { symbol: "AAPL" }))["Description"]).to.contain("Form 10-K");
  });

  it("writes what a company has not got as None or a dash, never as 0", async () => {
    const bank = await market.json<Reports>("BALANCE_SHEET", { symbol: "FHVB" });
    expect(bank.annualReports[0]).to.include({ totalCurrentAssets: "None", inventory: "None" });
    const loss = await market.json<Fields>("OVERVIEW", { symbol: "GNXQ" });
    expect(loss).to.include({ PERatio: "None", TrailingPE: "-", PEGRatio: "-" });
  });

  it("answers {} for a symbol that nobody knows, and for a company that has reported nothing yet", async () => {
    expect(await market.json("OVERVIEW", { symbol: "NOPE" })).to.deep.equal({});
    const past = await startTestMarket({ now: () => Date.UTC(2013, 0, 1) });
    try {
      expect(await past.json("OVERVIEW", { symbol: "VRDX" })).to.deep.equal({});
    } finally {
      await past.close();
    }
  });

  it("names what it does not understand", async () => {
    expect(await market.json("constructor", { symbol: "AAPL" })).to.deep.equal({
      "Error Message": "This API function (constructor) does not exist.",
    });
    expect(await market.json<Fields>("OVERVIEW"))
      .to.have.property("Error Message")
      .that.contains("OVERVIEW");
    expect(await (await fetch(`${market.url}/v3/elsewhere`)).json()).to.have.property("message");
  });

  it("refuses a caller that asks for CSV alone, as the provider does", async () => {
    const response = await market.ask("EARNINGS_CALENDAR", {}, { headers: { accept: "text/csv" } });
    expect(response.status).to.equal(406);
    expect(market.calls().at(-1)).to.include({ function: "EARNINGS_CALENDAR", outcome: "notAcceptable" });
  });
});

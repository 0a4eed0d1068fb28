import { expect } from "chai";
import { slots } from "../../../local/market/companies/generated/calendar";
import { generatedCompanies } from "../../../local/market/companies/generated/list";
import { publishedCompanies } from "../../../local/market/companies/published/list";
import { annualStatements } from "../../../local/market/companies/published/published";
import type { Statement } from "../../../local/market/companies/statement";
import { addDays } from "../../../local/market/days";
import { companiesFrom, universe } from "../../../local/market/universe";

const day = "2026-08-28";
const company = companiesFrom("signal9");

const defined = (value: number | undefined, what: string): number => {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
};

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);

/** Statements whose four quarters are all known. */
const fullYears = (symbol: string): [Statement, Statement[]][] => {
  const { annual, quarterly } = company(symbol).reportsBy(day);
  return annual.flatMap((year): [Statement, Statement[]][] => {
    const from = addDays(year.fiscalDateEnding, -360);
    const quarters = quarterly.filter(
      ({ fiscalDateEnding }) => fiscalDateEnding > from && fiscalDateEnding <= year.fiscalDateEnding,
    );
    return quarters.length === 4 ? [[year, quarters]] : [];
  });
};

describe("the stand-in market's companies", () => {
  it("are more than 40, of many sectors, with banks and loss makers", () => {
    const generated = universe.filter((member) => member.generated);
    expect(generated.length).to.be.greaterThan(40);
    expect(new Set(universe.map(({ symbol }) => symbol)).size).to.equal(universe.length);
    expect(new Set(universe.map(({ sector }) => sector)).size).to.be.at.least(10);
    expect(generated.filter(({ sector }) => sector === "FINANCIAL SERVICES").length).to.be.at.least(5);
    const losing = generated.filter(({ symbol }) => (company(symbol).reportsBy(day).annual[0]?.eps ?? 0) < 0);
    expect(losing.length).to.be.within(6, 20);
    for (const { symbol } of generated) expect(company(symbol).profile.description).to.match(/^Generated/);
  });

  it("have books that add up, in every year and quarter", () => {
    for (const { symbol } of universe) {
      const { annual, quarterly } = company(symbol).reportsBy(day);
      expect([annual.length, quarterly.length], symbol).to.deep.equal([5, 20]);
      for (const { balance, fiscalDateEnding } of [...annual, ...quarterly]) {
        const what = `${symbol} ${fiscalDateEnding}`;
        const [assets, liabilities] = [balance.totalAssets, balance.totalLiabilities];
        const equity = defined(balance.totalShareholderEquity, what);
        const others = defined(assets, what) - defined(liabilities, what) - equity;
        if (company(symbol).profile.generated) expect(others, what).to.equal(0);
        // What belongs to others than the shareholders is left out of the provider's answers.
        else expect(others, what).to.be.within(0, defined(assets, what) * 0.025);
        expect(defined(balance.cashAndCashEquivalentsAtCarryingValue, what), what).to.be.greaterThan(0);
        expect(defined(balance.commonStockSharesOutstanding, what), what).to.be.greaterThan(0);
        if (balance.totalCurrentAssets === undefined) continue;
        expect(balance.totalCurrentAssets + defined(balance.totalNonCurrentAssets, what), what).to.equal(assets);
        const current = defined(balance.totalCurrentLiabilities, what);
        expect(current + defined(balance.totalNonCurrentLiabilities, what), what).to.equal(liabilities);
      }
    }
  });

  it("that are generated have a cash flow which is the change in cash, and earnings per share that follow", () => {
    for (const { symbol, generated } of universe) {
      if (!generated) continue;
      const { quarterly } = company(symbol).reportsBy(day);
      for (const [at, { balance, cashFlow, income, eps, fiscalDateEnding }] of quarterly.entries()) {
        const what = `${symbol} ${fiscalDateEnding}`;
        const change = defined(cashFlow.changeInCashAndCashEquivalents, what);
        const flows = [cashFlow.operatingCashflow, cashFlow.cashflowFromInvestment, cashFlow.cashflowFromFinancing];
        expect(sum(flows), what).to.equal(change);
        const shares = defined(balance.commonStockSharesOutstanding, what);
        expect(eps, what).to.be.closeTo(defined(income.netIncome, what) / shares, 0.00501);
        expect(defined(cashFlow.capitalExpenditures, what), what).to.be.at.least(0);
        const before = quarterly[at + 1]?.balance;
        if (!before) continue;
        const cash = defined(balance.cashAndCashEquivalentsAtCarryingValue, what);
        expect(cash - defined(before.cashAndCashEquivalentsAtCarryingValue, what), what).to.equal(change);
        if (cashFlow.changeInReceivables === undefined) continue;
        const grown = defined(balance.currentNetReceivables, what) - defined(before.currentNetReceivables, what);
        expect(grown, what).to.equal(cashFlow.changeInReceivables);
      }
    }
  });

  it("have quarters that sum up to the year, which ends with its last quarter's balance", () => {
    for (const { symbol } of universe) {
      const years = fullYears(symbol);
      expect(years.length, symbol).to.be.at.least(4);
      for (const [year, quarters] of years) {
        const what = `${symbol} ${year.fiscalDateEnding}`;
        for (const field of ["totalRevenue", "netIncome", "incomeTaxExpense"] as const) {
          expect(sum(quarters.map(({ income }) => income[field])), `${what} ${field}`).to.equal(year.income[field]);
        }
        for (const field of ["operatingCashflow", "cashflowFromFinancing", "dividendPayout"] as const) {
          expect(sum(quarters.map(({ cashFlow }) => cashFlow[field])), `${what} ${field}`).to.equal(
            year.cashFlow[field] ?? 0,
          );
        }
        expect(quarters[0]?.balance, what).to.deep.equal(year.balance);
      }
    }
  });

  it("never change what they once reported, however late or early one looks", () => {
    for (const { symbol, generated } of universe) {
      if (!generated) continue;
      const fresh = companiesFrom("signal9")(symbol);
      const now = fresh.reportsBy(day);
      const later = fresh.reportsBy("2027-08-28");
      const fromLater = companiesFrom("signal9")(symbol);
      fromLater.reportsBy("2027-08-28");
      expect(fromLater.reportsBy(day)).to.deep.equal(now);
      expect(later.quarterly.slice(4)).to.deep.equal(now.quarterly.slice(0, 16));
    }
  });

  it("report on every weekday of the year, one or another of them", () => {
    expect(generatedCompanies.length).to.equal(3 * slots);
    const reported = new Set(
      generatedCompanies.flatMap(([symbol]) =>
        company(symbol)
          .dueBetween("2024-01-01", "2027-12-31")
          .map(({ reportedDate }) => reportedDate),
      ),
    );
    for (let at = "2024-01-01"; at <= "2027-12-31"; at = addDays(at, 1)) {
      const weekend = [0, 6].includes(new Date(at).getUTCDay());
      expect(reported.has(at), at).to.equal(!weekend);
    }
  });
});

describe("the published figures", () => {
  const million = 1_000_000;
  /** Published in millions that are rounded one by one, a sum may be one off. */
  const off = 1 * million;

  for (const published of publishedCompanies) {
    it(`of ${published.symbol} agree with each other`, () => {
      const years = annualStatements(published);
      expect(years).to.have.length(5);
      for (const [at, { income, balance, cashFlow, fiscalDateEnding: what }] of years.entries()) {
        const others = (published.noncontrollingInterest?.[at] ?? 0) * million;
        const claims = sum([balance.totalLiabilities, balance.totalShareholderEquity]) + others;
        expect(balance.totalAssets, what).to.be.closeTo(claims, published.symbol === "IBM" ? off : 0);
        const flows = [
          cashFlow.operatingCashflow,
          cashFlow.cashflowFromInvestment,
          cashFlow.cashflowFromFinancing,
          cashFlow.changeInExchangeRate,
        ];
        expect(sum(flows), what).to.be.closeTo(defined(cashFlow.changeInCashAndCashEquivalents, what), off);
        const taxed = defined(income.incomeBeforeTax, what) - defined(income.incomeTaxExpense, what);
        expect(taxed, what).to.be.closeTo(defined(income.netIncomeFromContinuingOperations, what), off);
        const shares = defined(balance.commonStockSharesOutstanding, what);
        // Diluted, without preferred dividends, and by the average of the year: near the plain quotient, which finds a slip of the pen.
        const plain = defined(income.netIncome, what) / shares;
        expect(published.dilutedEps[at], what).to.be.closeTo(plain, Math.abs(plain) * 0.08);
        if (income.grossProfit === undefined) continue;
        const gross = sum([income.totalRevenue]) - sum([income.costOfRevenue]);
        expect(income.grossProfit, what).to.be.closeTo(gross, off);
        if (income.operatingIncome === undefined) continue;
        expect(income.operatingIncome, what).to.equal(income.grossProfit - defined(income.operatingExpenses, what));
      }
    });
  }

  it("of Apple's parts add up too", () => {
    const apple = company("AAPL").reportsBy(day).annual;
    for (const { income, balance, fiscalDateEnding: what } of apple) {
      expect(sum([income.operatingIncome, income.otherNonOperatingIncome]), what).to.equal(income.incomeBeforeTax);
      const current = [
        balance.currentAccountsPayable,
        balance.otherCurrentLiabilities,
        balance.deferredRevenue,
        balance.currentDebt,
      ];
      expect(sum(current), what).to.equal(balance.totalCurrentLiabilities);
      expect(sum([balance.longTermDebt, balance.otherNonCurrentLiabilities]), what).to.equal(
        balance.totalNonCurrentLiabilities,
      );
    }
  });
});

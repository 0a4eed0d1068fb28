import type { Company, Reports } from "../companies/company";
import { type Statement, together } from "../companies/statement";
import { addDays, type Day } from "../days";
import { randomOf } from "../random";
import { money, ratio, text } from "./text";

/** What cannot be said of a company that makes a loss: this endpoint writes a dash. */
const dash = "-";

const lastFourQuarters = ({ annual, quarterly }: Reports): Statement | undefined => {
  const [last, ...earlier] = quarterly.slice(0, 4).reverse();
  const [year] = annual;
  if (!last) return undefined;
  const sum = together([last, ...earlier]);
  return year?.fiscalDateEnding === sum.fiscalDateEnding ? { ...sum, eps: year.eps } : sum;
};

const growth = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined || before === undefined || before <= 0 ? undefined : now / before - 1;

const times = (value: number, of: number | undefined): number | undefined =>
  of === undefined || of <= 0 ? undefined : value / of;

/** What analysts and owners are said to think: made up, and so only for companies that are. */
const opinions = (company: Company, price: number, shares: number, day: Day) => {
  const random = randomOf(company.profile.symbol, "opinions", day.slice(0, 7));
  const none = !company.profile.generated;
  const votes = (most: number): string => (none ? "None" : String(random.integer(0, most)));
  return {
    AnalystTargetPrice: money(none ? undefined : price * random.between(0.9, 1.3)),
    AnalystRatingStrongBuy: votes(8),
    AnalystRatingBuy: votes(12),
    AnalystRatingHold: votes(10),
    AnalystRatingSell: votes(3),
    AnalystRatingStrongSell: votes(1),
    SharesFloat: text(none ? undefined : Math.round(shares * random.between(0.8, 0.99))),
    PercentInsiders: ratio(none ? undefined : random.between(0.1, 15)),
    PercentInstitutions: ratio(none ? undefined : random.between(30, 90)),
  };
};

/** Answers OVERVIEW. Undefined for a company that has reported nothing yet. */
export const overviewAnswer = (company: Company, day: Day): Record<string, string> | undefined => {
  const { profile } = company;
  const reports = company.reportsBy(day);
  const year = lastFourQuarters(reports);
  const [latest] = reports.quarterly;
  if (!year || !latest) return undefined;
  const yearAgo = reports.quarterly[4];
  const { income, balance, eps } = year;
  const { price, dividendPerShare, chart } = company.quotationOn(day);
  const shares = balance.commonStockSharesOutstanding ?? 0;
  const { totalRevenue = 0, netIncome = 0 } = income;
  const equity = balance.totalShareholderEquity ?? 0;
  const capitalization = price * shares;
  const enterpriseValue =
    capitalization + (balance.shortLongTermDebtTotal ?? 0) - (balance.cashAndCashEquivalentsAtCarryingValue ?? 0);
  const priceToEarnings = times(price, eps);
  const opinion = opinions(company, price, shares, day);
  return {
    Symbol: profile.symbol,
    AssetType: "Common Stock",
    Name: profile.name,
    Description: profile.description,
    CIK: profile.cik,
    Exchange: profile.exchange,
    Currency: "USD",
    Country: "USA",
    Sector: profile.sector,
    Industry: profile.industry,
    Address: "None",
    OfficialSite: "None",
    FiscalYearEnd: profile.fiscalYearEnd,
    LatestQuarter: latest.fiscalDateEnding,
    MarketCapitalization: text(Math.round(capitalization)),
    EBITDA: text(income.ebitda),
    PERatio: ratio(priceToEarnings),
    PEGRatio: dash,
    BookValue: money(equity / shares),
    DividendPerShare: dividendPerShare > 0 ? money(dividendPerShare) : "None",
    DividendYield: dividendPerShare > 0 ? text(Number((dividendPerShare / price).toFixed(4))) : "None",
    EPS: text(eps),
    RevenuePerShareTTM: money(totalRevenue / shares),
    ProfitMargin: ratio(times(netIncome, totalRevenue)),
    OperatingMarginTTM: ratio(
      income.operatingIncome === undefined ? undefined : times(income.operatingIncome, totalRevenue),
    ),
    ReturnOnAssetsTTM: ratio(times(netIncome, balance.totalAssets)),
    ReturnOnEquityTTM: ratio(times(netIncome, equity)),
    RevenueTTM: text(totalRevenue),
    GrossProfitTTM: text(income.grossProfit),
    DilutedEPSTTM: text(eps),
    QuarterlyEarningsGrowthYOY: ratio(growth(latest.eps, yearAgo?.eps)),
    QuarterlyRevenueGrowthYOY: ratio(growth(latest.income.totalRevenue, yearAgo?.income.totalRevenue)),
    AnalystTargetPrice: opinion.AnalystTargetPrice,
    AnalystRatingStrongBuy: opinion.AnalystRatingStrongBuy,
    AnalystRatingBuy: opinion.AnalystRatingBuy,
    AnalystRatingHold: opinion.AnalystRatingHold,
    AnalystRatingSell: opinion.AnalystRatingSell,
    AnalystRatingStrongSell: opinion.AnalystRatingStrongSell,
    TrailingPE: priceToEarnings === undefined ? dash : ratio(priceToEarnings),
    ForwardPE: priceToEarnings === undefined || !profile.generated ? dash : ratio(priceToEarnings * 0.93),
    PriceToSalesRatioTTM: ratio(times(capitalization, totalRevenue)),
    PriceToBookRatio: ratio(times(capitalization, equity)),
    EVToRevenue: ratio(times(enterpriseValue, totalRevenue)),
    EVToEBITDA: ratio(times(enterpriseValue, income.ebitda)),
    Beta: ratio(chart?.beta),
    "52WeekHigh": money(chart?.high),
    "52WeekLow": money(chart?.low),
    "50DayMovingAverage": money(chart?.average50),
    "200DayMovingAverage": money(chart?.average200),
    SharesOutstanding: text(shares),
    SharesFloat: opinion.SharesFloat,
    PercentInsiders: opinion.PercentInsiders,
    PercentInstitutions: opinion.PercentInstitutions,
    DividendDate: dividendPerShare > 0 && profile.generated ? addDays(latest.reportedDate, 30) : "None",
    ExDividendDate: dividendPerShare > 0 && profile.generated ? addDays(latest.reportedDate, 16) : "None",
  };
};

/** Answers as AlphaVantage writes them: every value is text. */

export const incomeReport = (fiscalDateEnding: string, changes: Record<string, unknown> = {}) => ({
  fiscalDateEnding,
  reportedCurrency: "USD",
  grossProfit: "180683000000",
  totalRevenue: "391035000000",
  costofGoodsAndServicesSold: "210352000000",
  interestExpense: "None",
  netIncome: "93736000000",
  ...changes,
});

export const incomeAnswer = (changes: Record<string, unknown> = {}) => ({
  symbol: "AAPL",
  annualReports: [incomeReport("2024-09-28"), incomeReport("2023-09-30")],
  quarterlyReports: [incomeReport("2024-12-28")],
  ...changes,
});

export const earningsAnswer = (changes: Record<string, unknown> = {}) => ({
  symbol: "AAPL",
  annualEarnings: [{ fiscalDateEnding: "2024-09-28", reportedEPS: "6.75" }],
  quarterlyEarnings: [
    {
      fiscalDateEnding: "2024-09-28",
      reportedDate: "2024-10-31",
      reportedEPS: "1.64",
      estimatedEPS: "1.6",
      surprise: "0.04",
      surprisePercentage: "2.5",
      reportTime: "post-market",
    },
  ],
  ...changes,
});

export const overviewAnswer = (changes: Record<string, unknown> = {}) => ({
  Symbol: "IBM",
  AssetType: "Common Stock",
  Name: "International Business Machines",
  Description: "Makes big machines.",
  CIK: "51143",
  Exchange: "NYSE",
  Currency: "USD",
  Country: "USA",
  Sector: "TECHNOLOGY",
  Industry: "COMPUTER & OFFICE EQUIPMENT",
  FiscalYearEnd: "December",
  LatestQuarter: "2026-09-30",
  MarketCapitalization: "210000000000",
  EBITDA: "14000000000",
  PERatio: "23.4",
  PEGRatio: "None",
  EPS: "-9.1",
  DilutedEPSTTM: "9",
  EVToRevenue: "3.9",
  EVToEBITDA: "15.2",
  AnalystRatingStrongBuy: "4",
  "52WeekHigh": "237.4",
  "200DayMovingAverage": "201.1",
  DividendDate: "2026-12-10",
  ExDividendDate: "None",
  ...changes,
});

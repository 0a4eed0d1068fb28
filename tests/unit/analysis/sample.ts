import { type Books, openBooks } from "../../../functions/processing/analysis/books";
import type {
  Fundamentals,
  NewsItem,
  Statements,
  StoredReport,
} from "../../../functions/processing/analysis/fundamentals";

type Figures = Record<string, number>;

export const report = (fiscal_date: string, figures: Figures, texts: Record<string, string> = {}): StoredReport => ({
  report_key: `ANNUAL#${fiscal_date}#2024-11-01T00:00:00.000Z`,
  fiscal_date,
  figures,
  texts,
});

export const annual = (byDate: Record<string, Figures>) => ({
  annual: Object.entries(byDate).map(([date, figures]) => report(date, figures)),
  quarterly: [] as StoredReport[],
});

export const quarterly = (byDate: Record<string, Figures>) =>
  Object.entries(byDate).map(([date, figures]) => ({
    ...report(date, figures),
    report_key: `QUARTERLY#${date}#2024-11-01T00:00:00.000Z`,
  }));

export const kinds = {
  manufacturer: { sector: "TECHNOLOGY", industry: "CONSUMER ELECTRONICS" },
  service: { sector: "TRADE & SERVICES", industry: "RETAIL-EATING PLACES" },
  financial: { sector: "FINANCIAL SERVICES", industry: "BANKS - DIVERSIFIED" },
} as const;

export const overview = (figures: Figures, texts: Record<string, string> = kinds.manufacturer): StoredReport => ({
  ...report("2024-09-30", figures, texts),
  report_key: "LATEST#2024-09-30#2024-11-01T00:00:00.000Z",
});

const none = { annual: [], quarterly: [] };

export const fundamentals = (over: Partial<Fundamentals> = {}): Fundamentals => ({
  assetId: "AAPL",
  overview: overview({}),
  income: none,
  balance: none,
  cashFlow: none,
  earnings: none,
  news: [],
  ...over,
});

export const now = Date.parse("2024-12-01T00:00:00Z");

export const books = (over: Partial<Fundamentals> = {}, at = now): Books => openBooks(fundamentals(over), at);

/** Statements that are all in one currency. */
export const statedIn = (reportedCurrency: string, { annual, quarterly }: Statements): Statements => {
  const stated = (reports: readonly StoredReport[]) => reports.map((one) => ({ ...one, texts: { reportedCurrency } }));
  return { annual: stated(annual), quarterly: stated(quarterly) };
};

/** One year of plain figures, for rules that look at one year. */
export const oneYear = (income: Figures, balance: Figures, cashFlow: Figures = {}) => ({
  income: annual({ "2024-09-30": income }),
  balance: annual({ "2024-09-30": balance }),
  cashFlow: annual({ "2024-09-30": cashFlow }),
});

export const article = (report_key: string, published_at: string, relevance: number, sentiment: number): NewsItem => ({
  report_key,
  published_at,
  relevance,
  sentiment,
});

/** Apple's published accounts, in millions of dollars and of shares. */
export const apple = (): Fundamentals =>
  fundamentals({
    overview: overview({
      marketCapitalization: 3_440_000,
      sharesOutstanding: 15_115.823,
      eps: 6.08,
      bookValue: 3.767,
    }),
    income: {
      annual: annual({
        "2024-09-30": {
          totalRevenue: 391_035,
          grossProfit: 180_683,
          operatingIncome: 123_216,
          operatingExpenses: 57_467,
          sellingGeneralAndAdministrative: 26_097,
          ebit: 123_216,
          ebitda: 134_661,
          netIncome: 93_736,
        },
        "2023-09-30": {
          totalRevenue: 383_285,
          grossProfit: 169_148,
          operatingIncome: 114_301,
          operatingExpenses: 54_847,
          sellingGeneralAndAdministrative: 24_932,
          interestExpense: 3_933,
          ebit: 114_301,
          ebitda: 125_820,
          netIncome: 96_995,
        },
        "2022-09-30": { totalRevenue: 394_328, grossProfit: 170_782, netIncome: 99_803 },
      }).annual,
      quarterly: quarterly({ "2024-09-30": { totalRevenue: 94_930 }, "2023-09-30": { totalRevenue: 89_498 } }),
    },
    balance: annual({
      "2024-09-30": {
        totalAssets: 364_980,
        totalCurrentAssets: 152_987,
        totalCurrentLiabilities: 176_392,
        totalLiabilities: 308_030,
        totalShareholderEquity: 56_950,
        retainedEarnings: -19_154,
        longTermDebt: 85_750,
        shortLongTermDebtTotal: 106_629,
        cashAndShortTermInvestments: 65_171,
        propertyPlantEquipment: 45_680,
        currentNetReceivables: 66_243,
        commonStockSharesOutstanding: 15_116.786,
      },
      "2023-09-30": {
        totalAssets: 352_583,
        totalCurrentAssets: 143_566,
        totalCurrentLiabilities: 145_308,
        totalLiabilities: 290_437,
        totalShareholderEquity: 62_146,
        retainedEarnings: -214,
        longTermDebt: 95_281,
        shortLongTermDebtTotal: 111_088,
        cashAndShortTermInvestments: 61_555,
        propertyPlantEquipment: 43_715,
        currentNetReceivables: 60_985,
        commonStockSharesOutstanding: 15_550.061,
      },
      "2022-09-30": {
        totalAssets: 352_755,
        totalCurrentAssets: 135_405,
        totalCurrentLiabilities: 153_982,
        totalShareholderEquity: 50_672,
        longTermDebt: 98_959,
        commonStockSharesOutstanding: 15_943.425,
      },
    }),
    cashFlow: annual({
      "2024-09-30": {
        operatingCashflow: 118_254,
        capitalExpenditures: 9_447,
        cashflowFromInvestment: 2_935,
        depreciationDepletionAndAmortization: 11_445,
      },
      "2023-09-30": {
        operatingCashflow: 110_543,
        capitalExpenditures: 10_959,
        cashflowFromInvestment: 3_705,
        depreciationDepletionAndAmortization: 11_519,
      },
    }),
    earnings: annual({ "2024-09-30": { reportedEPS: 6.08 }, "2023-09-30": { reportedEPS: 6.13 } }),
    news: [article("n1", "2024-11-30T10:00:00.000Z", 0.9, 0.25), article("n2", "2024-11-21T10:00:00.000Z", 0.4, -0.1)],
  });

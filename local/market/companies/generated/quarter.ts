import type { Random } from "../../random";
import { type CashFlowField, type Figures, type IncomeField, perShare, type Statement } from "../statement";
import { type Books, balanceOf, rounded, workingCapital } from "./books";
import type { Traits } from "./traits";

export type Figured = Omit<Statement, "fiscalDateEnding">;

/** What the market would pay for a share: a multiple of the trend's revenue. */
export const fairPrice = (traits: Traits, { trend, shares }: Pick<Books, "trend" | "shares">): number =>
  Math.max(0.5, (trend * 4 * traits.priceToSales) / shares);

const slowestGrowth = 0.02;
/** Nobody grows for ever as in the beginning. */
const growthIn = ({ growth }: Traits, quarter: number): number => {
  const slowed = growth * 0.97 ** quarter;
  return growth > slowestGrowth ? Math.max(slowestGrowth, slowed) : growth;
};

const operate = (books: Books, traits: Traits, quarter: number, random: Random) => {
  const chance = (): number => random.between(-1, 1);
  const trend = books.trend * (1 + growthIn(traits, quarter) / 4);
  const cycle = Math.sin(traits.cycleStart + (2 * Math.PI * quarter) / traits.cycleLength);
  const season = traits.season[quarter % 4] ?? 1;
  const revenue = rounded(trend * season * (1 + traits.swing * (cycle + chance())));
  const cost = rounded(revenue * (1 - traits.grossMargin - traits.swing * 0.4 * cycle - 0.01 * chance()));
  // Staff is paid by the trend: a weak quarter falls on the profit.
  const selling = rounded(trend * traits.sellingAndAdministration * (1 + 0.03 * chance()));
  const research = rounded(trend * traits.research * (1 + 0.05 * chance()));
  const depreciation = rounded(books.plant / (traits.assetLife * 4));
  const amortisation = rounded(books.intangibles / 40);
  const interestIncome = rounded((books.cash + books.shortTermInvestments + books.longTermInvestments) * 0.007);
  const interestExpense = rounded((books.debt * traits.interestRate) / 4);
  const other = rounded(revenue * 0.004 * chance());
  const grossProfit = revenue - cost;
  const operatingIncome = grossProfit - selling - research;
  const beforeTax = operatingIncome + interestIncome - interestExpense + other;
  const tax = beforeTax > 0 ? rounded(beforeTax * traits.taxRate) : 0;
  const netIncome = beforeTax - tax;
  const ebit = beforeTax + interestExpense;
  const income: Figures<IncomeField> = {
    grossProfit,
    totalRevenue: revenue,
    costOfRevenue: cost,
    costofGoodsAndServicesSold: cost,
    operatingIncome,
    sellingGeneralAndAdministrative: selling,
    ...(traits.research > 0 && { researchAndDevelopment: research }),
    operatingExpenses: selling + research,
    netInterestIncome: interestIncome - interestExpense,
    interestIncome,
    interestExpense,
    otherNonOperatingIncome: other,
    depreciation,
    depreciationAndAmortization: depreciation + amortisation,
    incomeBeforeTax: beforeTax,
    incomeTaxExpense: tax,
    interestAndDebtExpense: interestExpense,
    netIncomeFromContinuingOperations: netIncome,
    ebit,
    ebitda: ebit + depreciation + amortisation,
    netIncome,
  };
  return { income, trend, revenue, cost, depreciation, amortisation, netIncome, paidInShares: rounded(selling * 0.05) };
};

type Operated = ReturnType<typeof operate>;

const operatingCashflow = (books: Books, bound: ReturnType<typeof workingCapital>, quarter: Operated): number =>
  quarter.netIncome +
  quarter.depreciation +
  quarter.amortisation +
  quarter.paidInShares -
  (bound.receivables - books.receivables) -
  (bound.inventory - books.inventory) -
  (bound.otherCurrentAssets - books.otherCurrentAssets) +
  (bound.payables - books.payables) +
  (bound.deferredRevenue - books.deferredRevenue) +
  (bound.otherCurrentLiabilities - books.otherCurrentLiabilities);

/** What is done about too little or too much cash. `sold` are investments that turn into cash; below 0 they are bought. */
const balanceCash = (cash: number, books: Books, traits: Traits, revenue: number) => {
  const wanted = revenue * traits.cashQuarters;
  const nothing = { sold: 0, borrowed: 0, issued: 0, boughtBack: 0 };
  if (cash < wanted * 0.6) {
    const sold = Math.min(books.shortTermInvestments, rounded(wanted - cash));
    const missing = Math.max(0, rounded(wanted - cash) - sold);
    return traits.livesOnNewShares ? { ...nothing, sold, issued: missing } : { ...nothing, sold, borrowed: missing };
  }
  if (cash <= wanted * 1.4) return nothing;
  const excess = cash - wanted;
  const repaid = rounded(Math.min(books.debt * 0.1, excess * 0.3));
  return { ...nothing, borrowed: -repaid, boughtBack: rounded(excess * 0.25), sold: -rounded(excess * 0.35) };
};

/** A company's next quarter: every change of the balance is in the income or in the cash flow, so that both tie up. */
export const nextQuarter = (
  books: Books,
  traits: Traits,
  quarter: number,
  random: Random,
): { books: Books; figures: Figured } => {
  const operated = operate(books, traits, quarter, random);
  const { revenue, netIncome, income } = operated;
  const bound = workingCapital(traits, revenue, operated.cost);
  const earned = operatingCashflow(books, bound, operated);
  const spent = rounded(revenue * traits.capitalExpenditure * random.between(0.85, 1.15));
  const acquired =
    random.chance(0.04) && books.cash > revenue * 0.4 && !traits.livesOnNewShares ? rounded(revenue * 0.15) : 0;
  const goodwill = rounded(acquired * 0.6);
  const dividends = netIncome > 0 ? rounded(netIncome * traits.payout) : 0;
  const beforeFinancing = books.cash + earned - spent - acquired - dividends;
  const { sold, borrowed, issued, boughtBack } = balanceCash(beforeFinancing, books, traits, revenue);
  const longTerm = sold < 0 ? rounded(sold * 0.4) : 0;
  const invested = -spent - acquired + sold;
  const financed = borrowed + issued - dividends - boughtBack;
  const price = fairPrice(traits, { trend: operated.trend, shares: books.shares });
  const after: Books = {
    ...books,
    ...bound,
    cash: books.cash + earned + invested + financed,
    shortTermInvestments: books.shortTermInvestments - (sold - longTerm),
    longTermInvestments: books.longTermInvestments - longTerm,
    plant: books.plant + spent - operated.depreciation,
    goodwill: books.goodwill + goodwill,
    intangibles: books.intangibles + acquired - goodwill - operated.amortisation,
    debt: books.debt + borrowed,
    paidIn: books.paidIn + operated.paidInShares + issued,
    retained: books.retained + netIncome - dividends - boughtBack,
    shares: books.shares + Math.round((issued + operated.paidInShares - boughtBack) / price / 1_000) * 1_000,
    trend: operated.trend,
  };
  const cashFlow: Figures<CashFlowField> = {
    operatingCashflow: earned,
    depreciationDepletionAndAmortization: operated.depreciation + operated.amortisation,
    capitalExpenditures: spent,
    changeInReceivables: bound.receivables - books.receivables,
    changeInInventory: bound.inventory - books.inventory,
    profitLoss: netIncome,
    cashflowFromInvestment: invested,
    cashflowFromFinancing: financed,
    paymentsForRepurchaseOfCommonStock: boughtBack,
    paymentsForRepurchaseOfEquity: boughtBack,
    dividendPayout: dividends,
    dividendPayoutCommonStock: dividends,
    proceedsFromIssuanceOfCommonStock: issued,
    changeInCashAndCashEquivalents: earned + invested + financed,
    netIncome,
  };
  return {
    books: after,
    figures: { income, balance: balanceOf(after), cashFlow, eps: perShare(netIncome, after.shares) },
  };
};

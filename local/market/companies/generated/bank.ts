import type { Random } from "../../random";
import { type BalanceField, type CashFlowField, type Figures, type IncomeField, perShare } from "../statement";
import { rounded } from "./books";
import type { Figured } from "./quarter";

/** A bank lends what is deposited with it. It has neither current assets nor a gross profit. */
export interface BankBooks {
  cash: number;
  securities: number;
  loans: number;
  plant: number;
  goodwill: number;
  deposits: number;
  debt: number;
  paidIn: number;
  retained: number;
  shares: number;
}

export interface BankTraits {
  loans: number;
  growth: number;
  loanRate: number;
  depositRate: number;
  /** Fees, of the loans a year. */
  fees: number;
  /** Expenses, of the net revenue. */
  costs: number;
  /** Of the loans a year, in an ordinary one. */
  lossRate: number;
  payout: number;
  taxRate: number;
  priceToBook: number;
  shares: number;
  cycleStart: number;
}

const million = 1_000_000;

export const bankTraits = (random: Random): BankTraits => {
  const loans = random.between(4_000, 90_000) * million;
  return {
    loans,
    growth: random.between(0, 0.07),
    loanRate: random.between(0.045, 0.065),
    depositRate: random.between(0.008, 0.02),
    fees: random.between(0.008, 0.016),
    costs: random.between(0.55, 0.68),
    lossRate: random.between(0.002, 0.006),
    payout: random.between(0.25, 0.4),
    taxRate: random.between(0.18, 0.24),
    priceToBook: random.between(0.8, 1.6),
    shares: Math.round((loans * 0.16) / random.between(20, 90) / 1_000) * 1_000,
    cycleStart: random.between(0, 2 * Math.PI),
  };
};

const assets = ({ cash, securities, loans, plant, goodwill }: BankBooks): number =>
  cash + securities + loans + plant + goodwill;

export const openingBankBooks = (traits: BankTraits): BankBooks => {
  const loans = rounded(traits.loans);
  const empty: BankBooks = {
    cash: rounded(loans * 0.13),
    securities: rounded(loans * 0.3),
    loans,
    plant: rounded(loans * 0.01),
    goodwill: rounded(loans * 0.015),
    deposits: rounded(loans * 1.15),
    debt: rounded(loans * 0.12),
    paidIn: 0,
    retained: 0,
    shares: traits.shares,
  };
  const equity = assets(empty) - empty.deposits - empty.debt;
  const paidIn = rounded(equity * 0.45);
  return { ...empty, paidIn, retained: equity - paidIn };
};

const balanceOf = (books: BankBooks): Figures<BalanceField> => ({
  totalAssets: assets(books),
  cashAndCashEquivalentsAtCarryingValue: books.cash,
  propertyPlantEquipment: books.plant,
  goodwill: books.goodwill,
  longTermInvestments: books.securities,
  totalLiabilities: books.deposits + books.debt,
  longTermDebt: books.debt,
  longTermDebtNoncurrent: books.debt,
  shortLongTermDebtTotal: books.debt,
  totalShareholderEquity: books.paidIn + books.retained,
  retainedEarnings: books.retained,
  commonStock: books.paidIn,
  commonStockSharesOutstanding: books.shares,
});

/** The worst of the cycle costs several times the losses of an ordinary year. */
const lossesIn = (traits: BankTraits, quarter: number): number =>
  traits.lossRate * (1 + 4 * Math.max(0, Math.sin(traits.cycleStart + (2 * Math.PI * quarter) / 28)) ** 6);

const operate = (books: BankBooks, traits: BankTraits, quarter: number, random: Random) => {
  const wobble = (): number => random.between(0.97, 1.03);
  const interestIncome = rounded(
    ((books.loans * traits.loanRate + (books.securities + books.cash) * 0.025) / 4) * wobble(),
  );
  const interestExpense = rounded(((books.deposits * traits.depositRate + books.debt * 0.04) / 4) * wobble());
  const net = interestIncome - interestExpense;
  const fees = rounded(((books.loans * traits.fees) / 4) * wobble());
  const provision = rounded(((books.loans * lossesIn(traits, quarter)) / 4) * wobble());
  const expenses = rounded((net + fees) * traits.costs * wobble());
  const beforeTax = net + fees - provision - expenses;
  const tax = beforeTax > 0 ? rounded(beforeTax * traits.taxRate) : 0;
  const netIncome = beforeTax - tax;
  const depreciation = rounded(books.plant / 60);
  const income: Figures<IncomeField> = {
    totalRevenue: net + fees,
    netInterestIncome: net,
    interestIncome,
    interestExpense,
    nonInterestIncome: fees,
    operatingExpenses: expenses,
    depreciationAndAmortization: depreciation,
    incomeBeforeTax: beforeTax,
    incomeTaxExpense: tax,
    netIncomeFromContinuingOperations: netIncome,
    netIncome,
  };
  return { income, netIncome, provision, depreciation };
};

export const bookValue = ({ paidIn, retained, shares }: BankBooks): number => (paidIn + retained) / shares;

export const nextBankQuarter = (
  books: BankBooks,
  traits: BankTraits,
  quarter: number,
  random: Random,
): { books: BankBooks; figures: Figured } => {
  const { income, netIncome, provision, depreciation } = operate(books, traits, quarter, random);
  const growth = traits.growth / 4 + random.between(-0.004, 0.004);
  const lent = rounded(books.loans * growth) + provision;
  const deposited = rounded(books.deposits * growth);
  const borrowed = rounded(books.debt * growth);
  const dividends = netIncome > 0 ? rounded(netIncome * traits.payout) : 0;
  const boughtBack = netIncome > 0 ? rounded(netIncome * 0.3) : 0;
  const operating = netIncome + provision + depreciation;
  const financed = deposited + borrowed - dividends - boughtBack;
  // What is left over goes into securities, so that cash keeps pace with the deposits.
  const bought = books.cash + operating - lent - depreciation + financed - rounded(books.deposits * 0.11);
  const invested = -lent - depreciation - bought;
  const price = Math.max(1, bookValue(books) * traits.priceToBook);
  const after: BankBooks = {
    ...books,
    cash: books.cash + operating + invested + financed,
    securities: books.securities + bought,
    loans: books.loans + lent - provision,
    deposits: books.deposits + deposited,
    debt: books.debt + borrowed,
    retained: books.retained + netIncome - dividends - boughtBack,
    shares: books.shares - Math.round(boughtBack / price / 1_000) * 1_000,
  };
  const cashFlow: Figures<CashFlowField> = {
    operatingCashflow: operating,
    depreciationDepletionAndAmortization: depreciation,
    // What wears out is replaced.
    capitalExpenditures: depreciation,
    profitLoss: netIncome,
    cashflowFromInvestment: invested,
    cashflowFromFinancing: financed,
    paymentsForRepurchaseOfCommonStock: boughtBack,
    dividendPayout: dividends,
    changeInCashAndCashEquivalents: operating + invested + financed,
    netIncome,
  };
  return {
    books: after,
    figures: { income, balance: balanceOf(after), cashFlow, eps: perShare(netIncome, after.shares) },
  };
};

import { expect } from "chai";
import { beneish, beneishM } from "../../../functions/processing/analysis/beneish";
import { openBooks } from "../../../functions/processing/analysis/books";
import { computed, refused } from "./outcome";
import { annual, apple, books, now } from "./sample";

/** In the order in which the published examples list them. */
const year = (
  receivables: number,
  currentAssets: number,
  plant: number,
  assets: number,
  currentLiabilities: number,
  longTermDebt: number,
  sales: number,
  costOfSales: number,
  sellingExpenses: number,
  netIncome: number,
  operatingCashflow: number,
  depreciation: number,
) => ({
  income: {
    totalRevenue: sales,
    grossProfit: sales - costOfSales,
    sellingGeneralAndAdministrative: sellingExpenses,
    netIncome,
  },
  balance: {
    currentNetReceivables: receivables,
    totalCurrentAssets: currentAssets,
    propertyPlantEquipment: plant,
    totalAssets: assets,
    totalCurrentLiabilities: currentLiabilities,
    longTermDebt,
  },
  cashFlow: { operatingCashflow, depreciationDepletionAndAmortization: depreciation },
});
type Year = ReturnType<typeof year>;

const over = (ends: string, now: Year, before: Year) => {
  const then = `${Number(ends.slice(0, 4)) - 1}${ends.slice(4)}`;
  const both = (part: keyof Year) => annual({ [ends]: now[part], [then]: before[part] });
  const company = { income: both("income"), balance: both("balance"), cashFlow: both("cashFlow") };
  return beneish(books(company, Date.parse(ends) + 60 * 86_400_000));
};

/** As originally reported; from the exhibit in Wahlen, Baginski and Bradshaw's textbook. */
const enron = {
  1999: year(3030, 7255, 10681, 33381, 6759, 7151, 40112, 34761, 3045, 1024, 1228, 565),
  2000: year(10396, 30381, 11743, 65503, 28406, 8550, 100789, 94517, 3184, 979, 4779, 485),
};

describe("Beneish's M-score", () => {
  it("flags Enron's 2000 at about -0.6, as Portfolio123 does", () => {
    const score = computed(over("2000-12-31", enron[2000], enron[1999]));
    expect(score.value).to.be.closeTo(-0.6, 0.1);
    expect(score).to.include({ score: 0, verdict: "unfavourable" });
    expect(score.reason).to.equal(
      "M of -0.54 for the year to 2000-12-31 is above -1.78: profits may have been manipulated.",
    );
  });

  it("comes from the indices of ShookRun's sheet for Jean Philippe Fragrances, 1996", () => {
    const published = {
      receivables: 1.164,
      grossMargin: 1.068,
      assetQuality: 0.753,
      salesGrowth: 0.996,
      depreciation: 0.838,
      sellingExpenses: 0.987,
      accruals: -0.027,
      leverage: 0.977,
    };
    const score = over(
      "1996-12-31",
      year(1124, 72726, 1734, 85585, 26158, 485, 93281, 51355, 32416, 5658, 7975, 1597),
      year(970, 67539, 1970, 84001, 26176, 596, 93669, 48703, 32990, 9038, 2836, 1322),
    );
    expect(computed(score).value).to.be.closeTo(beneishM(published), 0.003);
    expect(computed(score).verdict).to.equal("favourable");
  });

  it("is -2.69 for the indices that GuruFocus gives of Apple's 2014, -2.99 for those of TSR's 2016", () => {
    const apple2014 = {
      receivables: 1.246,
      grossMargin: 0.975,
      assetQuality: 1.0878,
      salesGrowth: 1.0695,
      depreciation: 1.0403,
      sellingExpenses: 1.0354,
      accruals: -0.0853,
      leverage: 1.3615,
    };
    const tsr2016 = {
      receivables: 0.8281,
      grossMargin: 0.9938,
      assetQuality: 0.6864,
      salesGrowth: 1.0626,
      depreciation: 0.7583,
      sellingExpenses: 0.9664,
      accruals: -0.0586,
      leverage: 0.9307,
    };
    expect(beneishM(apple2014)).to.be.closeTo(-2.69, 0.005);
    expect(beneishM(tsr2016)).to.be.closeTo(-2.99, 0.005);
  });

  it("is -2.77 for Apple's accounts of 2024, as GuruFocus publishes it", () =>
    expect(computed(beneish(openBooks(apple(), now))).value).to.be.closeTo(-2.77, 0.005));

  it("is not computed where there was nothing to compare with", () => {
    const before = { ...enron[1999], balance: { ...enron[1999].balance, currentNetReceivables: 0 } };
    expect(refused(over("2000-12-31", enron[2000], before)).missing).to.deep.equal([
      "currentNetReceivables (1999-12-31) above 0",
    ]);
  });

  it("is not computed where the gross margin or the other assets are gone, instead of finding no sign", () => {
    const gone = (now: Partial<Year>, before: Partial<Year> = {}) =>
      refused(over("2000-12-31", { ...enron[2000], ...now }, { ...enron[1999], ...before })).missing;
    const { income, balance } = enron[2000];
    const loss = { income: { ...income, grossProfit: -40_000 } };
    expect(gone(loss)).to.deep.equal(["grossProfit (2000-12-31) above 0"]);
    expect(gone({}, loss)).to.deep.equal(["grossProfit (1999-12-31) above 0"]);
    expect(gone(loss, loss)).to.deep.equal(["grossProfit (1999-12-31) above 0", "grossProfit (2000-12-31) above 0"]);
    const plant = { balance: { ...balance, propertyPlantEquipment: 60_000 } };
    expect(gone(plant)).to.deep.equal(["other non-current assets (2000-12-31) above 0"]);
    expect(gone({}, plant)).to.deep.equal(["other non-current assets (1999-12-31) above 0"]);
  });

  it("names all that it lacks, in a sentence that stays short", () => {
    const { missing, reason } = refused(beneish(books({ income: annual({ "2024-09-30": {} }) })));
    expect(missing).to.have.length(22);
    expect(missing).to.include("totalAssets (balance_sheet the year before 2024-09-30)");
    expect(reason).to.match(/ and 19 more\.$/);
  });
});

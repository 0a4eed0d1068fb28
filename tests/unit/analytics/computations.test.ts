import { expect } from "chai";
import fc from "fast-check";
import { cashFlow as flowOf } from "../../../functions/processing/analytics/cashFlow";
import { categoryTrends as trendsOf } from "../../../functions/processing/analytics/categoryTrends";
import { financialHealth as healthOf } from "../../../functions/processing/analytics/financialHealth";
import { type Month, monthsOf } from "../../../functions/processing/analytics/months";
import { planOf } from "../../../functions/processing/analytics/plan";
import { type Counted, divided, monthAfter, monthsUpTo } from "../../../functions/processing/analytics/sum";

const paid = (date: string, amount: number, categoryId?: string, currency = "EUR"): Counted => ({
  date,
  amount,
  currency,
  categoryId,
});

const from =
  <Figures>(compute: (months: readonly Month[]) => Figures) =>
  (transactions: readonly Counted[]): Figures =>
    compute(monthsOf(transactions.map((one, at) => ({ ...one, transactionId: `t-${at}`, version: 1 }))));
const [cashFlow, categoryTrends, financialHealth] = [from(flowOf), from(trendsOf), from(healthOf)];

const year = [
  paid("2026-01-15", 200_000, "salary"),
  paid("2026-01-20", -50_001, "rent"),
  paid("2026-02-15", 200_000, "salary"),
  paid("2026-02-20", -60_000, "rent"),
  paid("2026-02-21", -1_000),
  paid("2026-04-20", -50_000, "rent"),
  paid("2026-04-21", -700, "rent", "JPY"),
];

const anyBooks = fc.array(
  fc.record({
    date: fc.constantFrom("2025-12-31", "2026-01-01", "2026-02-28", "2026-11-30"),
    amount: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    currency: fc.constantFrom("EUR", "JPY", "KWD"),
    categoryId: fc.constantFrom(undefined, "rent", "food"),
  }),
);

describe("cash flow", () => {
  it("counts what came in and went out, by currency and month, in smallest units", () => {
    expect(cashFlow(year)).to.deep.equal({
      currencies: [
        {
          currency: "EUR",
          months: [
            { month: "2026-01", income: 200_000, expenses: 50_001, net: 149_999, transactions: 2 },
            { month: "2026-02", income: 200_000, expenses: 61_000, net: 139_000, transactions: 3 },
            { month: "2026-04", income: 0, expenses: 50_000, net: -50_000, transactions: 1 },
          ],
        },
        {
          currency: "JPY",
          months: [{ month: "2026-04", income: 0, expenses: 700, net: -700, transactions: 1 }],
        },
      ],
    });
    expect(cashFlow([])).to.deep.equal({ currencies: [] });
  });

  it("adds up to all there is, in whatever order it is read", () => {
    fc.assert(
      fc.property(anyBooks, (books) => {
        const flow = cashFlow(books);
        const net = flow.currencies.flatMap(({ months }) => months.map((month) => month.net));
        expect(net.reduce<number>((a, b) => a + Number(b), 0)).to.equal(
          books.reduce((sum, { amount }) => sum + amount, 0),
        );
        expect(cashFlow(books.toReversed())).to.deep.equal(flow);
        expect(categoryTrends(books.toReversed())).to.deep.equal(categoryTrends(books));
        expect(financialHealth(books.toReversed())).to.deep.equal(financialHealth(books));
      }),
    );
  });

  it("tells no sum that could not be exact, and all the others", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const books = [
      paid("2026-01-01", most),
      paid("2026-01-02", most),
      paid("2026-02-01", 100),
      paid("2026-02-02", -40),
    ];
    expect(cashFlow(books).currencies[0]?.months).to.deep.equal([
      { month: "2026-01", income: null, expenses: 0, net: null, transactions: 2 },
      { month: "2026-02", income: 100, expenses: 40, net: 60, transactions: 2 },
    ]);
    expect(financialHealth(books).currencies[0]).to.deep.include({
      meanIncome: null,
      meanExpenses: 20,
      meanNet: null,
      monthsInThePlus: null,
      standing: null,
      noSavingsRate: "the sums are too large to be counted exactly",
    });
    expect(categoryTrends(books).currencies[0]?.categories[0]).to.deep.include({
      latest: 60,
      before: null,
      change: null,
    });
    const lately = categoryTrends([paid("2026-01-01", 5), paid("2026-02-01", most), paid("2026-02-02", most)]);
    expect(lately.currencies[0]?.categories[0]).to.deep.include({ latest: null, before: 5, change: null });
  });
});

describe("category trends", () => {
  it("hold the latest month against the mean of those before it, an empty one among them", () => {
    const [euro, yen] = categoryTrends(year).currencies;
    expect(euro?.latestMonth).to.equal("2026-04");
    expect(
      euro?.categories.map(({ categoryId, latest, before, change }) => [categoryId, latest, before, change]),
    ).to.deep.equal([
      [undefined, 0, -333, 333],
      ["rent", -50_000, -36_667, -13_333],
      ["salary", 0, 133_333, -133_333],
    ]);
    expect(euro?.categories[1]?.months.map(({ month }) => month)).to.deep.equal(["2026-01", "2026-02", "2026-04"]);
    expect(yen?.categories).to.deep.equal([
      { categoryId: "rent", months: [{ month: "2026-04", total: -700, transactions: 1 }], latest: -700 },
    ]);
  });

  it("go two years back and no further", () => {
    const months = categoryTrends([paid("2024-11-30", -1), paid("2024-12-01", -1), paid("2026-11-30", -1)])
      .currencies[0];
    expect(months?.categories[0]?.months.map(({ month }) => month)).to.deep.equal(["2024-12", "2026-11"]);
  });
});

describe("financial health", () => {
  it("judges the last months, those without a transaction among them", () => {
    const [euro, yen] = financialHealth(year).currencies;
    expect(euro).to.deep.equal({
      currency: "EUR",
      from: "2026-01",
      to: "2026-04",
      monthsJudged: 4,
      meanIncome: 100_000,
      meanExpenses: 40_250,
      meanNet: 59_750,
      monthsInThePlus: 2,
      standing: "saving",
      savingsRate: 5_974,
    });
    expect(yen).to.include({
      standing: "overspending",
      noSavingsRate: "there was no income in the months that were judged",
    });
    expect(yen).not.to.have.property("savingsRate");
  });

  it("says how it stands by the sign of what is left, and forgets what is older", () => {
    const standing = (...amounts: number[]) =>
      financialHealth(amounts.map((amount) => paid("2026-06-01", amount))).currencies[0]?.standing;
    expect([standing(5, -4), standing(5, -5), standing(5, -6)]).to.deep.equal(["saving", "even", "overspending"]);
    const [health] = financialHealth([
      paid("2025-12-31", 900),
      paid("2026-01-01", 5),
      paid("2026-06-01", 1),
    ]).currencies;
    expect(health).to.include({ from: "2026-01", monthsJudged: 6, meanIncome: 1, savingsRate: 10_000 });
  });
});

describe("months and shares", () => {
  it("cross the year both ways", () => {
    expect(monthAfter("2026-01", -1)).to.equal("2025-12");
    expect(monthAfter("2025-12", 1)).to.equal("2026-01");
    expect(monthsUpTo("2026-02", 3)).to.deep.equal(["2025-12", "2026-01", "2026-02"]);
  });

  it("are rounded away from zero, the same for what comes and what goes", () => {
    expect([divided(5, 2), divided(-5, 2), divided(4, 3)]).to.deep.equal([3, -3, 1]);
  });
});

describe("the plan of analytics", () => {
  it("has each event's priority and types; an empty list means none", () => {
    const all = ["cash_flow", "category_trends", "financial_health"];
    const plans = {
      "file.processed": [2, all],
      "transactions.created": [2, all],
      "transactions.deleted": [2, all],
      "transaction.updated": [3, ["cash_flow"]],
      "account.created": [3, []],
      "account.updated": [3, []],
      "account.deleted": [1, all],
      "category.rules_applied": [3, ["category_trends"]],
    };
    const asked = (eventType: string, payload: object = {}) =>
      planOf({ eventType, payload } as unknown as Parameters<typeof planOf>[0]);
    for (const [type, [priority, types]] of Object.entries(plans))
      expect(asked(type), type).to.deep.equal({ priority, types });
    expect(asked("file.uploaded")).to.equal(undefined);
    const changes = [{ field: "categoryId", oldValue: null, newValue: "cafe" }];
    expect(asked("transaction.updated", { changes })).to.deep.equal({
      priority: 3,
      types: ["cash_flow", "category_trends"],
    });
  });
});

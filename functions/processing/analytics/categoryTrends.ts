import { type Month, type Summed, summed } from "./months";
import { divided, grouped, minus, monthAfter, monthsUpTo, plus, type Total } from "./sum";

/** How far back trends are told. */
const trendMonths = 24;
/** Against the mean of as many months the latest one is held. */
const comparedMonths = 3;

export interface CategoryTrend {
  /** Absent for transactions that are in none. */
  categoryId?: string;
  /** Only months that have any, oldest first. */
  months: { month: string; total: Total; transactions: number }[];
  latest: Total;
  /** Mean of the months before; absent where the currency has none. */
  before?: Total;
  change?: Total;
}

export interface CategoryTrends {
  currencies: { currency: string; latestMonth: string; categories: CategoryTrend[] }[];
}

/** How many whole months the currency had before its latest one, at most as many as are compared. */
const monthsBefore = (first: string, latest: string): number =>
  monthsUpTo(monthAfter(latest, -1), comparedMonths).filter((month) => month >= first).length;

const trendOf = (categoryId: string, own: readonly Summed[], first: string, latest: string): CategoryTrend => {
  const months = own.map(({ month, income, expenses, transactions }) => ({
    month,
    total: minus(income, expenses),
    transactions,
  }));
  const last = months.find(({ month }) => month === latest);
  const now = last ? last.total : 0;
  const count = monthsBefore(first, latest);
  const since = monthAfter(latest, -count);
  const earlier = months.filter(({ month }) => month >= since && month < latest);
  const before = divided(
    earlier.reduce<Total>((all, { total }) => plus(all, total), 0),
    count,
  );
  return {
    ...(categoryId !== "" && { categoryId }),
    months,
    latest: now,
    ...(count > 0 && { before, change: minus(now, before) }),
  };
};

const trendsOf = (currency: string, own: readonly Summed[]): CategoryTrends["currencies"][number] => {
  const months = own.map(({ month }) => month);
  const [first = "", latest = ""] = [months[0], months.at(-1)];
  const from = monthAfter(latest, 1 - trendMonths);
  const recent = own.filter(({ month }) => month >= from);
  return {
    currency,
    latestMonth: latest,
    categories: grouped(recent, ({ categoryId = "" }) => categoryId).map(([categoryId, ofCategory]) =>
      trendOf(categoryId, ofCategory, first, latest),
    ),
  };
};

/** By currency and category: the last two years month by month, and how the latest month differs from those before it. */
export const categoryTrends = (months: readonly Month[]): CategoryTrends => ({
  currencies: grouped(summed(months), ({ currency }) => currency).map(([currency, own]) => trendsOf(currency, own)),
});

import { type Kind, kindOf } from "./firm";
import type { Fundamentals, NewsItem, StoredReport } from "./fundamentals";
import type { Version } from "./schema";
import { lifetimes } from "./weights";

const dayMs = 86_400_000;

/** A fiscal year or quarter with the reports that there are of it, or the day of the overview. */
export interface Period {
  /** When it ended, as YYYY-MM-DD, or words for a period of which nothing is known. */
  date: string;
  /** From 1, new, to 0, too old to say anything. */
  freshness: number;
  income?: StoredReport | undefined;
  balance?: StoredReport | undefined;
  cashFlow?: StoredReport | undefined;
  earnings?: StoredReport | undefined;
  overview?: StoredReport | undefined;
  /** The same period of the year before. */
  previous?: Period | undefined;
}

/** Periods, newest first, and what to call their absence. */
export interface Shelf {
  periods: readonly Period[];
  lacking: string;
}

/** What is known of a company at one moment, in order: the newest version of each report, and nothing of the future. */
export interface Books {
  kind: Kind | undefined;
  years: Shelf;
  quarters: Shelf;
  latest: Shelf;
  /** In the order of their keys, with the share of their certainty that is left. */
  news: readonly { item: NewsItem; freshness: number }[];
  versions: readonly Version[];
}

type Statement = "income" | "balance" | "cashFlow" | "earnings";

const typeOf = {
  income: "income_statement",
  balance: "balance_sheet",
  cashFlow: "cash_flow",
  earnings: "earnings",
} as const satisfies Record<Statement, Version["type"]>;

/** Two fiscal years end within this many days of a year from each other: they have 52 or 53 weeks, or end with a month. */
const shortestYear = 350;
const longestYear = 380;

const freshnessOf = (moment: number, now: number, lifetimeDays: number): number =>
  Math.max(0, 1 - (now - moment) / dayMs / lifetimeDays);

const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

interface Dated {
  moment: number;
  period: Period;
}

/** Among periods, newest first, from the one after `moment`'s own. */
const yearBefore = (moment: number, periods: readonly Dated[], from: number): Period | undefined => {
  for (let at = from; at < periods.length; at++) {
    const one = periods[at];
    const days = one ? (moment - one.moment) / dayMs : 0;
    if (days > longestYear) break;
    if (days >= shortestYear) return one?.period;
  }
  return undefined;
};

type Lists = Partial<Record<Statement, readonly StoredReport[]>>;

interface Now {
  moment: number;
  day: string;
}

/** How far back a shelf goes: what is too old to say anything, and how many years before that are compared with. */
interface Reach {
  lifetimeDays: number;
  yearsBack: number;
}

const statements = Object.keys(typeOf) as Statement[];

/** Reports by the period that they are about, newest first, with as many older years as a rule may look back to. */
const shelve = (lists: Lists, { lifetimeDays, yearsBack }: Reach, now: Now, versions: Version[]): Period[] => {
  const from = dayOf(now.moment - (lifetimeDays + yearsBack * longestYear) * dayMs);
  const byDate = new Map<string, Dated>();
  for (const statement of statements) {
    for (const report of lists[statement] ?? []) {
      const { fiscal_date: date } = report;
      if (date < from || date > now.day) continue;
      let dated = byDate.get(date);
      if (!dated) {
        const moment = Date.parse(date);
        // A date that cannot be read has no age.
        if (Number.isNaN(moment)) continue;
        dated = { moment, period: { date, freshness: freshnessOf(moment, now.moment, lifetimeDays) } };
        byDate.set(date, dated);
      }
      const { period } = dated;
      const known = period[statement];
      if (!known || known.report_key < report.report_key) period[statement] = report;
    }
  }
  const newestFirst = [...byDate.values()].sort((a, b) => b.moment - a.moment);
  for (const [at, { moment, period }] of newestFirst.entries()) {
    period.previous = yearBefore(moment, newestFirst, at + 1);
    for (const statement of statements) {
      const report = period[statement];
      if (report) versions.push({ type: typeOf[statement], report_key: report.report_key });
    }
  }
  return newestFirst.map(({ period }) => period);
};

const newsIn = (news: readonly NewsItem[], now: number) => {
  const byKey = new Map(news.map((item) => [item.report_key, item]));
  const recent: { item: NewsItem; freshness: number }[] = [];
  for (const item of byKey.values()) {
    const moment = Date.parse(item.published_at);
    const freshness = freshnessOf(moment, now, lifetimes.news);
    if (freshness > 0 && moment <= now) recent.push({ item, freshness });
  }
  return recent.sort((a, b) => (a.item.report_key < b.item.report_key ? -1 : 1));
};

const overviewIn = (overview: StoredReport | undefined, now: number): Period[] => {
  const moment = Date.parse(overview?.fiscal_date ?? "");
  if (!overview || Number.isNaN(moment) || moment > now) return [];
  return [{ date: overview.fiscal_date, freshness: freshnessOf(moment, now, lifetimes.overview), overview }];
};

const byTypeAndKey = (a: Version, b: Version): number =>
  a.type < b.type ? -1 : a.type > b.type ? 1 : a.report_key < b.report_key ? -1 : 1;

/** The company's books as they stood at a moment. A rule looks at most two years back from the year that it is about. */
export const openBooks = (fundamentals: Fundamentals, now: number): Books => {
  const { overview, income, balance, cashFlow, earnings } = fundamentals;
  const versions: Version[] = [];
  const today = { moment: now, day: dayOf(now) };
  const annual = {
    income: income.annual,
    balance: balance.annual,
    cashFlow: cashFlow.annual,
    earnings: earnings.annual,
  };
  // The provider lists the running year's earnings so far among the years: a year has statements.
  const years = shelve(annual, { lifetimeDays: lifetimes.annual, yearsBack: 2 }, today, versions).filter(
    (year) => year.income ?? year.balance ?? year.cashFlow,
  );
  const quarters = shelve(
    { income: income.quarterly },
    { lifetimeDays: lifetimes.quarterly, yearsBack: 1 },
    today,
    versions,
  );
  const latest = overviewIn(overview, now);
  const news = newsIn(fundamentals.news, now);
  if (overview) versions.push({ type: "company_overview", report_key: overview.report_key });
  versions.push(...news.map(({ item }) => ({ type: "news" as const, report_key: item.report_key })));
  return {
    kind: kindOf(overview),
    years: { periods: years, lacking: `annual reports of the last ${lifetimes.annual} days` },
    quarters: { periods: quarters, lacking: `quarterly reports of the last ${lifetimes.quarterly} days` },
    latest: { periods: latest, lacking: `company_overview of the last ${lifetimes.overview} days` },
    news,
    versions: versions.sort(byTypeAndKey),
  };
};

/** The same period a year earlier; of one that is not known, every figure is missing by name. */
export const previous = (period: Period): Period =>
  period.previous ?? { date: `the year before ${period.date}`, freshness: 0 };

import { type Day, dayNumber, monthOf } from "../../days";
import { randomOf } from "../../random";
import { type Company, keptQuarters, keptYears, monthName, type Profile, type Quotation } from "../company";
import { type QuarterlyStatement, type Statement, together } from "../statement";
import { endOfQuarter, quartersOver, type ReportingPlan, reportDay } from "./calendar";
import { type Live, type Lived, lifeOf } from "./path";
import { type Kind, trades } from "./trade";

export interface Invented {
  symbol: string;
  name: string;
  kind: Kind;
  plan: ReportingPlan;
  seed: string;
}

const bank = { sector: "FINANCIAL SERVICES", industry: "BANKS - REGIONAL" };

export const sectorOf = (kind: Kind): { sector: string; industry: string } => (kind === "bank" ? bank : trades[kind]);

const profileOf = ({ symbol, name, kind, plan, seed }: Invented): Profile => {
  const { sector, industry } = sectorOf(kind);
  const random = randomOf(seed, symbol, "profile");
  return {
    symbol,
    name,
    sector,
    industry,
    exchange: random.pick(["NYSE", "NASDAQ"]),
    cik: String(random.integer(9_000_000, 9_999_999)),
    fiscalYearEnd: monthName(monthOf(endOfQuarter(plan, 3))),
    generated: true,
    description: `Generated: ${name} does not exist, and every figure about it is made up.`,
  };
};

/** So few analysts follow a company that nobody publishes what they expect. */
const noEstimate = 0.12;

const reported = (company: Invented, quarter: number, { figures }: Lived): QuarterlyStatement => {
  const fiscalDateEnding = endOfQuarter(company.plan, quarter);
  const random = randomOf(company.seed, company.symbol, "report", quarter);
  const surprise = random.between(-0.08, 0.06) * Math.max(0.1, Math.abs(figures.eps));
  return {
    ...figures,
    fiscalDateEnding,
    reportedDate: reportDay(company.plan, fiscalDateEnding),
    reportTime: random.pick(["pre-market", "post-market"]),
    ...(!random.chance(noEstimate) && { estimatedEps: Math.round((figures.eps + surprise) * 100) / 100 }),
  };
};

const cents = (price: number): number => Math.round(price * 100) / 100;

/** The price wanders about what the share is worth, within the year's high and low. */
const quote = (company: Invented, worth: number, dividendPerShare: number, day: Day): Quotation => {
  const start = randomOf(company.seed, company.symbol, "chart").between(0, 2 * Math.PI);
  const today = randomOf(company.seed, company.symbol, "price", day).between(-0.02, 0.02);
  const wave = (days: number): number => Math.sin(start + dayNumber(day) / days);
  return {
    price: cents(worth * (1 + 0.08 * wave(37) + today)),
    dividendPerShare,
    chart: {
      high: cents(worth * 1.16),
      low: cents(worth * 0.85),
      average50: cents(worth * (1 + 0.06 * wave(53))),
      average200: cents(worth * (1 + 0.04 * wave(101))),
      beta: randomOf(company.seed, company.symbol, "beta").between(0.5, 1.8),
    },
  };
};

/** A company that does not exist. Its life is the same however often, and until whenever, one looks. */
export const inventedCompany = (company: Invented): Company => {
  const profile = profileOf(company);
  // Thousands of companies are only ever listed: a life begins when somebody asks about it.
  let live: Live | undefined;
  const lived: Lived[] = [];
  const quarters: QuarterlyStatement[] = [];
  /** The first quarters of its life. */
  const first = (count: number): readonly QuarterlyStatement[] => {
    live ??= lifeOf(company.kind, [company.seed, company.symbol]);
    while (quarters.length < count) {
      const next = live();
      quarters.push(reported(company, lived.length, next));
      lived.push(next);
    }
    return quarters.slice(0, count);
  };
  const reportedBy = (day: Day): readonly QuarterlyStatement[] =>
    first(quartersOver(company.plan, day)).filter(({ reportedDate }) => reportedDate <= day);

  const years = (known: readonly QuarterlyStatement[]): Statement[] => {
    const full: Statement[] = [];
    for (let year = Math.floor(known.length / 4) - 1; year >= 0 && full.length < keptYears; year--) {
      const [one, ...others] = known.slice(year * 4, year * 4 + 4);
      if (one) full.push(together([one, ...others]));
    }
    return full;
  };

  return {
    profile,
    reportsBy: (day) => {
      const known = reportedBy(day);
      return { annual: years(known), quarterly: known.slice(-keptQuarters).reverse() };
    },
    quotationOn: (day) => {
      const known = reportedBy(day).slice(-4);
      const dividends = known.reduce((sum, { cashFlow }) => sum + (cashFlow.dividendPayout ?? 0), 0);
      const latest = known.at(-1);
      const dividendPerShare = cents(dividends / (latest?.balance.commonStockSharesOutstanding ?? 1));
      const worth = lived[reportedBy(day).length - 1]?.price ?? 1;
      return quote(company, worth, dividendPerShare, day);
    },
    dueBetween: (from, to) =>
      first(quartersOver(company.plan, to)).filter(({ reportedDate }) => reportedDate >= from && reportedDate <= to),
  };
};

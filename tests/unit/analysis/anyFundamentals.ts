import { createHash } from "node:crypto";
import fc from "fast-check";
import type {
  Fundamentals,
  NewsItem,
  Peer,
  Statements,
  StoredReport,
} from "../../../functions/processing/analysis/fundamentals";
import { componentNames } from "../../../functions/processing/analysis/schema";
import { kinds } from "./sample";

/** Every figure that a rule may read, by where it stands. */
const figuresOf = {
  income: [
    "totalRevenue",
    "grossProfit",
    "operatingIncome",
    "operatingExpenses",
    "sellingGeneralAndAdministrative",
    "interestExpense",
    "ebit",
    "ebitda",
    "netIncome",
  ],
  balance: [
    "totalAssets",
    "totalCurrentAssets",
    "totalCurrentLiabilities",
    "totalLiabilities",
    "totalShareholderEquity",
    "retainedEarnings",
    "longTermDebt",
    "shortLongTermDebtTotal",
    "cashAndShortTermInvestments",
    "propertyPlantEquipment",
    "currentNetReceivables",
    "commonStockSharesOutstanding",
  ],
  cashFlow: [
    "operatingCashflow",
    "capitalExpenditures",
    "cashflowFromInvestment",
    "depreciationDepletionAndAmortization",
  ],
  earnings: ["reportedEPS"],
  overview: ["marketCapitalization", "sharesOutstanding", "eps", "bookValue"],
} as const;

export const counts: readonly string[] = ["commonStockSharesOutstanding", "sharesOutstanding"];

const years = ["2020", "2021", "2022", "2023", "2024"].map((year) => `${year}-09-30`);
const quarters = ["2023", "2024"].flatMap((year) =>
  ["03-31", "06-30", "09-30", "12-31"].map((day) => `${year}-${day}`),
);

/** Numbers as they stand in accounts, with round ones, zeros and losses; now and then none at all. */
export const plainFigure = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 5_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: -2_000, max: 0 }) },
);

const anyReport = (key: string, date: string, names: readonly string[], figure: fc.Arbitrary<number>) =>
  fc.tuple(...names.map(() => fc.option(figure, { freq: 25 }))).map(
    (values): StoredReport => ({
      report_key: `${key}#${date}#2024`,
      fiscal_date: date,
      figures: Object.fromEntries(
        names.flatMap((name, at): [string, number][] => {
          const value = values[at];
          return value === null || value === undefined ? [] : [[name, value]];
        }),
      ),
    }),
  );

const anyReports = (key: string, dates: readonly string[], names: readonly string[], figure: fc.Arbitrary<number>) =>
  fc
    .tuple(...dates.map((date) => fc.option(anyReport(key, date, names, figure), { freq: 12 })))
    .map((reports) => reports.filter((report) => report !== null));

const anyStatements = (names: readonly string[], figure: fc.Arbitrary<number>): fc.Arbitrary<Statements> =>
  fc.record({
    annual: anyReports("ANNUAL", years, names, figure),
    quarterly: anyReports("QUARTERLY", quarters, names, figure),
  });

const share = fc.double({ min: 0, max: 1, noNaN: true });

const anyNews: fc.Arbitrary<NewsItem[]> = fc
  .array(
    fc.record({
      day: fc.integer({ min: 1, max: 28 }),
      relevance: share,
      sentiment: fc.double({ min: -1, max: 1, noNaN: true }),
    }),
    { maxLength: 8 },
  )
  .map((articles) =>
    articles.map(({ day, ...rest }, at) => ({
      report_key: `NEWS#${at}`,
      published_at: `2024-10-${String(day).padStart(2, "0")}T12:00:00.000Z`,
      ...rest,
    })),
  );

const anyOverview = (figure: fc.Arbitrary<number>): fc.Arbitrary<StoredReport> =>
  fc
    .tuple(anyReport("LATEST", "2024-09-30", figuresOf.overview, figure), fc.constantFrom(...Object.values(kinds)))
    .map(([report, texts]) => ({ ...report, texts }));

export const anyFundamentals = (figure: fc.Arbitrary<number> = plainFigure): fc.Arbitrary<Fundamentals> =>
  fc.record({
    assetId: fc.constant("ANY"),
    overview: anyOverview(figure),
    income: anyStatements(figuresOf.income, figure),
    balance: anyStatements(figuresOf.balance, figure),
    cashFlow: anyStatements(figuresOf.cashFlow, figure),
    earnings: anyStatements(figuresOf.earnings, figure),
    news: anyNews,
  });

/** From the day after the last quarter's end until even the news and the years are old. */
export const anyMoment = fc
  .oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 121, max: 1_500 }))
  .map((days) => Date.parse("2024-10-01") + days * 86_400_000);

export const anyPeers: fc.Arbitrary<Peer[]> = fc
  .array(fc.dictionary(fc.constantFrom(...componentNames), share), { maxLength: 12 })
  .map((all) => all.map((scores, at) => ({ assetId: `P${at}`, report_key: `RATING#${at}`, scores })));

const lists = (of: Fundamentals) =>
  (["income", "balance", "cashFlow", "earnings"] as const).flatMap((statement) =>
    (["annual", "quarterly"] as const).map((period) => ({ statement, period, reports: of[statement][period] })),
  );

const withoutFigure = (report: StoredReport, figure: string): StoredReport => {
  const { [figure]: _, ...figures } = report.figures;
  return { ...report, figures };
};

const withoutText = (report: StoredReport, text: string): StoredReport => {
  const { [text]: _, ...texts } = report.texts ?? {};
  return { ...report, texts };
};

/** All that remains when any one thing is taken away: a figure, a text, a report, an article. */
export const withOneLess = (of: Fundamentals): (() => Fundamentals)[] => {
  const { overview, ...rest } = of;
  const swap = (one: ReturnType<typeof lists>[number], reports: StoredReport[]): Fundamentals => ({
    ...of,
    [one.statement]: { ...of[one.statement], [one.period]: reports },
  });
  const ofLists = lists(of).flatMap((one) =>
    one.reports.flatMap((report) => [
      () =>
        swap(
          one,
          one.reports.filter((other) => other !== report),
        ),
      ...Object.keys(report.figures).map(
        (figure) => () =>
          swap(
            one,
            one.reports.map((other) => (other === report ? withoutFigure(report, figure) : other)),
          ),
      ),
    ]),
  );
  const ofOverview = overview
    ? [
        () => rest,
        ...Object.keys(overview.figures).map((figure) => () => ({ ...of, overview: withoutFigure(overview, figure) })),
        ...Object.keys(overview.texts ?? {}).map((text) => () => ({ ...of, overview: withoutText(overview, text) })),
      ]
    : [];
  const ofNews = of.news.map((item) => () => ({ ...of, news: of.news.filter((other) => other !== item) }));
  return [...ofLists, ...ofOverview, ...ofNews];
};

/** The same company in another currency: every amount of money multiplied, every count left alone. */
export const inCurrency = (of: Fundamentals, rate: number): Fundamentals => {
  const convert = (report: StoredReport): StoredReport => ({
    ...report,
    figures: Object.fromEntries(
      Object.entries(report.figures).map(([name, value]) => [name, counts.includes(name) ? value : value * rate]),
    ),
  });
  const all = ({ annual, quarterly }: Statements): Statements => ({
    annual: annual.map(convert),
    quarterly: quarterly.map(convert),
  });
  return {
    ...of,
    ...(of.overview && { overview: convert(of.overview) }),
    income: all(of.income),
    balance: all(of.balance),
    cashFlow: all(of.cashFlow),
    earnings: all(of.earnings),
  };
};

/** The same company with every list in another order. */
export const reordered = (of: Fundamentals, seed: number): Fundamentals => {
  const place = (key: string) => createHash("sha1").update(`${seed} ${key}`).digest("hex");
  const shuffle = <Item extends { report_key: string }>(items: readonly Item[]): Item[] =>
    [...items].sort((a, b) => (place(a.report_key) < place(b.report_key) ? -1 : 1));
  const all = ({ annual, quarterly }: Statements) => ({ annual: shuffle(annual), quarterly: shuffle(quarterly) });
  return {
    ...of,
    income: all(of.income),
    balance: all(of.balance),
    cashFlow: all(of.cashFlow),
    earnings: all(of.earnings),
    news: shuffle(of.news),
  };
};

/** Only what a rating names as its inputs. */
export const named = (of: Fundamentals, keys: ReadonlySet<string>): Fundamentals => {
  const kept = <Item extends { report_key: string }>(type: string, items: readonly Item[]) =>
    items.filter(({ report_key }) => keys.has(`${type} ${report_key}`));
  const all = (type: string, { annual, quarterly }: Statements) => ({
    annual: kept(type, annual),
    quarterly: kept(type, quarterly),
  });
  return {
    ...of,
    income: all("income_statement", of.income),
    balance: all("balance_sheet", of.balance),
    cashFlow: all("cash_flow", of.cashFlow),
    earnings: all("earnings", of.earnings),
    news: kept("news", of.news),
  };
};

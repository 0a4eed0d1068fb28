import { expect } from "chai";
import fc from "fast-check";
import * as v from "valibot";
import type { Fundamentals, Peer } from "../../../functions/processing/analysis/fundamentals";
import { rate } from "../../../functions/processing/analysis/rating";
import {
  type AnalysisType,
  componentNames,
  type Rating,
  ratingSchema,
} from "../../../functions/processing/analysis/schema";
import { gradeFrom, weights } from "../../../functions/processing/analysis/weights";
import {
  anyFundamentals,
  anyMoment,
  anyPeers,
  inCurrency,
  named,
  plainFigure,
  reordered,
  withOneLess,
} from "./anyFundamentals";
import { annual, apple, fundamentals, kinds, now, overview, quarterly, statedIn } from "./sample";

const day = 86_400_000;
const ruleBased = (of: Fundamentals, at = now) => rate(of, { analysisType: "rule_based", now: at });
const component = (rating: Rating, name: string) => rating.rating_components.find((one) => one.component === name);
const width = ({ confidence_interval: { low, high } }: Rating) => high - low;

const bank = (): Fundamentals =>
  fundamentals({
    assetId: "BANK",
    overview: overview({ marketCapitalization: 300, sharesOutstanding: 10, eps: 3, bookValue: 30 }, kinds.financial),
    income: annual({
      "2024-09-30": { netIncome: 33, totalRevenue: 100, operatingExpenses: 55 },
      "2023-09-30": { netIncome: 30, totalRevenue: 95, operatingExpenses: 55 },
    }),
    balance: annual({
      "2024-09-30": { totalAssets: 3_000, totalShareholderEquity: 300 },
      "2023-09-30": { totalAssets: 2_900, totalShareholderEquity: 280 },
    }),
  });

const peers = (count: number, score: number): Peer[] =>
  Array.from({ length: count }, (_, at) => ({
    assetId: `P${at}`,
    report_key: `RATING#${at}`,
    scores: Object.fromEntries(componentNames.map((name) => [name, score])),
  }));

describe("the weights", () => {
  it("come to 1 for each kind of firm", () => {
    for (const column of ["industrial", "financial"] as const) {
      expect(componentNames.reduce((sum, name) => sum + weights[name][column], 0)).to.be.closeTo(1, 1e-12);
    }
  });

  it("weigh what fits every firm no less for financial firms, as an unknown kind counts by the other column", () => {
    for (const name of ["graham", "growth", "newsSentiment"] as const) {
      expect(weights[name].financial).to.be.at.least(weights[name].industrial);
    }
  });

  it("have five grades, from the best down to a score of 0", () => {
    expect(gradeFrom.map(([, from]) => from)).to.deep.equal([0.75, 0.6, 0.4, 0.25, 0]);
  });
});

describe("a rating", () => {
  it("rates Apple at the end of 2024, every component computed, as the schema has it", () => {
    const rating = v.parse(ratingSchema, ruleBased(apple()));
    expect(rating).to.deep.include({ asset_id: "ASSET#AAPL", investment_rating: "Buy", rules_version: "1.2.0" });
    expect(rating.rating_components.map((one) => one.component)).to.deep.equal([...componentNames]);
    expect(rating.rating_components.some((one) => "notComputable" in one)).to.equal(false);
    const { low, high } = rating.confidence_interval;
    expect(rating.score).to.be.within(low, high);
    expect(rating.reason).to.equal(
      "Buy for a score of 0.70, with 100.0 % of the weight computed. Its data has kept 86.9 % of its certainty: " +
        "its newest annual report is of the year to 2024-09-30.",
    );
  });

  it("is the weighted mean of its components", () => {
    const rating = ruleBased(apple());
    const sum = rating.rating_components.reduce(
      (all, one) => all + ("notComputable" in one ? Number.NaN : one.weight * one.score),
      0,
    );
    expect(rating.score).to.be.closeTo(sum, 1e-5);
  });

  it("rates a bank by what fits it, and says what does not", () => {
    const rating = ruleBased(bank());
    expect(rating.investment_rating).to.equal("Strong Buy");
    for (const name of ["piotroski", "altman", "beneish", "greenblatt", "sloan"]) {
      expect(component(rating, name), name).to.deep.include({ weight: 0, notComputable: true, missing: [] });
    }
    const figures = rating.rating_components.flatMap((one) => ("inputs" in one ? one.inputs : []));
    expect(figures.map(({ figure }) => figure)).to.not.include.members(["totalCurrentAssets", "retainedEarnings"]);
  });

  it("gives every grade", () => {
    const graded = (netIncome: number, marketCapitalization: number, totalShareholderEquity: number) => {
      const { overview: _, ...rest } = bank();
      const year = { netIncome, totalRevenue: 100, operatingExpenses: 65 };
      const balance = { totalAssets: 3_000, totalShareholderEquity };
      return ruleBased({
        ...rest,
        overview: overview({ marketCapitalization }, kinds.financial),
        income: annual({ "2024-09-30": year, "2023-09-30": year }),
        balance: annual({ "2024-09-30": balance, "2023-09-30": balance }),
      }).investment_rating;
    };
    expect([
      graded(60, 300, 400),
      graded(40, 400, 300),
      graded(27, 400, 270),
      graded(15, 400, 230),
      graded(1, 900, 100),
    ]).to.deep.equal(["Strong Buy", "Buy", "Hold", "Sell", "Strong Sell"]);
  });

  it("gives no grade where too little is known, and no score where nothing is", () => {
    const { overview: _, ...unknownKind } = apple();
    const little = v.parse(ratingSchema, ruleBased(unknownKind));
    expect(little.investment_rating).to.equal("Not Rated");
    expect(little.score).to.be.a("number");
    expect(little.reason).to.match(
      /^Not rated, as 16\.0 % of the weight could be computed and 40\.0 % is the least\. /,
    );
    const nothing = v.parse(ratingSchema, ruleBased(fundamentals()));
    expect(nothing).to.include({ investment_rating: "Not Rated", confidence: 0 }).and.not.have.property("score");
    expect(nothing.confidence_interval).to.deep.equal({ low: 0, high: 1 });
    expect(nothing.reason).to.equal("Not rated, as 0.0 % of the weight could be computed and 40.0 % is the least.");
  });

  it("calls nothing strong that is not sure enough, and withholds the grade of what is hardly known any more", () => {
    const rated = (days: number) => ruleBased(bank(), now + days * day);
    const graded = [0, 300, 460].map(rated);
    expect(graded.map(({ investment_rating }) => investment_rating)).to.deep.equal(["Strong Buy", "Buy", "Not Rated"]);
    const [fresh, older, old] = graded.map(({ confidence }) => confidence);
    expect(fresh).to.be.above(0.4);
    expect(older).to.be.within(0.2, 0.4);
    expect(old).to.be.below(0.2);
    expect(graded[1]?.score).to.equal(graded[0]?.score).and.be.above(0.75);
    expect(rated(300).reason).to.match(
      /^Buy for a score of 0\.\d\d, with 84\.0 % of the weight computed: a Strong Buy needs a confidence of 40\.0 %, and it is 3\d\.\d %\. Its data has kept \d\d\.\d % of its certainty: its newest annual report is of the year to 2024-09-30\.$/,
    );
    expect(rated(460).reason).to.match(
      /^Not rated: a score of 0\.\d\d would be a Buy, but a confidence of 1\d\.\d % is less than the 20\.0 % that a grade needs\. /,
    );
  });

  it("is sure enough for any grade until the next annual report, where that comes within 75 days", () => {
    const { income, overview: own, ...rest } = apple();
    const quarters = quarterly({ "2025-06-30": { totalRevenue: 94_000 }, "2024-06-30": { totalRevenue: 85_000 } });
    const at = (kind: keyof typeof kinds, days: number) => {
      const latest = { ...overview({ ...own?.figures }, kinds[kind]), fiscal_date: "2025-06-30" };
      const company = { ...rest, overview: latest, income: { ...income, quarterly: quarters }, news: [] };
      return ruleBased(company, Date.parse("2025-09-30") + days * day).confidence;
    };
    for (const kind of ["manufacturer", "service", "financial"] as const) {
      expect(at(kind, 75), kind).to.be.above(0.4);
    }
    expect(at("manufacturer", 90)).to.be.below(0.4);
  });

  it("grows less certain with time, while nothing new is reported", () => {
    const widths = [0, 30, 120, 365, 700].map((days) => width(ruleBased(apple(), now + days * day)));
    expect(widths).to.deep.equal([...widths].sort((a, b) => a - b));
    expect(new Set(widths).size).to.equal(5);
  });

  it("is less certain where its components disagree", () => {
    const { news: _, ...rest } = apple();
    const said = (sentiment: number) => {
      const published_at = "2024-12-01T00:00:00.000Z";
      const news = ["a", "b", "c"].map((report_key) => ({ report_key, published_at, relevance: 1, sentiment }));
      return ruleBased({ ...rest, news });
    };
    expect(said(0.3).confidence).to.be.above(said(-1).confidence);
  });

  it("is computed from an older year where the newest is not complete, and is less certain then", () => {
    const company = apple();
    const cashFlow = { ...company.cashFlow, annual: company.cashFlow.annual.slice(1) };
    const rating = ruleBased({ ...company, cashFlow });
    expect(component(rating, "sloan")).to.deep.include({
      missing: ["operatingCashflow (cash_flow 2024-09-30)", "cashflowFromInvestment (cash_flow 2024-09-30)"],
    });
    expect(component(rating, "sloan")).to.have.nested.property("measures[0].fiscal_date", "2023-09-30");
    expect(rating.confidence).to.be.below(ruleBased(company).confidence);
  });
});

describe("a rating of a company that states its accounts in one currency and is traded in another", () => {
  const traded = (currency: string): Fundamentals => {
    const { overview: own, income, balance, cashFlow, ...rest } = apple();
    const texts = { ...kinds.manufacturer, currency };
    return {
      ...rest,
      overview: overview({ ...own?.figures }, texts),
      income: statedIn("TWD", income),
      balance: statedIn("TWD", balance),
      cashFlow: statedIn("TWD", cashFlow),
    };
  };
  const lacking = (rating: Rating, name: string) => component(rating, name)?.missing;
  const wanted = "marketCapitalization in the currency of the statements";

  it("sets no market value against its statements, and says why", () => {
    const rating = v.parse(ratingSchema, ruleBased(traded("USD")));
    for (const name of ["altman", "greenblatt", "valuation"]) expect(lacking(rating, name), name).to.include(wanted);
    expect(component(rating, "valuation")).to.include({ notComputable: true });
    expect(component(rating, "altman")).to.have.nested.property("measures[0].name", "Z′");
    expect(component(rating, "greenblatt")).to.have.nested.property("measures[0].name", "return on capital");
    for (const name of ["piotroski", "beneish", "graham", "sloan", "growth", "profitability", "leverage"]) {
      expect(lacking(rating, name), name).to.deep.equal(lacking(ruleBased(apple()), name));
    }
    expect(rating.confidence).to.be.below(ruleBased(apple()).confidence);
  });

  it("is as any other where both are the same, or one is not known", () => {
    const parts = (rating: Rating) => rating.rating_components;
    expect(parts(ruleBased(traded("TWD")))).to.deep.equal(parts(ruleBased(apple())));
    expect(parts(ruleBased({ ...traded("USD"), overview: apple().overview ?? overview({}) }))).to.deep.equal(
      parts(ruleBased(apple())),
    );
  });
});

describe("an advanced rating", () => {
  const advanced = (among: Peer[]) => rate(apple(), { analysisType: "advanced", now, peers: among });

  it("adds the place within the sector to each component, and to the score", () => {
    const above = v.parse(ratingSchema, advanced(peers(20, 0)));
    const below = v.parse(ratingSchema, advanced(peers(20, 1)));
    expect(component(above, "piotroski")).to.deep.include({ percentile: 1 });
    expect(component(below, "piotroski")).to.deep.include({ percentile: 0 });
    expect(above.score).to.be.above(ruleBased(apple()).score ?? 1);
    expect(below.score).to.be.below(ruleBased(apple()).score ?? 0);
    expect(above.peers).to.deep.equal({ compared: 20 });
    expect(above.inputs.filter(({ type }) => type === "peer")).to.have.length(20);
  });

  it("falls back to the components alone among too few firms, says so, and is less certain", () => {
    const alone = v.parse(ratingSchema, advanced(peers(4, 0)));
    const plain = ruleBased(apple());
    expect(alone.score).to.equal(plain.score);
    expect(alone.confidence).to.be.closeTo(0.6 * plain.confidence, 1e-6);
    expect(alone.peers).to.deep.include({ notComputable: true, missing: ["5 other rated firms of the sector"] });
    expect(advanced(peers(20, 0)).confidence).to.be.closeTo(plain.confidence, 1e-6);
  });

  it("says nothing of peers where it is not asked", () => expect(ruleBased(apple())).to.not.have.property("peers"));
});

describe("any rating", () => {
  const anyType = fc.constantFrom<AnalysisType>("rule_based", "advanced");
  const anyRequest = fc.record({ analysisType: anyType, now: anyMoment, peers: anyPeers });

  const notSurer = (less: Rating, more: Rating) => {
    expect(less.confidence).to.be.at.most(more.confidence);
    expect(width(less)).to.be.at.least(width(more) - 2e-6);
  };

  // Thousands of ratings, one after the other: on a slow machine, with coverage counted, this takes a minute.
  it("is never surer without any one thing that was known", () => {
    fc.assert(
      fc.property(anyFundamentals(), anyRequest, (of, request) => {
        const rating = rate(of, request);
        for (const less of withOneLess(of)) notSurer(rate(less(), request), rating);
        for (const peer of request.peers) {
          const peers = request.peers.filter((other) => other !== peer);
          notSurer(rate(of, { ...request, peers }), rating);
        }
      }),
      { numRuns: 150 },
    );
  }).timeout(240_000);

  it("is never surer while one thing after another is taken away", () => {
    fc.assert(
      fc.property(anyFundamentals(), anyRequest, fc.array(fc.nat(), { maxLength: 20 }), (of, request, which) => {
        let known = of;
        let rating = rate(known, request);
        for (const at of which) {
          const lesser = withOneLess(known);
          const take = lesser[at % Math.max(1, lesser.length)];
          if (!take) return;
          known = take();
          const next = rate(known, request);
          notSurer(next, rating);
          rating = next;
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is no stronger than it is sure, and is otherwise what its score says", () => {
    let withheld = 0;
    fc.assert(
      fc.property(anyFundamentals(), anyRequest, (of, request) => {
        const { investment_rating: grade, confidence, score = 0 } = rate(of, request);
        const [byScore] = gradeFrom.find(([, from]) => score >= from) ?? [];
        if (grade === "Not Rated") return;
        expect(confidence).to.be.at.least(0.2);
        if (grade !== byScore) withheld++;
        expect(grade).to.equal(confidence >= 0.4 ? byScore : byScore?.replace("Strong ", ""));
      }),
      { numRuns: 400 },
    );
    expect(withheld).to.be.greaterThan(0);
  });

  it("does not depend on the currency", () => {
    const withoutAmounts = (rating: Rating) =>
      JSON.stringify(rating, (key, value) => (key === "inputs" ? undefined : value));
    fc.assert(
      fc.property(anyFundamentals(), anyRequest, fc.integer({ min: -30, max: 30 }), (of, request, power) => {
        // A power of two changes no digit of a quotient, so nothing may change at all.
        const converted = inCurrency(of, 2 ** power);
        expect(withoutAmounts(rate(converted, request))).to.equal(withoutAmounts(rate(of, request)));
      }),
      { numRuns: 200 },
    );
  });

  it("is the same, byte for byte, whatever the order of the reports, and from the inputs it names alone", () => {
    fc.assert(
      fc.property(anyFundamentals(), anyRequest, fc.integer({ min: 2, max: 9_000 }), (of, request, seed) => {
        const rating = rate(of, request);
        const text = JSON.stringify(rating);
        const peers = [...request.peers].reverse();
        expect(JSON.stringify(rate(reordered(of, seed), { ...request, peers }))).to.equal(text);
        const keys = new Set(rating.inputs.map(({ type, report_key }) => `${type} ${report_key}`));
        expect(JSON.stringify(rate(named(of, keys), request))).to.equal(text);
      }),
      { numRuns: 200 },
    );
  });

  it("holds no number that is none, whatever the figures, and always fits the schema", () => {
    const anyFigure = fc.oneof(
      plainFigure,
      fc.constantFrom(0, -0, Number.NaN, Infinity, 1e308, -1e308, 5e-324),
      fc.double(),
    );
    fc.assert(
      fc.property(anyFundamentals(anyFigure), anyRequest, (of, request) => {
        const rating = rate(of, request);
        expect(v.safeParse(ratingSchema, rating).issues).to.equal(undefined);
        expect(v.is(ratingSchema, JSON.parse(JSON.stringify(rating)))).to.equal(true);
        const { low, high } = rating.confidence_interval;
        expect(rating.score ?? low).to.be.within(low - 1e-6, high + 1e-6);
      }),
      { numRuns: 300 },
    );
  });

  it("changes nothing in what it is given", () => {
    const freeze = <T>(value: T): T => {
      if (typeof value === "object" && value !== null) Object.values(value).forEach(freeze);
      return Object.freeze(value);
    };
    expect(() => rate(freeze(apple()), { analysisType: "advanced", now, peers: freeze(peers(9, 0.5)) })).to.not.throw();
  });
});

import { expect } from "chai";
import { universe } from "../../../local/market/universe";
import { alpacaKey, startTestMarket, type TestMarket } from "./started";

type Asset = Record<string, unknown>;
interface Reports {
  annualReports: Record<string, string>[];
}

const dayMs = 86_400_000;
const statementNames = ["OVERVIEW", "EARNINGS", "INCOME_STATEMENT", "BALANCE_SHEET", "CASH_FLOW"];

describe("the stand-in market's listing", () => {
  let market: TestMarket;
  beforeEach(async () => {
    market = await startTestMarket();
  });
  afterEach(() => market.close());

  const listed = async (params?: Record<string, string>): Promise<Asset[]> =>
    (await (await market.assets(params)).json()) as Asset[];
  const symbols = async (params?: Record<string, string>): Promise<unknown[]> =>
    (await listed(params)).map(({ symbol }) => symbol);

  it("has Alpaca's fields and types", async () => {
    const assets = await listed();
    expect(assets).to.have.length(universe.length);
    for (const asset of assets) {
      expect(asset["id"]).to.match(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
      expect(asset).to.include({ class: "us_equity", status: "active", tradable: true });
      for (const flag of ["marginable", "shortable", "easy_to_borrow", "fractionable"]) {
        expect(asset[flag], flag).to.be.a("boolean");
      }
      expect(asset["maintenance_margin_requirement"]).to.be.a("number");
      expect(asset["margin_requirement_long"]).to.be.a("string");
      expect(asset["margin_requirement_short"]).to.be.a("string");
      expect(asset["attributes"]).to.be.an("array");
    }
    expect(new Set(assets.map(({ id }) => id)).size).to.equal(assets.length);
    expect(assets.some((asset) => "cusip" in asset) && assets.some((asset) => !("cusip" in asset))).to.equal(true);
  });

  it("selects by status, class and exchange, and refuses others by name", async () => {
    const nyse = await listed({ exchange: "NYSE" });
    expect(nyse.length).to.be.within(1, universe.length - 1);
    expect(nyse.every(({ exchange }) => exchange === "NYSE")).to.equal(true);
    expect(await listed({ asset_class: "crypto" })).to.deep.equal([]);
    expect(await listed({ status: "inactive" })).to.deep.equal([]);
    for (const params of [{ status: "sleeping" }, { asset_class: "houses" }]) {
      const refused = await market.assets(params);
      expect(refused.status).to.equal(422);
      expect(await refused.text()).to.contain(Object.values(params)[0]);
    }
  });

  it("rejects keys that it does not know", async () => {
    for (const headers of [
      {},
      { "APCA-API-KEY-ID": alpacaKey.keyId },
      { "APCA-API-KEY-ID": alpacaKey.keyId, "APCA-API-SECRET-KEY": "wrong" },
      { "APCA-API-KEY-ID": "wrong", "APCA-API-SECRET-KEY": alpacaKey.secretKey },
    ] as Record<string, string>[]) {
      const refused = await market.assets({}, headers);
      expect(refused.status).to.equal(403);
      expect(await refused.json()).to.deep.equal({ message: "forbidden." });
    }
    expect(market.calls().map(({ outcome }) => outcome)).to.deep.equal(new Array(4).fill("keyRejected"));
  });

  it("delists, and lists again, and lists what is new", async () => {
    market.delist("VRDX");
    expect(await symbols()).not.to.include("VRDX");
    const [gone] = await listed({ status: "inactive" });
    expect(gone).to.include({ symbol: "VRDX", status: "inactive", tradable: false });
    expect(await (await market.ask("EARNINGS_CALENDAR")).text()).not.to.contain("VRDX");
    expect(await market.json("OVERVIEW", { symbol: "VRDX" })).to.have.property("Symbol");
    market.list("VRDX", "NEWQ");
    expect(await symbols()).to.include.members(["VRDX", "NEWQ"]);
    expect(await market.json<Record<string, string>>("OVERVIEW", { symbol: "NEWQ" }))
      .to.have.property("Description")
      .that.matches(/^Generated/);
    expect(() => market.delist("NOPE")).to.throw("NOPE is not listed");
    expect(() => market.list("not a symbol")).to.throw("not a symbol");
  });

  it("lists thousands more, each with figures of its own", async () => {
    const large = await startTestMarket({ extraSymbols: 10_000 });
    try {
      const assets = (await (await large.assets()).json()) as { symbol: string }[];
      expect(assets).to.have.length(10_000 + universe.length);
      expect(new Set(assets.map(({ symbol }) => symbol)).size).to.equal(assets.length);
      const last = assets.at(-1)?.symbol ?? "";
      const { annualReports } = await large.json<Reports>("BALANCE_SHEET", { symbol: last });
      for (const { totalAssets, totalLiabilities, totalShareholderEquity } of annualReports) {
        expect(Number(totalAssets)).to.equal(Number(totalLiabilities) + Number(totalShareholderEquity));
      }
    } finally {
      await large.close();
    }
  });

  it("may be as small as one company, but not smaller", async () => {
    const small = await startTestMarket({ symbols: ["IBM"] });
    try {
      expect(await (await small.assets()).json()).to.have.length(1);
      expect(await small.json("OVERVIEW", { symbol: "AAPL" })).to.deep.equal({});
      const { feed } = await small.json<{ feed: { ticker_sentiment: { ticker: string }[] }[] }>("NEWS_SENTIMENT");
      expect(new Set(feed.flatMap((one) => one.ticker_sentiment.map(({ ticker }) => ticker)))).to.deep.equal(
        new Set(["IBM"]),
      );
    } finally {
      await small.close();
    }
    const empty = await startTestMarket({ symbols: [] }).catch((error: Error) => error.message);
    expect(empty).to.contain("symbols");
  });
});

describe("the stand-in market", () => {
  const everything = async (market: TestMarket): Promise<string[]> => {
    const texts: string[] = [];
    for (const symbol of ["AAPL", "VRDX", "FHVB", "GNXQ"]) {
      for (const name of statementNames) texts.push(await (await market.ask(name, { symbol })).text());
    }
    for (const name of ["EARNINGS_CALENDAR", "NEWS_SENTIMENT"]) texts.push(await (await market.ask(name)).text());
    return [...texts, await (await market.assets()).text()];
  };

  const using = async <Result>(
    use: (...markets: TestMarket[]) => Promise<Result>,
    ...options: Parameters<typeof startTestMarket>[0][]
  ): Promise<Result> => {
    const markets = await Promise.all(options.map((one) => startTestMarket(one)));
    try {
      return await use(...markets);
    } finally {
      await Promise.all(markets.map((market) => market.close()));
    }
  };

  it("says the same, byte for byte, whenever it is started", () =>
    using(
      async (...markets) => {
        const [one, two] = await Promise.all(markets.map(everything));
        expect(one).to.have.length(23);
        expect(one).to.deep.equal(two);
      },
      {},
      {},
    ));

  it("makes other figures from another seed, save for companies that exist", () =>
    using(
      async (...markets) => {
        const ask = (name: string, symbol: string) =>
          Promise.all(markets.map(async (market) => (await market.ask(name, { symbol })).text()));
        const [one, two] = await ask("INCOME_STATEMENT", "VRDX");
        expect(one).not.to.equal(two);
        const [same, again] = await ask("INCOME_STATEMENT", "AAPL");
        expect(same).to.equal(again);
      },
      {},
      { seed: "another" },
    ));

  it("moves on with the days: prices change, and reports come out", () =>
    using(async (market) => {
      if (!market) throw new Error("no market");
      const read = async (name: string): Promise<string> => (await market.ask(name, { symbol: "VRDX" })).text();
      const [price, statement] = [await read("OVERVIEW"), await read("INCOME_STATEMENT")];
      market.turnBy(dayMs);
      expect(await read("OVERVIEW")).not.to.equal(price);
      expect(await read("INCOME_STATEMENT")).to.equal(statement);
      market.turnBy(92 * dayMs);
      expect(await read("INCOME_STATEMENT")).not.to.equal(statement);
    }, {}));

  it("restates what a company once reported", () =>
    using(async (market) => {
      if (!market) throw new Error("no market");
      const restated = {
        function: "INCOME_STATEMENT",
        period: "annual",
        fiscalDateEnding: "2024-09-30",
      } as const;
      market.restate("AAPL", { ...restated, figures: { netIncome: 93_000_000_000 } });
      market.restate("AAPL", { ...restated, figures: { ebitda: null } });
      const { annualReports } = await market.json<Reports>("INCOME_STATEMENT", { symbol: "AAPL" });
      expect(annualReports[0]).to.include({ netIncome: "93000000000", ebitda: "None", totalRevenue: "391035000000" });
      expect(annualReports[1]).to.include({ netIncome: "96995000000" });
      expect(() => market.restate("NOPE", { ...restated, figures: {} })).to.throw("NOPE");
      expect(() => market.restate("AAPL", { ...restated, fiscalDateEnding: "1999-09-30", figures: {} })).to.throw(
        "1999-09-30",
      );
      expect(() => market.restate("AAPL", { ...restated, figures: { goodwill: 1 } })).to.throw("figures.goodwill");
    }, {}));

  it("is up in less than 50 ms", async () => {
    const took: number[] = [];
    for (let start = 0; start < 3; start++) {
      const began = performance.now();
      const market = await startTestMarket();
      took.push(performance.now() - began);
      await market.close();
    }
    // Other work on this machine may delay one start, but hardly three.
    expect(Math.min(...took)).to.be.lessThan(50);
  });

  it("listens on the loopback interface, and survives a call that it cannot read", () =>
    using(async (market) => {
      if (!market) throw new Error("no market");
      expect(market.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect((await fetch(`${market.url}//`)).status).to.equal(500);
      expect((await market.ask("OVERVIEW", { symbol: "AAPL" })).status).to.equal(200);
    }, {}));
});

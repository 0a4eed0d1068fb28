import { expect } from "chai";
import { alphaVantageKey, startTestMarket, type TestMarket } from "./started";

interface Notice {
  Information?: string;
  "Error Message"?: string;
}

const second = 1_000;
const hour = 3_600_000;

describe("the stand-in market's limits", () => {
  let market: TestMarket;
  afterEach(() => market.close());

  const information = async (): Promise<string | undefined> =>
    (await market.json<Notice>("OVERVIEW", { symbol: "AAPL" })).Information;

  it("let one call a second through", async () => {
    market = await startTestMarket({ perSecond: undefined });
    expect(await information()).to.equal(undefined);
    expect(await information()).to.contain("1 request per second");
    market.turnBy(second / 2);
    expect(await information()).to.contain("1 request per second");
    market.turnBy(second / 2);
    expect(await information()).to.equal(undefined);
    expect(market.calls().map(({ outcome }) => outcome)).to.deep.equal(["answered", "burst", "burst", "answered"]);
  });

  it("let as many through as were paid for", async () => {
    market = await startTestMarket({ perSecond: 3 });
    const outcomes = [];
    for (let call = 0; call < 5; call++) outcomes.push(await information());
    expect(outcomes.filter((notice) => notice === undefined)).to.have.length(3);
  });

  it("end after 25 calls until New York's midnight, and the notice repeats the key", async () => {
    market = await startTestMarket({ perDay: undefined });
    for (let call = 0; call < 25; call++) expect(await information()).to.equal(undefined);
    expect(await information())
      .to.contain("25 requests per day")
      .and.to.contain(alphaVantageKey);
    // 03:30 UTC of the next day: still the same day in New York.
    market.turnBy(15.5 * hour);
    expect(await information()).to.contain("25 requests per day");
    market.turnBy(0.5 * hour);
    expect(await information()).to.equal(undefined);
  });

  it("end by UTC's midnight where that is asked for", async () => {
    market = await startTestMarket({ perDay: 1, dayEndsIn: "UTC" });
    await information();
    market.turnBy(12 * hour - 1);
    expect(await information()).to.contain("per day");
    market.turnBy(1);
    expect(await information()).to.equal(undefined);
  });

  it("do not count what they refused", async () => {
    market = await startTestMarket({ perSecond: 1, perDay: 2 });
    await information();
    for (let call = 0; call < 5; call++) await information();
    market.turnBy(second);
    expect(await information()).to.equal(undefined);
    market.turnBy(second);
    expect(await information()).to.contain("per day");
  });

  it("are each key's own", async () => {
    market = await startTestMarket({ perDay: 1, alphaVantageKeys: [alphaVantageKey, "another-accepted-key"] });
    await information();
    expect(await information()).to.contain("per day");
    expect(await market.json("OVERVIEW", { symbol: "AAPL", apikey: "another-accepted-key" })).to.have.property(
      "Symbol",
    );
  });

  it("count neither unknown keys nor callers without one", async () => {
    market = await startTestMarket({ perDay: 1 });
    for (const apikey of ["", "no-such-key"]) {
      const answer = await market.ask("OVERVIEW", { symbol: "AAPL", apikey });
      expect(answer.status).to.equal(200);
      expect(await answer.json())
        .to.have.property("Error Message")
        .that.contains("apikey is invalid or missing");
    }
    const demo = await market.json<Notice>("OVERVIEW", { symbol: "AAPL", apikey: "demo" });
    expect(demo.Information).to.contain("**demo** API key");
    expect(await information()).to.equal(undefined);
    expect(market.calls().map(({ outcome }) => outcome)).to.deep.equal([
      "keyRejected",
      "keyRejected",
      "keyRejected",
      "answered",
    ]);
    expect(JSON.stringify(market.calls())).not.to.contain(alphaVantageKey);
  });

  it("of Alpaca are 200 calls a minute, and every answer tells how many are left", async () => {
    market = await startTestMarket({ symbols: ["AAPL"] });
    const first = await market.assets();
    expect(first.headers.get("x-ratelimit-limit")).to.equal("200");
    expect(first.headers.get("x-ratelimit-remaining")).to.equal("199");
    const reset = Number(first.headers.get("x-ratelimit-reset")) * second;
    await Promise.all(Array.from({ length: 199 }, async () => (await market.assets()).text()));
    const refused = await market.assets();
    expect(refused.status).to.equal(429);
    expect(refused.headers.get("x-ratelimit-remaining")).to.equal("0");
    expect(await refused.json()).to.deep.equal({ code: 42910000, message: "rate limit exceeded" });
    market.turnBy(60 * second);
    expect(reset).to.equal(Date.UTC(2026, 7, 28, 12, 1));
    expect((await market.assets()).status).to.equal(200);
  });
});

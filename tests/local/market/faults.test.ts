import { expect } from "chai";
import type { faultKinds } from "../../../local/market/faults";
import { alphaVantageKey, startTestMarket, type TestMarket } from "./started";

const symbol = "AAPL";

describe("the stand-in market's faults", () => {
  let market: TestMarket;
  beforeEach(async () => {
    market = await startTestMarket({ perDay: 25 });
  });
  afterEach(() => market.close());

  const notices: [(typeof faultKinds)[number], string, RegExp][] = [
    ["burst", "Information", /1 request per second/],
    ["spent", "Information", new RegExp(`${alphaVantageKey}.*25 requests per day`)],
    ["premium", "Information", /premium endpoint/],
    ["keyRejected", "Error Message", /apikey is invalid or missing/],
    ["error", "Error Message", /Invalid API call.*CASH_FLOW/],
  ];
  for (const [kind, field, text] of notices) {
    it(`sends the notice ${kind} with status 200`, async () => {
      const { hits } = market.faults.inject({ kind, function: "CASH_FLOW" });
      const response = await market.ask("CASH_FLOW", { symbol });
      expect(response.status).to.equal(200);
      expect(await response.json())
        .to.have.property(field)
        .that.matches(text);
      expect(hits()).to.equal(1);
      expect(market.calls().at(-1)).to.include({ function: "CASH_FLOW", symbol, outcome: kind });
    });
  }

  it("answers with nothing, each endpoint in its own way", async () => {
    market.faults.inject({ kind: "empty" });
    expect(await market.json("OVERVIEW", { symbol })).to.deep.equal({});
    expect(await market.json("NEWS_SENTIMENT"))
      .to.include({ items: "0" })
      .and.to.deep.include({ feed: [] });
    const calendar = await (await market.ask("EARNINGS_CALENDAR")).text();
    expect(calendar.trim().split("\r\n")).to.have.length(1);
    expect(await (await market.assets()).json()).to.deep.equal([]);
  });

  it("answers with a page of a proxy", async () => {
    market.faults.inject({ kind: "html" });
    const response = await market.ask("OVERVIEW", { symbol });
    expect([response.status, response.headers.get("content-type")]).to.deep.equal([200, "text/html"]);
    expect(await response.text()).to.contain("<html>");
  });

  it("answers 500", async () => {
    market.faults.inject({ kind: "status500" });
    expect((await market.ask("OVERVIEW", { symbol })).status).to.equal(500);
    expect((await market.assets()).status).to.equal(500);
  });

  it("never answers", async () => {
    market.faults.inject({ kind: "hang", function: "OVERVIEW" });
    const patience = new AbortController();
    const waiting = market.ask("OVERVIEW", { symbol }, { signal: patience.signal });
    // Another call is answered meanwhile: the first did arrive, and is left waiting.
    expect(await market.json("EARNINGS", { symbol })).to.have.property("symbol");
    expect(market.calls().map(({ outcome }) => outcome)).to.have.members(["hang", "answered"]);
    patience.abort();
    expect(
      await waiting.then(
        () => "answered",
        ({ name }) => name,
      ),
    ).to.equal("AbortError");
  });

  it("closes although a caller still waits", async () => {
    market.faults.inject({ kind: "hang" });
    const waiting = market.ask("OVERVIEW", { symbol }).then(
      () => "answered",
      () => "broken",
    );
    const other = await startTestMarket();
    await other.close();
    while (market.calls().length === 0) await new Promise(setImmediate);
    await market.close();
    expect(await waiting).to.equal("broken");
    market = await startTestMarket();
  });

  it("breaks the connection in the middle of the answer", async () => {
    market.faults.inject({ kind: "truncated", times: 1 });
    const response = await market.ask("INCOME_STATEMENT", { symbol });
    expect(response.status).to.equal(200);
    expect(
      await response.text().then(
        () => "whole",
        () => "broken",
      ),
    ).to.equal("broken");
    expect(await market.json("INCOME_STATEMENT", { symbol })).to.have.property("symbol");
  });

  it("answers what is no JSON", async () => {
    market.faults.inject({ kind: "malformed" });
    const text = await (await market.ask("INCOME_STATEMENT", { symbol })).text();
    expect(() => JSON.parse(text)).to.throw(SyntaxError);
    expect(text).to.match(/^\{/);
  });

  it("mixes broken lines into the calendar", async () => {
    const read = async (): Promise<string[]> => (await (await market.ask("EARNINGS_CALENDAR")).text()).split("\r\n");
    const good = await read();
    const { remove, hits } = market.faults.inject({ kind: "badCsv" });
    const bad = await read();
    expect(bad).to.include.members(good);
    expect(bad.length).to.equal(good.length + 5);
    remove();
    expect(await read()).to.deep.equal(good);
    expect(hits()).to.equal(1);
  });

  it("spells a notice into the calendar, a letter a column", async () => {
    market.faults.inject({ kind: "letterCsv" });
    const [header = "", row] = (await (await market.ask("EARNINGS_CALENDAR")).text()).split("\r\n");
    expect(row).to.equal("I,n,f,o,r,m,a");
    expect(header.split(",")).to.have.length(7);
  });

  it("refuses Alpaca's calls in Alpaca's way", async () => {
    for (const [kind, status] of [
      ["burst", 429],
      ["keyRejected", 403],
      ["error", 422],
      ["html", 200],
    ] as const) {
      market.faults.inject({ kind, function: "ASSETS", times: 1 });
      expect((await market.assets()).status, kind).to.equal(status);
      expect(market.calls().at(-1)).to.deep.include({ provider: "alpaca", function: "ASSETS", outcome: kind });
    }
  });

  it("strikes just whom it is meant for, and as often as it should", async () => {
    const { hits } = market.faults.inject({ kind: "premium", function: "EARNINGS", symbol: "MSFT", times: 2 });
    expect(await market.json("EARNINGS", { symbol })).to.have.property("symbol");
    expect(await market.json("OVERVIEW", { symbol: "MSFT" })).to.have.property("Symbol");
    for (let call = 0; call < 2; call++) {
      expect(await market.json("EARNINGS", { symbol: "MSFT" })).to.have.property("Information");
    }
    expect(await market.json("EARNINGS", { symbol: "MSFT" })).to.have.property("symbol");
    expect(hits()).to.equal(2);
  });

  it("counts the calls that were struck, but for those that the provider refused for their number", async () => {
    market.faults.inject({ kind: "status500", times: 24 });
    for (let call = 0; call < 24; call++) await market.ask("OVERVIEW", { symbol });
    for (const kind of ["burst", "spent"] as const) {
      market.faults.inject({ kind, times: 1 });
      await market.ask("OVERVIEW", { symbol });
    }
    expect(await market.json("OVERVIEW", { symbol })).to.have.property("Symbol");
    expect(await market.json("OVERVIEW", { symbol })).to.have.property("Information");
  });

  it("refuses a fault that the function cannot have", () => {
    expect(() => market.faults.inject({ kind: "letterCsv", function: "OVERVIEW" })).to.throw(
      "OVERVIEW has no fault letterCsv",
    );
    expect(() => market.faults.inject({ kind: "spent", function: "ASSETS" })).to.throw("ASSETS has no fault spent");
  });
});

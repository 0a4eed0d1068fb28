import { gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import {
  fetchEarningsCalendar,
  fetchFundamentals,
  fetchNews,
  parseNews,
} from "../../../functions/processing/providers/alphaVantage";
import type { Answer } from "../../../functions/processing/providers/answer";
import { type Problem, ProviderFailure } from "../../../functions/processing/providers/problem";
import { type Loopback, refusal, startLoopback } from "./loopback";

const key = "KEYOFATEST01";
const run = { now: () => Date.parse("2026-11-20T05:00:01Z") };

const burst =
  "Please spread your free requests out more sparingly (1 request per second). A premium plan lifts the limit of the free key (25 requests per day) and opens all premium endpoints.";
const spent = `We have detected your API key as ${key}; the standard rate limit is 25 requests per day. Premium plans remove all daily limits.`;
const demo = "The **demo** API key is for demonstrations only. Please claim a free API key.";

describe("AlphaVantage", () => {
  let provider: Loopback;
  before(async () => {
    provider = await startLoopback();
  });
  after(() => provider.close());

  const access = (timeoutMs = 2_000) => ({ baseUrl: provider.url, key, timeoutMs });
  const says = (body: string, status = 200, headers: Record<string, string> = {}) =>
    provider.answer((response) => response.writeHead(status, headers).end(body));
  const lastQuery = () => Object.fromEntries(new URL(provider.requests.at(-1)?.url ?? "", provider.url).searchParams);

  const fundamentals = (timeoutMs?: number) => fetchFundamentals("income_statement", "IBM", access(timeoutMs), run);
  const calendar = () => fetchEarningsCalendar(access(), run);
  const news = (from = run.now(), limit = 1_000) => fetchNews({ from, limit }, access(), run);
  const problemOf = async (call: Promise<Answer>): Promise<Problem> => (await refusal(call, key)).problem;

  describe("asked for fundamentals", () => {
    it("is asked for each type by its function, and gives its words as they are", async () => {
      const asked: (string | undefined)[] = [];
      for (const type of dataTypes) {
        const body = type === "company_overview" ? '{"Symbol":"BRK.B"}' : '{ "symbol": "BRK.B" }';
        says(body);
        expect(await fetchFundamentals(type, "BRK.B", access(), run)).to.deep.equal({ body, receivedAt: run.now() });
        const { function: name, ...rest } = lastQuery();
        expect(rest).to.deep.equal({ symbol: "BRK.B", apikey: key });
        asked.push(name);
      }
      expect(asked).to.deep.equal(["OVERVIEW", "EARNINGS", "INCOME_STATEMENT", "BALANCE_SHEET", "CASH_FLOW"]);
    });

    it("is asked below the address it has, whatever that ends with", async () => {
      says('{"symbol":"IBM"}');
      await fetchFundamentals("earnings", "IBM", { ...access(), baseUrl: `${provider.url}/market/` }, run);
      expect(provider.requests.at(-1)?.url).to.match(/^\/market\/query\?/);
    });

    const notices: [string, Problem, unknown][] = [
      ["a burst, though it names the day's limit and premium too", "burst", { Information: burst }],
      ["calls per minute, in a note", "burst", { Note: "The call frequency is 5 calls per minute and 500 per day." }],
      ["a rate limit of no further description", "burst", { Note: "You have reached the rate limit." }],
      ["the day's limit", "spent", { Information: spent }],
      ["the day's limit, in a note", "spent", { Note: spent }],
      ["a premium endpoint", "premium", { Information: "This is a premium endpoint. Subscribe to a premium plan." }],
      ["the demo key", "keyRejected", { Information: demo }],
      ["an invalid key", "keyRejected", { "Error Message": `the parameter apikey is invalid or missing: ${key}` }],
      ["another error", "refused", { "Error Message": "Invalid API call. See the premium documentation." }],
      ["an unknown piece of information", "refused", { Information: "Happy new year." }],
      ["an unknown symbol", "unknownSymbol", {}],
      ["an answer about nobody", "malformed", { annualReports: [] }],
      ["a list", "malformed", [{ symbol: "IBM" }]],
      ["a bare value", "malformed", null],
    ];
    for (const [what, problem, body] of notices) {
      it(`that says 200 and means ${what}: ${problem}`, async () => {
        says(JSON.stringify(body));
        expect(await problemOf(fundamentals())).to.equal(problem);
      });
    }

    it("tells what was said, without the key, and not at length", async () => {
      says(JSON.stringify({ Information: `${spent} ${"x".repeat(5_000)}` }));
      const { message } = await refusal(fundamentals(), key);
      expect(message).to.include("We have detected your API key as [redacted]; the standard");
      expect(message.length).to.be.lessThan(400);
    });

    it("shows a key in no form: as it is, or as it stands in an address", async () => {
      const odd = "odd+KEY/of=1";
      for (const echo of [odd, encodeURIComponent(odd)]) {
        says(JSON.stringify({ Information: `Your key is ${echo}.` }));
        const call = fetchFundamentals("earnings", "IBM", { ...access(), key: odd }, run);
        expect((await refusal(call, odd, encodeURIComponent(odd))).message).to.include("Your key is [redacted].");
      }
    });

    const categories: [unknown, string][] = [
      [{ Information: burst }, "throttled"],
      [{ Information: spent }, "throttled"],
      [{ Information: demo }, "denied"],
      [{}, "permanent"],
      ["<html>", "unavailable"],
    ];
    for (const [body, category] of categories) {
      it(`fails as ${category} for ${JSON.stringify(body).slice(0, 20)}`, async () => {
        says(typeof body === "string" ? body : JSON.stringify(body));
        expect(await refusal(fundamentals(), key)).to.include({ category, origin: "provider" });
      });
    }
  });

  describe("in trouble", () => {
    const page = "<!doctype html><title>Maintenance</title>";
    const damaged: [string, string, Record<string, string>?][] = [
      ["a page", `\n ${page}`],
      ["a page by its type", "We are back soon", { "content-type": "text/html; charset=utf-8" }],
      ["nothing", ""],
      ["blanks", "  \n"],
      ["JSON that is cut off", '{"symbol":"IBM","annualReports":[{"fiscalDate'],
    ];
    for (const [what, body, headers] of damaged) {
      it(`is unavailable where it answers with ${what}`, async () => {
        says(body, 200, headers);
        expect(await problemOf(fundamentals())).to.equal("unavailable");
      });
    }

    const statuses: [number, string, Problem][] = [
      [500, "{}", "unavailable"],
      [503, JSON.stringify({ Information: spent }), "unavailable"],
      [408, "", "unavailable"],
      [429, "slow down", "burst"],
      [429, JSON.stringify({ Information: spent }), "spent"],
      [401, "", "keyRejected"],
      [403, page, "keyRejected"],
      [403, '{"Information', "keyRejected"],
      [404, "", "refused"],
      [400, JSON.stringify({ "Error Message": "the parameter apikey is invalid" }), "keyRejected"],
    ];
    for (const [status, body, problem] of statuses) {
      it(`answers ${status} ${body.slice(0, 20)}: ${problem}`, async () => {
        says(body, status);
        expect(await problemOf(fundamentals())).to.equal(problem);
      });
    }

    it("takes the key to no other address", async () => {
      const other = await startLoopback();
      says("", 302, { location: `${other.url}/query` });
      expect(await problemOf(fundamentals())).to.equal("unavailable");
      expect(other.requests).to.deep.equal([]);
      await other.close();
    });

    it("is waited for no longer than was said, whether the answer never begins or never ends", async function () {
      this.timeout(2_000);
      provider.answer(() => {});
      const never = await refusal(fundamentals(50), key);
      provider.answer((response) => {
        response.write('{"symbol":');
      });
      const cut = await refusal(fundamentals(50), key);
      for (const failure of [never, cut]) {
        expect(failure.problem).to.equal("unavailable");
        expect(failure.message).to.equal("AlphaVantage cannot be reached: no answer within 50 ms");
      }
    });

    it("is unavailable where it breaks off in the middle", async () => {
      provider.answer((response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write('{"symbol":', () => response.destroy());
      });
      expect(await problemOf(fundamentals())).to.equal("unavailable");
    });

    it("is unavailable where nobody listens", async () => {
      const gone = await startLoopback();
      await gone.close();
      const failure = await refusal(fetchFundamentals("earnings", "IBM", { ...access(), baseUrl: gone.url }, run), key);
      expect(failure.message).to.equal("AlphaVantage cannot be reached: ECONNREFUSED");
      expect(failure).to.include({ problem: "unavailable", neverMade: true });
    });

    it("is refused where its address is none, and names neither address nor key", async () => {
      for (const baseUrl of ["not an address", `http://${key}:${key}@127.0.0.1`, `${key}://`]) {
        expect(await problemOf(fetchFundamentals("earnings", "IBM", { ...access(), baseUrl }, run))).to.be.oneOf([
          "refused",
          "unavailable",
        ]);
      }
    });

    it("is understood where its answer travels small, and unavailable where that breaks off or is damaged", async () => {
      const sends = (body: Buffer) =>
        provider.answer((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(body));
      const body = '{"symbol":"IBM"}';
      const small = gzipSync(body);
      sends(small);
      expect((await fundamentals()).body).to.equal(body);
      expect(provider.requests.at(-1)?.headers["accept-encoding"]).to.equal("gzip");
      for (const broken of [small.subarray(0, -12), Buffer.from(body)]) {
        sends(broken);
        expect(await problemOf(fundamentals())).to.equal("unavailable");
      }
    });

    it("is not listened to without end, however small the answer travels", async () => {
      const bomb = gzipSync(Buffer.alloc(10_000_001, " "));
      provider.answer((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
      const failure = await refusal(fundamentals(), key);
      expect(failure).to.include({ problem: "malformed", message: "AlphaVantage's answer is longer than 10 MB" });
    });
  });

  describe("asked for the calendar", () => {
    const header = "symbol,name,reportDate,fiscalDateEnding,estimate,currency,timeOfTheDay";
    const spelling = (text: string, perRow = text.length) =>
      Array.from({ length: Math.ceil(text.length / perRow) }, (_, at) =>
        [...text.slice(at * perRow, (at + 1) * perRow)].map((letter) => (letter === "," ? '","' : letter)).join(","),
      ).join("\r\n");

    it("gives CSV as it is, with rows or without", async () => {
      for (const body of [`${header}\r\n`, `${header}\r\nIBM,IBM,2026-10-21,2026-09-30,,USD,\r\n`]) {
        says(body, 200, { "content-type": "application/x-download" });
        expect((await calendar()).body).to.equal(body);
        expect(lastQuery()).to.deep.equal({ function: "EARNINGS_CALENDAR", horizon: "3month", apikey: key });
      }
    });

    const instead: [string, string, Problem][] = [
      ["JSON about a burst", JSON.stringify({ Information: burst }), "burst"],
      ["JSON about the day", JSON.stringify({ Information: spent }), "spent"],
      ["JSON about nothing", "{}", "malformed"],
      ["a burst, spelled", `${header}\r\n${spelling(burst)}\r\n`, "burst"],
      ["the day, spelled", `${header}\r\n${spelling(spent)}\r\n`, "spent"],
      ["the day, spelled over several rows", `${header}\r\n${spelling(spent, 7)}\r\n`, "spent"],
      [
        "the day, spelled over rows of which the last has one letter",
        `${header}\n${spelling("1 per day", 8)}`,
        "spent",
      ],
      ["the day, spelled in the place of the header", spelling(spent), "spent"],
      ["the day, spelled as far as there are columns", `${header}\r\nW,e, ,h,a,v,e\r\n`, "spent"],
      ["thanks, spelled as far as there are columns", `${header}\r\nT,h,a,n,k, ,y\r\n`, "burst"],
      [
        "the key's refusal, spelled",
        `${header}\n${spelling("the parameter apikey is invalid, or missing")}`,
        "keyRejected",
      ],
      ["other columns", "ticker,date\r\nIBM,2026-10-21\r\n", "malformed"],
      ["words", "Something went wrong", "malformed"],
      ["a page", " <!doctype html><title>Maintenance</title>", "unavailable"],
      ["JSON that is cut off", '{"Information', "unavailable"],
    ];
    for (const [what, body, problem] of instead) {
      it(`that answers with ${what}: ${problem}`, async () => {
        says(body);
        expect(await problemOf(calendar())).to.equal(problem);
      });
    }

    it("takes rows of few letters for rows", async () => {
      for (const row of ["F,F,2026-10-21,2026-09-30,1,$,", "AA,BB,CC,DD,EE,FF,GG"]) {
        says(`${header}\n${row}\n`);
        expect((await calendar()).body).to.include(row);
      }
    });
  });

  describe("asked for news", () => {
    it("is asked from a minute on, the earliest first", async () => {
      says('{"items":"0","feed":[]}');
      await news(Date.parse("2026-08-24T10:15:59Z"), 50);
      const { apikey, ...rest } = lastQuery();
      expect(rest).to.deep.equal({
        function: "NEWS_SENTIMENT",
        time_from: "20260824T1015",
        limit: "50",
        sort: "EARLIEST",
      });
    });

    it("that finds nothing has an answer without articles", async () => {
      says('{"Information":"No articles found. Please adjust the time range."}');
      const { body } = await news();
      expect(parseNews(body)).to.deep.equal({ articles: [], refused: [] });
    });

    it("tells notices from answers", async () => {
      says(JSON.stringify({ Information: spent }));
      expect(await problemOf(news())).to.equal("spent");
      says("{}");
      expect(await problemOf(news())).to.equal("malformed");
    });

    it("refuses a number of articles that the provider does not give, and asks nothing", async () => {
      const before = provider.requests.length;
      for (const limit of [0, 1_001, 1.5, Number.NaN]) {
        const error = await news(run.now(), limit).catch((thrown: unknown) => thrown);
        expect(error).to.include({ category: "validation", field: "limit" });
      }
      expect(provider.requests.length).to.equal(before);
    });
  });

  it("gives an answer or a failure, whatever comes, and never the key", async () => {
    const words = fc.oneof(fc.string(), fc.constantFrom(key, burst, spent, demo, `${key}"`, `\\u0000${key}`));
    const answers = fc.constantFrom(
      '{"symbol":"IBM"}',
      '{"items":"0","feed":[]}',
      "symbol,name,reportDate,fiscalDateEnding,estimate,currency\r\n",
    );
    let answered = 0;
    const bodies = fc.oneof(
      { weight: 3, arbitrary: answers },
      words,
      fc.json(),
      fc
        .dictionary(fc.constantFrom("Information", "Note", "Error Message", "symbol", "feed", "__proto__"), words)
        .map((object) => JSON.stringify(object)),
    );
    const calls = fc.constantFrom(fundamentals, calendar, news);
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.constantFrom(200, 200, 200, 400, 403, 429, 500),
        calls,
        async (body, status, call) => {
          says(body, status);
          const outcome = await call().catch((error: unknown) => error);
          if (outcome instanceof ProviderFailure) await refusal(Promise.reject(outcome), key);
          else {
            expect(outcome).to.include({ body, receivedAt: run.now() });
            answered++;
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(answered).to.be.greaterThan(0);
  });
});

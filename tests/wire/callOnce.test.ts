import { expect } from "chai";
import { pauseCalls, reserveAlpacaCall, reserveCall } from "../../functions/processing/budget/calls";
import type { Answer } from "../../functions/processing/providers/answer";
import { callOnce } from "../../functions/processing/providers/callOnce";
import { type Problem, ProviderFailure } from "../../functions/processing/providers/problem";
import { keptRaw, rawKey, readRaw } from "../../functions/processing/raw/keep";
import { listRaw } from "../../functions/processing/raw/list";
import { cleanMarket, invocation, marketWorld, noon, quietly, rowsOf } from "./marketWorld";

let works = 0;

describe("a sync's call", () => {
  before(marketWorld);
  beforeEach(cleanMarket);
  after(cleanMarket);

  const answer: Answer = { body: "symbol,name\r\n", receivedAt: noon };
  const prepare = (...problems: Problem[]) => {
    const key = rawKey("alphavantage", "earnings_calendar", `work-${++works}`);
    let fetched = 0;
    const fetch = async () => {
      const problem = problems[fetched++];
      if (problem) throw new ProviderFailure(problem, problem);
      return answer;
    };
    const call = (run = invocation(), job: "news" | "calendar" | "fundamentals" = "fundamentals") =>
      quietly(() => callOnce({ rawKey: key, reserve: () => reserveCall(job, run), fetch }, run));
    return { key, call, fetched: () => fetched };
  };

  it("is made once: its answer is kept, packed, and found again by the next try for some hours", async () => {
    const { key, call, fetched } = prepare();
    expect(await call()).to.deep.equal({ called: true, answer });
    expect(await call()).to.deep.equal({ called: true, answer });
    expect(fetched()).to.equal(1);
    expect(await keptRaw(key, invocation())).to.deep.equal(answer);
    expect(await keptRaw(key, invocation(noon + 6 * 3_600_000))).to.equal(undefined);
  });

  it("waits a little where the provider wants a pause, each try paid anew, and gives up after three", async () => {
    const patient = prepare("burst", "burst");
    const run = invocation();
    expect(await patient.call(run)).to.deep.equal({ called: true, answer });
    expect(run.waits.filter((ms) => ms === 2_000)).to.have.length(2);
    const tired = prepare("burst", "burst", "burst", "burst");
    expect(await tired.call().catch((error: unknown) => error)).to.include({ problem: "burst" });
    expect(tired.fetched()).to.equal(3);
  });

  it("waits for as long as the provider says, unless that is too long for the invocation", async () => {
    const pausing = (inMs: number) => {
      const run = invocation();
      const fetch = async () => {
        if (run.waits.length > 1) return answer;
        throw new ProviderFailure("burst", "slow down", noon + inMs);
      };
      const key = rawKey("alpaca", "assets", `work-${++works}`);
      const ended = quietly(() => callOnce({ rawKey: key, reserve: () => reserveCall("news", run), fetch }, run));
      return { run, ended };
    };
    const soon = pausing(12_000);
    expect(await soon.ended).to.deep.equal({ called: true, answer });
    expect(soon.run.waits).to.include(12_000);
    const late = pausing(16_000);
    expect(await late.ended.catch((error: unknown) => error)).to.include({ problem: "burst" });
    expect(late.run.waits).not.to.include(16_000);
  });

  it("has all others wait for as long as the provider says, each provider's own", async () => {
    const run = invocation();
    const budgets = { alphavantage: () => reserveCall("news", run), alpaca: () => reserveAlpacaCall(run) };
    for (const [budget, reserve] of Object.entries(budgets)) {
      const fetch = async () => {
        throw new ProviderFailure("unavailable", "down for maintenance", noon + 600_000);
      };
      const call = { rawKey: rawKey(budget, "pause", `work-${++works}`), reserve, fetch };
      expect(await quietly(() => callOnce(call, run).catch((error: unknown) => error))).to.include({
        problem: "unavailable",
      });
      const paused = (await rowsOf("api-budget")).filter(({ next_call_at }) => next_call_at === noon + 600_000);
      expect(paused.map(({ budget_id }) => budget_id)).to.include(budget);
      expect(await quietly(() => callOnce(call, run).catch((error: unknown) => error))).to.include({
        message: "the call's turn comes too late for this invocation",
      });
    }
  });

  it("closes the day where the provider has no more calls, and says so", async () => {
    expect(await prepare("spent").call()).to.deep.equal({ called: false, why: "the provider has no call left today" });
    const [budget] = await rowsOf("api-budget");
    expect(budget?.["closed_until"]).to.be.greaterThan(noon);
    const next = prepare();
    expect(await next.call())
      .to.have.property("why")
      .which.matches(/^no call left for this until 2026-/);
    expect(next.fetched()).to.equal(0);
  });

  it("fails with the provider, and is made again by the next try", async () => {
    const { call } = prepare("unavailable");
    expect(await call().catch((error: unknown) => error)).to.include({ problem: "unavailable" });
    expect(await call()).to.deep.equal({ called: true, answer });
  });

  it("is paid for by the fundamentals where the calendar's failed, as long as these have any", async () => {
    const spent = async () => Object.values((await rowsOf("api-budget"))[0]?.["utc"] as object)[0];
    const broken = prepare("unavailable");
    const run = invocation();
    expect(await broken.call(run, "calendar").catch((error: unknown) => error)).to.include({ problem: "unavailable" });
    expect(await spent()).to.deep.equal({ calendar: 0, fundamentals: 1 });
    expect(await broken.call(run, "calendar")).to.deep.equal({ called: true, answer });
    expect(await spent()).to.deep.equal({ calendar: 1, fundamentals: 1 });
    await cleanMarket();
    expect(await prepare("burst").call(run, "calendar")).to.deep.equal({ called: true, answer });

    await cleanMarket();
    process.env["ALPHA_VANTAGE_PER_DAY"] = "6";
    try {
      const hopeless = prepare("burst", "burst");
      expect(await hopeless.call(run, "calendar").catch((error: unknown) => error)).to.include({ problem: "burst" });
      expect(hopeless.fetched()).to.equal(2);
      expect(await spent()).to.deep.equal({ calendar: 1, fundamentals: 1 });
    } finally {
      process.env["ALPHA_VANTAGE_PER_DAY"] = "25";
    }
  });

  it("keeps an answer of a shape that nobody knows, where the next try does not take it for one that is known", async () => {
    const about = `earnings_calendar/odd-${++works}`;
    const key = rawKey("alphavantage", about, "odd");
    const odd: Answer = { body: "ticker,date\r\n", receivedAt: noon };
    let asked = 0;
    const fetch = async () => {
      if (++asked > 1) return answer;
      throw new ProviderFailure("malformed", "other columns").of(odd);
    };
    const run = invocation();
    const call = () =>
      quietly(() => callOnce({ rawKey: key, reserve: () => reserveCall("fundamentals", run), fetch }, run));
    expect(await call().catch((error: unknown) => error)).to.include({ problem: "malformed" });
    const [kept = ""] = await listRaw(`alphavantage/${about}/`, run);
    expect(kept).to.match(/[/]refused-/);
    expect(await readRaw(kept, run)).to.deep.equal(odd);
    expect(await call()).to.deep.equal({ called: true, answer });
  });

  it("is given back where it never reached the provider, and not where it may have", async () => {
    const spentBy = async (made: boolean) => {
      const key = rawKey("alphavantage", "earnings_calendar", `work-${++works}`);
      const failure = new ProviderFailure("unavailable", "cannot be reached");
      const run = invocation();
      const fetch = async () => {
        throw made ? failure : failure.unmade();
      };
      const call = callOnce({ rawKey: key, reserve: () => reserveCall("news", run), fetch }, run);
      expect(await quietly(() => call.catch((error: unknown) => error))).to.include({ problem: "unavailable" });
      const [budget] = await rowsOf("api-budget");
      return Object.values(budget?.["utc"] as object);
    };
    expect(await spentBy(false)).to.deep.equal([{ news: 0 }]);
    expect(await spentBy(true)).to.deep.equal([{ news: 1 }]);
  });

  describe("whose turn comes too late", () => {
    const tooLate = "turn comes too late for this invocation";
    const late = async (madeUpForLater: boolean) => {
      const run = invocation();
      const key = rawKey("alphavantage", "earnings_calendar", `work-${++works}`);
      await pauseCalls(noon + 600_000, run);
      const fetch = async () => expect.fail("it was made");
      const call = { rawKey: key, reserve: () => reserveCall("fundamentals", run), fetch, madeUpForLater };
      const end = await quietly(() => callOnce(call, run).catch((error: unknown) => error));
      const [budget] = await rowsOf("api-budget");
      expect(Object.values(budget?.["utc"] as object)).to.deep.equal([{ fundamentals: 0 }]);
      return end;
    };

    it("is given back, and left to the next try", async () => {
      expect(await late(false)).to.include({ category: "throttled", message: `the call's ${tooLate}` });
    });

    it("is no failure where a later run makes up for it", async () => {
      expect(await late(true)).to.deep.equal({ called: false, why: `its ${tooLate}` });
    });

    it("has failed all the same where a try of its own did", async () => {
      const run = invocation();
      const fetch = async () => {
        await pauseCalls(noon + 600_000, run);
        throw new ProviderFailure("burst", "slow down");
      };
      const key = rawKey("alphavantage", "news", `work-${++works}`);
      const call = { rawKey: key, reserve: () => reserveCall("news", run), fetch, madeUpForLater: true };
      expect(await quietly(() => callOnce(call, run).catch((error: unknown) => error))).to.include({
        problem: "burst",
      });
    });
  });
});

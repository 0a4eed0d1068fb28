import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { wordOf } from "../../functions/processing/consume/outcome";
import { Failure } from "../../functions/processing/failure";
import { bury } from "../../functions/processing/ingestion/bury";
import { layBack } from "../../functions/processing/ingestion/finish";
import { ingest } from "../../functions/processing/ingestion/ingest";
import { store } from "../../functions/processing/ingestion/store";
import { ProviderFailure } from "../../functions/processing/providers/problem";
import { moveType, readState } from "../../functions/processing/state/store";
import { type TakenJob, takeMany, takeNext } from "../../functions/processing/work/queue";
import { alphaVantageKey } from "../local/market/started";
import { startLoopback } from "../unit/providers/loopback";
import {
  bell,
  bellsLater,
  cleanMarket,
  fated,
  invocation,
  jobOf,
  list,
  type MarketWorld,
  marketWorld,
  noon,
  pollinated,
  quietly,
  rowsOf,
  rung,
  stateOf,
  wanted,
  writes,
} from "./marketWorld";

const minute = 60_000;
const lease = 150_000;

describe("ingestion", () => {
  let world: MarketWorld;
  const earlier = { calls: 0, bells: 0 };
  before(async () => {
    world = await marketWorld();
  });
  beforeEach(async () => {
    await cleanMarket();
    await list("AAPL", "IBM", "MSFT");
    earlier.calls = world.market.calls().length;
    earlier.bells = await bellsLater();
  });
  after(cleanMarket);

  const calls = () => world.market.calls().length - earlier.calls;
  const bells = async () => (await bellsLater()) - earlier.bells;
  const letters = async () =>
    (await world.deadLetters.take()).map(({ MessageAttributes = {}, Body = "{}" }) => ({
      reason: MessageAttributes["reason"]?.StringValue,
      detail: JSON.parse(Body).detail as Record<string, unknown>,
    }));
  const spent = async () => {
    const [budget] = await rowsOf("api-budget");
    const days = Object.values((budget?.["utc"] ?? {}) as Record<string, { fundamentals?: number }>);
    return days.reduce((sum, { fundamentals = 0 }) => sum + fundamentals, 0);
  };
  const taken = async (preferred: string, now = noon): Promise<TakenJob> => {
    const job = await takeNext("ingestion", preferred, lease, invocation(now));
    if (!job) throw new Error("there is no job");
    return job;
  };

  it("stores what a bell asks for, moves the state with it, and tells of the last type", async () => {
    await pollinated(wanted("AAPL", ["earnings", "cash_flow"]));
    expect(await rung(bell("AAPL", "earnings"))).to.match(/^stored: \d+ new, 0 restated, 0 as before, 0 refused$/);
    expect(await stateOf("AAPL")).to.include({ status: "processing", progress: 0.5 });
    await rung(bell("AAPL", "cash_flow"));
    expect(await stateOf("AAPL")).to.include({ status: "complete", progress: 1 });
    expect(await rung(bell("AAPL", "cash_flow"))).to.equal("nothing waits");
    const types = (await rowsOf("event-store")).map(({ event_type }) => event_type);
    expect(types.filter((type) => type === "pollinationComplete")).to.have.length(1);
    expect(calls()).to.equal(2);
    expect(await spent()).to.equal(2);
  });

  it("tells of a report that was expected, and of no other", async () => {
    const { quarterlyEarnings } = await world.market.json<{ quarterlyEarnings: { fiscalDateEnding: string }[] }>(
      "EARNINGS",
      { symbol: "AAPL" },
    );
    const quarter = quarterlyEarnings[0]?.fiscalDateEnding;
    const expected = [
      { earnings_date: "2026-08-27", fiscal_date_ending: quarter, status: "scheduled" },
      { earnings_date: "2026-08-26", fiscal_date_ending: "2026-08-31", status: "scheduled" },
      { earnings_date: "2026-08-25", fiscal_date_ending: quarter, status: "moved" },
    ];
    for (const entry of expected) {
      const Item = { asset_id: "ASSET#AAPL", version: 1, source_time: 0, ...entry };
      await dynamodb().send(new PutCommand({ TableName: "earnings-calendar", Item }));
    }
    await pollinated(wanted("AAPL", ["earnings"]));
    await rung(bell("AAPL", "earnings"));
    const told = world.bus.accepted.filter(({ DetailType }) => DetailType === "earningsProcessed");
    expect(told.map(({ Detail }) => (JSON.parse(Detail) as { earningsDate: string }).earningsDate)).to.deep.equal([
      "2026-08-27",
    ]);
  });

  it("waits, and asks nobody, while no key is set", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const said = await ingest(bell("AAPL", "earnings"), invocation(), async () => undefined);
    expect(said).to.equal("waiting: no key for AlphaVantage is set");
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "enqueued", attempts: 0 });
  });

  it("takes up what another team asks for, in its turn, and only if it is news", async () => {
    await rung(bell("AAPL", "earnings", { eventId: "theirs" }));
    expect(await stateOf("AAPL")).to.include({ status: "complete", cause_id: "theirs" });
    await rung(bell("AAPL", "earnings", { eventId: "theirs" }));
    await rung(bell("AAPL", "earnings", { timestamp: noon - minute }));
    expect(calls()).to.equal(1);
    await rung(bell("AAPL", "earnings", { timestamp: noon + minute }), invocation(noon + 2 * minute));
    expect(calls()).to.equal(2);
  });

  it("does the job that the bell is for where the index does not show it yet", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const { position: _, ...job } = await jobOf("AAPL", "earnings");
    await dynamodb().send(new PutCommand({ TableName: "queue-tracking", Item: job }));
    expect(await takeMany("ingestion", 10, lease, invocation())).to.deep.equal([]);
    expect(await rung(bell("AAPL", "earnings"))).to.match(/^stored/);
  });

  it("does the urgent first, and among equals the bell's own", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    await pollinated(wanted("IBM", ["earnings", "cash_flow"]));
    expect((await taken("ingestion#IBM#cash_flow")).job_id).to.equal("ingestion#IBM#cash_flow");
    await dynamodb().send(
      new UpdateCommand({
        TableName: "queue-tracking",
        Key: { job_id: "ingestion#IBM#earnings" },
        UpdateExpression: "SET #position = :position, priority = :low",
        ExpressionAttributeNames: { "#position": "position" },
        ExpressionAttributeValues: { ":position": "2#later", ":low": "low" },
      }),
    );
    expect((await taken("ingestion#IBM#earnings")).job_id).to.equal("ingestion#AAPL#earnings");
    expect((await takeMany("ingestion", 5, lease, invocation())).map(({ job_id }) => job_id)).to.deep.equal([
      "ingestion#IBM#earnings",
    ]);
  });

  it("ends a job whose budget is damaged in the dead letters, and its state with it; the next request begins anew", async () => {
    await dynamodb().send(new PutCommand({ TableName: "api-budget", Item: { budget_id: "alphavantage", version: 1 } }));
    await pollinated(wanted("AAPL", ["earnings"]));
    expect(await rung(bell("AAPL", "earnings"))).to.match(/^failed: the budget of alphavantage is damaged/);
    expect((await letters()).map(({ reason }) => reason)).to.deep.equal([(await jobOf("AAPL", "earnings")).error]);
    expect(await stateOf("AAPL")).to.include({ status: "failed" });
    expect(calls()).to.equal(0);
    await cleanMarket();
    await list("AAPL");
    await pollinated(wanted("AAPL", ["earnings"]));
    expect(await rung(bell("AAPL", "earnings"))).to.match(/^stored/);
  });

  it("rings again for a job that came back, whatever kept it, until it has failed three times", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    // The ledger is the only table of which this run writes a whole row before it has a call.
    const noLedger = (now: number) =>
      fated(invocation(now), (operation) => (operation === "PutItem" ? "fails" : "works"));
    let now = noon;
    for (const attempts of [1, 2]) {
      expect(await rung(bell("AAPL", "earnings"), noLedger(now))).to.equal("retrying: slow down");
      expect(await jobOf("AAPL", "earnings")).to.include({ status: "enqueued", attempts, error: "slow down" });
      expect(await bells()).to.equal(attempts);
      expect(await rung(bell("AAPL", "earnings"), invocation(now + 29_999))).to.equal("nothing waits");
      now += 6 * minute;
    }
    expect(await rung(bell("AAPL", "earnings"), noLedger(now))).to.equal("failed: slow down");
    expect(await stateOf("AAPL")).to.include({ status: "failed" });
    const [letter] = await letters();
    expect(letter?.reason).to.equal("slow down");
    expect(calls()).to.equal(0);
    expect(await spent()).to.equal(0);
    // The dead letter is a bell of its own: it brings the job back, once.
    const again = bell("AAPL", "earnings", letter?.detail as { eventId: string; timestamp: number });
    expect(await rung(again, invocation(now + minute))).to.match(/^stored/);
    expect(await rung(again, invocation(now + 2 * minute))).to.equal("nothing waits");
    expect(await stateOf("AAPL")).to.include({ status: "complete" });
    expect(calls()).to.equal(1);
  });

  it("lets a provider that hangs hang, and asks again later", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const hangs = world.market.faults.inject({ kind: "hang", symbol: "AAPL", times: 1 });
    const impatient = async () => ({ baseUrl: world.market.url, key: alphaVantageKey, timeoutMs: 50 });
    const said = await quietly(() => ingest(bell("AAPL", "earnings"), invocation(), impatient));
    expect(wordOf(said)).to.equal("retrying: AlphaVantage cannot be reached: no answer within 50 ms");
    expect(hangs.hits()).to.equal(1);
    expect(await rung(bell("AAPL", "earnings"), invocation(noon + 6 * minute))).to.match(/^stored/);
    expect(await spent()).to.equal(2);
  });

  it("spends no call where nobody can be reached, and asks again later", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const gone = await startLoopback();
    await gone.close();
    const nowhere = async () => ({ baseUrl: gone.url, key: alphaVantageKey });
    const said = await quietly(() => ingest(bell("AAPL", "earnings"), invocation(), nowhere));
    expect(wordOf(said)).to.match(/^retrying: AlphaVantage cannot be reached: /);
    expect(await spent()).to.equal(0);
    expect(await rung(bell("AAPL", "earnings"), invocation(noon + 6 * minute))).to.match(/^stored/);
    expect(await spent()).to.equal(1);
  });

  it("gives up a job that cannot even be begun again, and says so in the state", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    world.market.faults.inject({ kind: "status500", symbol: "AAPL", times: 1 });
    expect(await rung(bell("AAPL", "earnings"))).to.match(/^retrying: .* 500$/);
    expect(await stateOf("AAPL")).to.include({ status: "retrying" });
    for (const minutes of [6, 12]) {
      const now = noon + minutes * minute;
      await rung(
        bell("AAPL", "earnings"),
        fated(invocation(now), (operation) => (operation === "PutItem" ? "fails" : "works")),
      );
    }
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "dead", attempts: 3 });
    expect(await stateOf("AAPL")).to.include({ status: "failed", error: "earnings: slow down" });
  });

  it("makes no second call for what was fetched already, and lets nothing half written count", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const noReports = (now: number) =>
      fated(invocation(now), (operation) => (operation === "BatchWriteItem" ? "fails" : "works"));
    expect(await rung(bell("AAPL", "earnings"), noReports(noon))).to.equal("retrying: slow down");
    expect(await stateOf("AAPL")).to.include({ status: "retrying" });
    const noEnd = fated(invocation(noon + 6 * minute), (operation, count) =>
      operation === "TransactWriteItems" && count <= 3 ? "fails" : "works",
    );
    expect(await rung(bell("AAPL", "earnings"), noEnd)).to.equal("retrying: slow down");
    expect(await rowsOf("earnings")).to.have.length(25);
    expect((await rowsOf("earnings")).some(({ report_key }) => report_key === "HEAD")).to.equal(false);
    expect(await rung(bell("AAPL", "earnings"), invocation(noon + 12 * minute))).to.match(/^stored/);
    expect(calls()).to.equal(1);
    const keys = (await rowsOf("earnings")).map(({ report_key }) => report_key);
    expect(keys).to.include("HEAD");
    expect(await stateOf("AAPL")).to.include({ status: "complete", attempts: 3 });
  });

  it("does each write once where the answers to all of them are lost", async () => {
    const lossy = () =>
      fated(invocation(), (operation, count) => (writes.has(operation) && count % 2 === 1 ? "is lost" : "works"));
    await pollinated(wanted("AAPL", ["earnings"]), lossy());
    expect(await stateOf("AAPL")).to.include({ status: "pending", version: 1 });
    await rung(bell("AAPL", "earnings"), lossy());
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "done", attempts: 1 });
    expect(await stateOf("AAPL")).to.include({ status: "complete", attempts: 1 });
    expect(calls()).to.equal(1);
    expect(await letters()).to.deep.equal([]);
  });

  it("gives a call back whose turn would come too late, and rings for it then", async () => {
    process.env["ALPHA_VANTAGE_PER_SECOND"] = "0.01";
    try {
      await pollinated(wanted("AAPL", ["earnings", "cash_flow"]));
      await rung(bell("AAPL", "earnings"));
      expect(await rung(bell("AAPL", "cash_flow"))).to.equal("waiting for its turn to call");
      expect(await jobOf("AAPL", "cash_flow")).to.include({
        status: "enqueued",
        attempts: 0,
        not_before: noon + 100_000,
      });
      expect(await bells()).to.equal(1);
      expect(await spent()).to.equal(1);
      expect(await rung(bell("AAPL", "cash_flow"), invocation(noon + 100_000))).to.match(/^stored/);
    } finally {
      process.env["ALPHA_VANTAGE_PER_SECOND"] = "1000";
    }
  });

  it("gives a call back that could not be made, and spends no more than the day has", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const noState = fated(invocation(), (operation, count) =>
      operation === "PutItem" && count > 1 && count < 5 ? "fails" : "works",
    );
    expect(await rung(bell("AAPL", "earnings"), noState)).to.equal("retrying: slow down");
    expect(await spent()).to.equal(0);
    process.env["ALPHA_VANTAGE_PER_DAY"] = "5";
    try {
      expect(await rung(bell("AAPL", "earnings"), invocation(noon + minute * 6))).to.match(
        /^waiting for the budget of calls until /,
      );
    } finally {
      process.env["ALPHA_VANTAGE_PER_DAY"] = "25";
    }
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "enqueued", attempts: 1, not_before: 0 });
    expect(await jobOf("AAPL", "earnings")).not.to.have.property("owner");
    expect(calls()).to.equal(0);
  });

  it("tells a pause, the end of the day, and a key that is refused from a failure", async () => {
    const fault = (kind: "burst" | "spent" | "keyRejected") =>
      world.market.faults.inject({ kind, symbol: "AAPL", times: 1 });
    await pollinated(wanted("AAPL", ["earnings"]));
    fault("burst");
    expect(await rung(bell("AAPL", "earnings"))).to.equal("waiting: the provider wants a pause");
    expect(await bells()).to.equal(1);
    fault("keyRejected");
    const refused = await rung(bell("AAPL", "earnings"), invocation(noon + 2_000)).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(ProviderFailure).and.include({ problem: "keyRejected", category: "denied" });
    expect((await jobOf("AAPL", "earnings")).error).to.match(/apikey/);
    fault("spent");
    expect(await rung(bell("AAPL", "earnings"), invocation(noon + 3_000))).to.match(/^waiting for tomorrow's budget/);
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "enqueued", attempts: 0 });
    expect(await stateOf("AAPL")).to.include({ status: "pending", attempts: 0 });
    expect(await rung(bell("AAPL", "earnings"), invocation(noon + minute))).to.match(
      /^waiting for the budget of calls/,
    );
    expect(calls()).to.equal(3);
  });

  it("spends no call on a company that is not traded, nor on one that somebody made up", async () => {
    await dynamodb().send(new PutCommand({ TableName: "assets", Item: { asset_id: "ASSET#OLD", status: "delisted" } }));
    for (const symbol of ["OLD", "NOPE"]) {
      expect(await rung(bell(symbol, "earnings"))).to.equal(
        `failed: detail.assetId ${symbol} is not an active company that we know`,
      );
      expect(await stateOf(symbol)).to.include({ status: "failed" });
    }
    expect(calls()).to.equal(0);
    expect(await letters()).to.have.length(2);
  });

  it("fences a taker off whose time ran out: it neither ends the job, nor lays it back, nor moves the state", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const slow = await taken("ingestion#AAPL#earnings");
    const next = await taken("ingestion#AAPL#earnings", noon + lease);
    expect(next.attempts).to.equal(2);
    await moveType("AAPL", "earnings", "processing", invocation());
    const before = await stateOf("AAPL");
    expect(await quietly(() => bury(slow, "too late", invocation()))).to.equal(false);
    expect(await layBack(slow, "retrying", { counted: true }, invocation())).to.equal(false);
    const body = await (await world.market.ask("EARNINGS", { symbol: "AAPL" })).text();
    const late = { answer: { body, receivedAt: noon }, rawKey: "late", state: undefined };
    expect(await store(slow, late, invocation())).to.deep.equal({
      said: "overtaken: another took the job meanwhile",
      rows: [],
    });
    expect(await stateOf("AAPL")).to.deep.equal(before);
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "started", owner: next.owner });
    expect((await rowsOf("earnings")).some(({ report_key }) => report_key === "HEAD")).to.equal(false);
  });

  it("leaves a job alone that was laid back for later while it was looked at", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const run = invocation();
    let looked = false;
    const slow: typeof run = {
      ...run,
      call: async (operation, origin, send) => {
        if (operation === "UpdateItem" && !looked) {
          looked = true;
          const job = await taken("ingestion#AAPL#earnings");
          await layBack(job, "pending", { counted: false, notBefore: noon + 2_000 }, invocation());
        }
        return run.call(operation, origin, send);
      },
    };
    expect(await takeNext("ingestion", "ingestion#AAPL#earnings", lease, slow)).to.equal(undefined);
    expect(looked).to.equal(true);
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "enqueued", attempts: 0, not_before: noon + 2_000 });
  });

  it("never lets an older answer overwrite a younger one", async () => {
    const body = await (await world.market.ask("INCOME_STATEMENT", { symbol: "AAPL" })).text();
    const old = body.replaceAll(/"netIncome":"\d+"/g, '"netIncome":"1"');
    const answerOf = (text: string, receivedAt: number) => ({
      answer: { body: text, receivedAt },
      rawKey: `at ${receivedAt}`,
      state: undefined,
    });
    const stored = async (text: string, receivedAt: number, at: number) => {
      await pollinated(wanted("AAPL", ["income_statement"], { timestamp: at }), invocation(at));
      const job = await taken("ingestion#AAPL#income_statement", at);
      await moveType("AAPL", "income_statement", "processing", invocation(at));
      return (await quietly(() => store(job, answerOf(text, receivedAt), invocation(at)))).said;
    };
    await stored(body, noon, noon);
    const young = await rowsOf("income-statement");
    expect(await stored(old, noon - minute, noon + 25 * 60 * minute)).to.equal(
      "stored: 0 new, 0 restated, 0 as before, 0 refused",
    );
    expect(await rowsOf("income-statement")).to.deep.equal(young);
    expect(await stored(old, noon + minute, noon + 50 * 60 * minute)).to.match(/^stored: 0 new, 25 restated/);
  });

  it("keeps what was made anew while a job was done, and ends that at its second try", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    await rung(bell("AAPL", "earnings"));
    const later = noon + 25 * 60 * minute;
    await pollinated(wanted("AAPL", ["earnings"]), invocation(later));
    const run = invocation(later);
    const headOf = async () => (await rowsOf("earnings")).find(({ report_key }) => report_key === "HEAD");
    const mended = { "QUARTERLY#1999-12-31": "2026-08-01T00:00:00.000Z~mended#content" };
    let ends = 0;
    const remadeMeanwhile = {
      ...run,
      call: async (operation, origin, send) => {
        if (operation === "TransactWriteItems" && ++ends === 1) {
          const head = await headOf();
          const current = { ...(head?.["current"] as object), ...mended };
          const Item = { ...head, current, remade_at: new Date(later).toISOString() };
          await dynamodb().send(new PutCommand({ TableName: "earnings", Item }));
        }
        return run.call(operation, origin, send);
      },
    } as typeof run;
    expect(await rung(bell("AAPL", "earnings"), remadeMeanwhile)).to.match(/^stored/);
    expect(ends).to.equal(2);
    expect((await headOf())?.["current"]).to.include(mended);
    expect(calls()).to.equal(2);
  });

  it("leaves a job done whose events could not be published: they wait for the sweeper", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const run = fated(invocation(), (operation, count) =>
      operation === "UpdateItem" && count > 1 ? "fails" : "works",
    );
    const end = await rung(bell("AAPL", "earnings"), run).catch((error: unknown) => error);
    expect(end).to.be.instanceOf(Failure).and.include({ category: "throttled" });
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "done" });
    expect(await letters()).to.deep.equal([]);
    const pending = (await rowsOf("event-store")).filter(({ status }) => status === "pending");
    expect(pending.map(({ event_type }) => event_type)).to.deep.equal(["pollinationComplete"]);
    expect(await readState("AAPL", invocation())).to.include({ status: "complete" });
  });
});

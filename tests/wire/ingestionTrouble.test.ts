import { expect } from "chai";
import { consume } from "../../functions/processing/consume/consume";
import { inTurn } from "../../functions/processing/consume/inTurn";
import type { Outcome } from "../../functions/processing/consume/outcome";
import { dataIngestionNeeded } from "../../functions/processing/events/dataIngestionNeeded";
import type { DataIngestionNeeded } from "../../functions/processing/ingestion/ensureQueued";
import { ingest } from "../../functions/processing/ingestion/ingest";
import type { FaultKind } from "../../local/market/faults";
import { alphaVantageKey } from "../local/market/started";
import { type Loopback, startLoopback } from "../unit/providers/loopback";
import {
  bell,
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
  rung,
  wanted,
} from "./marketWorld";
import { captureOutput, type Line } from "./output";
import { batch, context, envelope } from "./world";

/** What was counted, by the metric's name. */
const counted = (lines: readonly Line[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const line of lines.filter(({ _aws }) => _aws !== undefined)) {
    for (const [name, value] of Object.entries(line)) {
      if (!/^(Events|Success|Failure|Error[A-Z]|DeadLettered|Validation)/.test(name)) continue;
      counts[name] = (counts[name] ?? 0) + [value].flat().reduce((sum: number, one) => sum + Number(one), 0);
    }
  }
  return counts;
};

describe("what ingestion counts of a job", () => {
  let world: MarketWorld;
  before(async () => {
    world = await marketWorld();
  });
  beforeEach(async () => {
    await cleanMarket();
    await list("AAPL", "MSFT");
    await pollinated(wanted("AAPL", ["earnings"]));
  });
  after(cleanMarket);

  let ids = 0;
  /** One bell, through the very handler that Lambda calls. */
  const ring = async (now = noon): Promise<Record<string, number>> => {
    const access = async () => ({ baseUrl: world.market.url, key: alphaVantageKey });
    const handler = consume(
      {
        name: "ingestion",
        accepts: [dataIngestionNeeded],
        handle: inTurn<DataIngestionNeeded, Outcome>(20_000, (event, run) => ingest(event, run, access)),
      },
      { now: () => now, newId: () => `ring-${++ids}`, random: () => 0.5, sleep: async () => undefined },
    );
    const body = envelope("dataIngestionNeeded", { assetId: "AAPL", dataType: "earnings" }, { id: `bell-${++ids}` });
    const { lines, result } = await captureOutput(() => handler(batch(body), context(120_000)));
    expect(result).to.deep.equal({ batchItemFailures: [] });
    return counted(lines);
  };
  const strike = (kind: FaultKind) => world.market.faults.inject({ kind, symbol: "AAPL", times: 1 });

  const done = { Events: 1, Success: 1, ValidationSuccess: 2 };
  const failed = { Events: 1, Failure: 1, ValidationSuccess: 1 };

  it("is a success where the data is stored", async () => {
    expect(await ring()).to.deep.equal(done);
  });

  it("is a failure of the provider where that gives no answer: one that is tried again, or one for good", async () => {
    strike("status500");
    expect(await ring()).to.deep.equal({ ...failed, ErrorProvider: 1 });
    strike("premium");
    expect(await ring(noon + 360_000)).to.deep.equal({ ...failed, ErrorProvider: 1, DeadLettered: 1 });
    await world.deadLetters.take();
  });

  it("is a failure of validation where an answer cannot be used", async () => {
    const access = async () => ({ baseUrl: loopback.url, key: alphaVantageKey });
    const loopback = await startLoopback();
    loopback.answer((response) => response.end('{"symbol": "IBM", "annualEarnings": []}'));
    const run = invocation();
    const outcome = await quietly(() => ingest(bell("AAPL", "earnings"), run, access));
    await loopback.close();
    expect(outcome).to.have.nested.property("failure.category", "validation");
    expect(run.counted).to.include({ ValidationErrors: 1, DeadLettered: 1 });
    await world.deadLetters.take();
  });

  it("is no failure where a call must be waited for, for a moment or until tomorrow", async () => {
    const waiting = { Events: 1, Success: 1, ValidationSuccess: 1 };
    strike("burst");
    expect(await ring()).to.deep.equal(waiting);
    strike("spent");
    expect(await ring(noon + 2_000)).to.deep.equal(waiting);
    expect(await ring(noon + 60_000)).to.deep.equal(waiting);
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "enqueued", attempts: 0 });
  });

  it("is a failure of DynamoDB where that throttles", async () => {
    const run = fated(invocation(), (operation) => (operation === "PutItem" ? "fails" : "works"));
    const access = async () => ({ baseUrl: world.market.url, key: alphaVantageKey });
    const outcome = await quietly(() => ingest(bell("AAPL", "earnings"), run, access));
    expect(outcome).to.have.nested.property("failure.origin", "dynamodb");
  });
});

describe("a provider that says when to come back", () => {
  let loopback: Loopback;
  before(async () => {
    await marketWorld();
    loopback = await startLoopback();
  });
  beforeEach(async () => {
    await cleanMarket();
    await list("AAPL");
    await pollinated(wanted("AAPL", ["earnings"]));
  });
  after(async () => {
    await loopback.close();
    await cleanMarket();
  });

  const told = async (status: number, header: string): Promise<string | undefined> => {
    loopback.answer((response) => response.writeHead(status, { "retry-after": header }).end("{}"));
    const access = async () => ({ baseUrl: loopback.url, key: alphaVantageKey });
    await quietly(() => ingest(bell("AAPL", "earnings"), invocation(), access));
    const { not_before, status: waits } = await jobOf("AAPL", "earnings");
    return `${waits}, for ${((not_before ?? 0) - noon) / 1_000} s`;
  };

  it("is left alone until then, where that is later than it would be asked anyway", async () => {
    expect(await told(429, "42")).to.equal("enqueued, for 42 s");
  });

  it("is left alone until then after a breakdown, too", async () => {
    expect(await told(503, new Date(noon + 600_000).toUTCString())).to.equal("enqueued, for 600 s");
  });

  it("is left alone until then by all other jobs, which wait in their places", async () => {
    await told(429, "42");
    await list("MSFT");
    await pollinated(wanted("MSFT", ["earnings"]));
    const asked = loopback.requests.length;
    const access = async () => ({ baseUrl: loopback.url, key: alphaVantageKey });
    const other = bell("MSFT", "earnings");
    expect(await quietly(() => ingest(other, invocation(noon + 2_000), access))).to.equal(
      "waiting for its turn to call",
    );
    expect(loopback.requests).to.have.length(asked);
    expect(await jobOf("MSFT", "earnings")).to.include({ not_before: noon + 42_000, attempts: 0 });
    expect(await rung(bell("MSFT", "earnings"), invocation(noon + 42_000))).to.match(/^stored/);
  });

  it("is asked again in a moment where that is sooner, or too far off to be meant", async () => {
    expect(await told(429, "1")).to.equal("enqueued, for 2 s");
    await cleanMarket();
    await list("AAPL");
    await pollinated(wanted("AAPL", ["earnings"]));
    expect(await told(429, "90000")).to.equal("enqueued, for 2 s");
    expect(await rung(bell("AAPL", "earnings"), invocation(noon + 2_000))).to.match(/^stored/);
  });
});

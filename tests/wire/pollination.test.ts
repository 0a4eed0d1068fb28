import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { Failure } from "../../functions/processing/failure";
import { dataTypes } from "../../functions/processing/fundamentals/dataTypes";
import { bury } from "../../functions/processing/ingestion/bury";
import { ingest } from "../../functions/processing/ingestion/ingest";
import { pollinate } from "../../functions/processing/pollination/pollinate";
import { takeUp } from "../../functions/processing/pollination/takeUp";
import { readState } from "../../functions/processing/state/store";
import { takeMany } from "../../functions/processing/work/queue";
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
  rowsOf,
  rung,
  stateOf,
  wanted,
  writes,
} from "./marketWorld";
import { goesAfter } from "./tables";

const hour = 3_600_000;

describe("pollination", () => {
  let world: MarketWorld;
  before(async () => {
    world = await marketWorld();
  });
  beforeEach(async () => {
    await cleanMarket();
    await list("AAPL", "IBM");
  });
  after(cleanMarket);

  const bells = () => world.bus.accepted.filter((entry) => entry.DetailType === "dataIngestionNeeded");
  const rejected = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail("was not refused"),
      (error: unknown) => error,
    );

  it("queues what was never stored, type by type, and rings for each", async () => {
    expect(await pollinated(wanted("AAPL", dataTypes, { eventId: "first" }))).to.equal("queued");
    expect(bells().map(({ Detail }) => (JSON.parse(Detail) as { dataType: string }).dataType)).to.deep.equal([
      ...dataTypes,
    ]);
    for (const type of dataTypes)
      expect(await jobOf("AAPL", type)).to.include({ status: "enqueued", priority: "high" });
    expect(await stateOf("AAPL")).to.include({ status: "pending", version: 1, cause_id: "first", progress: 0 });
  });

  it("takes an event up once, however often and concurrently it arrives", async () => {
    const event = wanted("AAPL", ["earnings"]);
    const ends = await quietly(() => Promise.all([1, 2, 3, 4].map(() => pollinate(event, invocation()))));
    expect(ends.filter((end) => end === "queued")).to.have.length(1);
    expect(ends.filter((end) => end === "duplicate")).to.have.length(3);
    expect(await pollinated(event)).to.equal("duplicate");
    expect(bells()).to.have.length(1);
    expect(await stateOf("AAPL")).to.include({ version: 1 });
  });

  it("takes several events for one company into one round, at the same moment", async () => {
    const ends = await quietly(() =>
      Promise.all(dataTypes.map((type) => pollinate(wanted("AAPL", [type]), invocation()))),
    );
    expect(ends).to.deep.equal(dataTypes.map(() => "queued"));
    expect(await stateOf("AAPL")).to.include({ status: "pending", version: 5 });
    expect((await stateOf("AAPL")).requested).to.have.members([...dataTypes]);
  });

  it("does it once where the answers are lost", async () => {
    const lossy = fated(invocation(), (operation, count) =>
      writes.has(operation) && count % 2 === 1 ? "is lost" : "works",
    );
    await pollinated(wanted("AAPL", ["earnings", "cash_flow"]), lossy);
    expect(await stateOf("AAPL")).to.include({ version: 1 });
    expect((await rowsOf("queue-tracking")).length).to.equal(2);
    const statuses = (await rowsOf("event-store")).map(({ status }) => status).sort();
    expect(statuses.filter((status) => status !== "published" && status !== "pending")).to.deep.equal(["recorded"]);
  });

  it("leaves what is fresh, and wants it again a day later, or when a report came out since", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    await rung(bell("AAPL", "earnings"));
    const at = (later: number) => pollinated(wanted("AAPL", ["earnings"]), invocation(noon + later));
    expect(await at(hour)).to.equal("fresh");
    const Item = {
      asset_id: "ASSET#AAPL",
      earnings_date: new Date(noon).toISOString().slice(0, 10),
      status: "scheduled",
      version: 1,
      source_time: 0,
    };
    await dynamodb().send(new PutCommand({ TableName: "earnings-calendar", Item }));
    expect(await at(11 * hour)).to.equal("fresh");
    expect(await at(13 * hour)).to.equal("queued");
  });

  it("wants again what soon will be stale: the planner asks for it", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    await rung(bell("AAPL", "earnings"));
    const at = (later: number) => pollinated(wanted("AAPL", ["earnings"]), invocation(noon + later));
    expect(await at(19 * hour)).to.equal("fresh");
    expect(await at(20 * hour)).to.equal("queued");
  });

  it("rings again for what is open, and queues anew what has lost its job", async () => {
    await pollinated(wanted("AAPL", ["earnings", "cash_flow"]));
    const before = await jobOf("AAPL", "earnings");
    expect(await pollinated(wanted("AAPL", ["earnings", "cash_flow"]))).to.equal("queued");
    expect(bells()).to.have.length(4);
    expect(await jobOf("AAPL", "earnings")).to.deep.equal(before);
    await dynamodb().send(
      new PutCommand({
        TableName: "queue-tracking",
        Item: { ...before, queue: undefined, position: undefined, status: "dead" },
      }),
    );
    expect(await pollinated(wanted("AAPL", ["earnings", "cash_flow"]))).to.equal("queued");
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "enqueued", attempts: 0, queue: "ingestion" });
  });

  it("has what waits go before the others where it is asked for more urgently, and never after", async () => {
    await pollinated(wanted("IBM", ["earnings"], { priority: "low" }));
    await pollinated(wanted("AAPL", ["earnings", "cash_flow"], { priority: "low" }), invocation(noon + 1));
    const before = await jobOf("AAPL", "earnings");
    await pollinated(wanted("AAPL", ["earnings"], { priority: "high" }), invocation(noon + 2));
    const hastened = await jobOf("AAPL", "earnings");
    expect(hastened).to.deep.equal({ ...before, priority: "high", position: before.position?.replace("2#", "0#") });
    expect(await jobOf("AAPL", "cash_flow")).to.include({ priority: "low" });
    await pollinated(wanted("AAPL", ["earnings"], { priority: "medium" }), invocation(noon + 3));
    expect(await jobOf("AAPL", "earnings")).to.deep.equal(hastened);
    await rung(bell("IBM", "earnings"), invocation(noon + 4));
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "done", expires_at: goesAfter(14, noon) });
    expect(await jobOf("IBM", "earnings")).to.include({ status: "enqueued" });
  });

  it("rings for what is open although it is fresh: somebody asked for it by name", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    await rung(bell("AAPL", "earnings"));
    expect(await pollinated(wanted("AAPL", ["earnings"]))).to.equal("fresh");
    const later = noon + hour;
    await quietly(() =>
      ingest(bell("AAPL", "earnings", { timestamp: later }), invocation(later), async () => undefined),
    );
    expect(await pollinated(wanted("AAPL", ["earnings"]), invocation(later))).to.equal("queued");
    expect(bells()).to.have.length(2);
  });

  it("knows an event that comes after another, although more is stale by then", async () => {
    const first = wanted("AAPL", ["company_overview"]);
    await pollinated(first);
    await rung(bell("AAPL", "company_overview"));
    const both = wanted("AAPL", ["company_overview", "cash_flow"]);
    expect(await pollinated(both, invocation(noon + 1))).to.equal("queued");
    await rung(bell("AAPL", "cash_flow"));
    await pollinated(wanted("AAPL", ["earnings"]), invocation(noon + 2));
    expect(await pollinated(both, invocation(noon + 48 * hour))).to.equal("duplicate");
  });

  it("refuses a company that nobody knows, and leaves one alone that is not traded", async () => {
    await dynamodb().send(new PutCommand({ TableName: "assets", Item: { asset_id: "ASSET#OLD", status: "delisted" } }));
    expect(await pollinated(wanted("OLD", ["earnings"]))).to.equal("inactive");
    const failure = await rejected(pollinated(wanted("NOPE", ["earnings"])));
    expect(failure).to.be.instanceOf(Failure).and.include({ category: "permanent", field: "detail.assetId" });
    expect(await rowsOf("processing-state")).to.deep.equal([]);
    expect(await rowsOf("queue-tracking")).to.deep.equal([]);
  });

  it("gives up in the end where the state changes under it again and again", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const old = await readState("AAPL", invocation());
    await pollinated(wanted("AAPL", ["cash_flow"]));
    const work = {
      assetId: "AAPL",
      priority: "low" as const,
      bells: [{ type: "balance_sheet" as const, eventId: "none" }],
      events: [],
      by: "test",
      cause: { eventId: "late", correlationId: "late" },
    };
    expect(await rejected(takeUp(work, old, invocation()))).to.include({ category: "conflict", conditionFailed: true });
    expect(await jobOf("AAPL", "balance_sheet")).to.equal(undefined);
  });

  it("begins a failed type anew on request", async () => {
    await pollinated(wanted("AAPL", ["earnings"]));
    const [job] = await takeMany("ingestion", 1, 1_000, invocation());
    if (!job) throw new Error("there is no job");
    await quietly(() => bury(job, "no use", invocation()));
    expect(await stateOf("AAPL")).to.include({ status: "failed", error: "earnings: no use" });
    expect(await pollinated(wanted("AAPL", ["earnings"]))).to.equal("queued");
    expect(await jobOf("AAPL", "earnings")).to.include({ status: "enqueued", attempts: 0 });
    expect(await stateOf("AAPL")).to.include({ status: "pending" });
  });
});

import { expect } from "chai";
import { createEvent } from "../../functions/processing/events/create";
import { earningsProcessed } from "../../functions/processing/events/earningsProcessed";
import { checkHealth } from "../../functions/processing/health/check";
import { publish } from "../../functions/processing/outbox/publish";
import { recordAlone } from "../../functions/processing/outbox/recordAlone";
import { testRun } from "./run";
import { emptyTables } from "./tables";
import { type World, world } from "./world";

const start = Date.parse("2026-10-29T21:00:00Z");
const minute = 60_000;

describe("the health of the publisher", () => {
  let real: World;
  before(async () => {
    real = await world();
  });
  beforeEach(async () => {
    await emptyTables("event-store");
    real.bus.script.length = 0;
  });

  const check = async (now: number) => {
    const run = testRun(now);
    return { health: await checkHealth(run), counted: run.counted };
  };
  const write = (at: number) => {
    const detail = { assetId: "AAPL", earningsDate: "2026-10-29" };
    const event = createEvent(earningsProcessed, detail, { eventId: `event-${at}`, timestamp: start + at });
    return recordAlone(earningsProcessed, event, testRun(start));
  };

  it("is good where the bus answers and nothing lies unpublished for long", async () => {
    expect((await check(start)).health).to.deep.equal({
      status: "healthy",
      bus: { reachable: true },
      outbox: { oldestSeconds: 0, overdue: 0 },
    });
    await write(0);
    const { health, counted } = await check(start + minute);
    expect(health).to.deep.include({ status: "healthy", outbox: { oldestSeconds: 60, overdue: 0 } });
    expect(counted).to.include({ BusUnreachable: 0, PendingAge: 60, PendingOverdue: 0 });
  });

  it("is bad where events lie, and good again once they are published", async () => {
    const rows = await Promise.all(Array.from({ length: 12 }, (_, at) => write(at)));
    const { health, counted } = await check(start + 10 * minute);
    expect(health).to.deep.include({ status: "unhealthy", outbox: { oldestSeconds: 600, overdue: 12 } });
    expect(counted).to.include({ PendingAge: 600, PendingOverdue: 12 });
    await publish(
      rows.flatMap((row) => row ?? []),
      testRun(start),
    );
    expect((await check(start + 10 * minute)).health.status).to.equal("healthy");
  });

  it("is bad where the bus does not answer, or refuses to, and says why", async () => {
    // Three attempts, and none of the client's own beside them.
    real.bus.script.push(...Array(3).fill({ status: 500, error: "InternalException" }));
    const { health, counted } = await check(start);
    expect(health.status).to.equal("unhealthy");
    expect(health.bus.reachable).to.equal(false);
    expect(counted).to.include({ BusUnreachable: 1 });
    real.bus.script.splice(0, Number.MAX_SAFE_INTEGER, { status: 400, error: "AccessDeniedException" });
    expect((await check(start)).health.bus.trouble).to.include("AccessDeniedException");
    expect((await check(start)).health.bus).to.deep.equal({ reachable: true });
  });
});

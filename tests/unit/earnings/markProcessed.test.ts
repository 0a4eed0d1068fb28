import { expect } from "chai";
import fc from "fast-check";
import type { CalendarEntry } from "../../../functions/processing/earnings/calendar";
import { close, decide, type EarningsProcessed } from "../../../functions/processing/earnings/markProcessed";

const entry = (over: Partial<CalendarEntry> = {}): CalendarEntry => ({
  asset_id: "ASSET#AAPL",
  earnings_date: "2026-10-29",
  status: "scheduled",
  version: 1,
  source_time: 1_000,
  ...over,
});

const event = (timestamp: number, eventId = "e-1"): EarningsProcessed => ({
  eventId,
  eventType: "earningsProcessed",
  eventVersion: "1.0",
  timestamp,
  correlationId: "c-1",
  source: "signal9.advisor",
  payload: { assetId: "AAPL", earningsDate: "2026-10-29" },
});

describe("what an event means for a calendar entry", () => {
  it("closes an open entry", () => expect(decide(entry(), event(2_000))).to.equal("processed"));
  it("changes nothing in a closed one", () =>
    expect(decide(entry({ status: "processed" }), event(2_000))).to.equal("duplicate"));
  it("changes nothing in an entry that was reopened after it", () =>
    expect(decide(entry({ source_time: 3_000 }), event(2_000))).to.equal("stale"));
  it("changes nothing in an entry whose report has moved to another day", () =>
    expect(decide(entry({ status: "moved" }), event(2_000))).to.equal("stale"));
  it("counts as news when it is as old as the entry", () =>
    expect(decide(entry(), event(1_000))).to.equal("processed"));

  it("keeps every other field of the entry, and never lets a clock that runs ahead lock it", () => {
    const closed = close(entry({ estimate: 1.5 } as Partial<CalendarEntry>), event(9_000), 5_000);
    expect(closed).to.deep.include({
      estimate: 1.5,
      status: "processed",
      version: 2,
      source_time: 5_000,
      processed_event_id: "e-1",
    });
  });

  it("ends in the same state whatever the order and however often events come", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 8 }), (times) => {
        let state = entry();
        let changes = 0;
        for (const [at, time] of times.entries()) {
          if (decide(state, event(time, `e-${at}`)) !== "processed") continue;
          state = close(state, event(time, `e-${at}`), 10_000);
          changes++;
        }
        const anyNews = times.some((time) => time >= 1_000);
        expect(state.status).to.equal(anyNews ? "processed" : "scheduled");
        expect(changes).to.equal(anyNews ? 1 : 0);
      }),
    );
  });
});

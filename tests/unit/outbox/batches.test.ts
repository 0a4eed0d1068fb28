import { expect } from "chai";
import fc from "fast-check";
import { limits } from "../../../functions/processing/limits";
import { batches } from "../../../functions/processing/outbox/publish";
import type { PendingRow } from "../../../functions/processing/outbox/record";

const row = (detail: string, at = 0): PendingRow => ({
  event_id: `e-${at}`,
  event_type: "earningsProcessed",
  source: "signal9.advisor",
  detail,
  occurred_at: "2026-10-29T00:00:00.000Z",
});

describe("cutting rows into PutEvents calls", () => {
  it("keeps every row once and in order, ten a call at most and never above the size", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: limits.eventBytes }), { maxLength: 40 }), (sizes) => {
        const rows = sizes.map((size, at) => row("x".repeat(size), at));
        const cut = batches(rows);
        expect(cut.flat()).to.deep.equal(rows);
        for (const batch of cut) {
          expect(batch.length).to.be.within(1, 10);
          expect(batch.reduce((sum, { detail }) => sum + detail.length, 0)).to.be.at.most(limits.putEventsBytes);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("counts bytes, not characters", () => {
    const wide = "€".repeat(limits.eventBytes / 3);
    expect(batches([row(wide), row(wide), row(wide)])).to.have.length(2);
  });

  it("makes no call for nothing", () => expect(batches([])).to.deep.equal([]));
});

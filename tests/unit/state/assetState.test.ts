import { expect } from "chai";
import fc from "fast-check";
import { type DataType, dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { type AssetState, moved, openTypes, requested } from "../../../functions/processing/state/assetState";
import { isOpen, mayFollow, type Status, statuses, wholeOf } from "../../../functions/processing/state/status";

const now = Date.parse("2026-11-20T06:00:00Z");

const request = (types: readonly DataType[], causeId = "cause-1") => ({
  assetId: "AAPL",
  dataTypes: types,
  priority: "high" as const,
  correlationId: "story-1",
  causeId,
});

const through = (state: AssetState, ...steps: [DataType, Status, string?][]): AssetState =>
  steps.reduce((before, [type, to, error]) => {
    const after = moved(before, type, to, now + 1_000, error);
    if (!after) throw new Error(`${type} may not become ${to}`);
    return after;
  }, state);

describe("the state of a company's data", () => {
  it("begins with everything that was asked for pending", () => {
    const state = requested(undefined, request(["earnings", "cash_flow"]), now);
    expect(state).to.include({ asset_id: "ASSET#AAPL", status: "pending", version: 1, progress: 0, attempts: 0 });
    expect(state.types["earnings"]).to.deep.equal({
      status: "pending",
      requested_at: "2026-11-20T06:00:00.000Z",
      attempts: 0,
    });
    expect(openTypes(state)).to.deep.equal(["earnings", "cash_flow"]);
  });

  it("is complete with the last type, and not before", () => {
    const half = through(
      requested(undefined, request(["earnings", "cash_flow"]), now),
      ["earnings", "processing"],
      ["earnings", "complete"],
    );
    expect(half).to.include({ status: "processing", progress: 0.5 });
    expect(half).not.to.have.property("completed_at");
    const whole = through(half, ["cash_flow", "processing"], ["cash_flow", "complete"]);
    expect(whole).to.include({ status: "complete", progress: 1, completed_at: "2026-11-20T06:00:01.000Z" });
    expect(whole.types["cash_flow"]?.stored_at).to.equal("2026-11-20T06:00:01.000Z");
  });

  it("says what failed, and forgets it once that is mended", () => {
    const failed = through(
      requested(undefined, request(["earnings"]), now),
      ["earnings", "processing"],
      ["earnings", "retrying", "no answer"],
    );
    expect(failed).to.include({ status: "retrying", error: "earnings: no answer" });
    const mended = through(failed, ["earnings", "processing"], ["earnings", "complete"]);
    expect(mended).to.include({ status: "complete", attempts: 2 });
    expect(mended).not.to.have.property("error");
  });

  it("counts no attempt for a wait", () => {
    const waiting = through(
      requested(undefined, request(["earnings"]), now),
      ["earnings", "processing"],
      ["earnings", "pending"],
    );
    expect(waiting).to.include({ status: "pending", attempts: 0 });
  });

  it("keeps what is open in the round when more is asked for, and when a type was stored", () => {
    const running = through(requested(undefined, request(["earnings"]), now), ["earnings", "processing"]);
    const more = requested(running, request(["cash_flow", "earnings"], "cause-2"), now + 5_000);
    expect(more.requested).to.deep.equal(["earnings", "cash_flow"]);
    expect(more.types["earnings"]?.status).to.equal("processing");
    expect(more.started_at).to.equal(running.started_at);
    const done = through(more, ["earnings", "complete"], ["cash_flow", "processing"], ["cash_flow", "complete"]);
    const again = requested(done, request(["earnings"], "cause-3"), now + 9_000);
    expect(again.types["earnings"]?.stored_at).to.equal("2026-11-20T06:00:01.000Z");
    expect(again.requested).to.deep.equal(["earnings"]);
  });

  it("takes only legal steps, whatever is tried", () => {
    const step = fc.record({ type: fc.constantFrom(...dataTypes), to: fc.constantFrom(...statuses) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state = requested(undefined, request(dataTypes), now);
        for (const { type, to } of steps) {
          const before = state.types[type]?.status ?? "pending";
          const after = moved(state, type, to, now);
          expect(after !== undefined).to.equal(mayFollow(before, to));
          if (!after) continue;
          expect(after.version).to.equal(state.version + 1);
          expect(after.progress).to.be.within(0, 1);
          expect(after.types[type]?.attempts ?? 0).to.be.at.least(0);
          expect(after.status === "complete").to.equal(
            dataTypes.every((one) => after.types[one]?.status === "complete"),
          );
          state = after;
        }
      }),
    );
  });

  it("sums up its parts", () => {
    expect(wholeOf(["pending", "pending"])).to.equal("pending");
    expect(wholeOf(["pending", "complete"])).to.equal("processing");
    expect(wholeOf(["retrying", "complete"])).to.equal("retrying");
    expect(wholeOf(["retrying", "processing"])).to.equal("processing");
    expect(wholeOf(["failed", "complete"])).to.equal("failed");
    expect(wholeOf(["failed", "pending"])).to.equal("processing");
    expect(statuses.filter(isOpen)).to.deep.equal(["pending", "processing", "retrying"]);
  });
});

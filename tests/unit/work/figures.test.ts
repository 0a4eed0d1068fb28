import { expect } from "chai";
import { type Calls, figuresOf } from "../../../functions/processing/work/figures";
import { type Job, newJob } from "../../../functions/processing/work/job";

const now = Date.parse("2026-10-30T12:00:00Z");
const minute = 60_000;

const jobAt = (minutesAgo: number, over: Partial<Job> = {}): Job => {
  const work = { queue: "ingestion", assetId: "AAPL", task: "earnings", priority: "low" } as const;
  return { ...newJob({ ...work, eventId: "e", correlationId: "c" }, now - minutesAgo * minute), ...over };
};

const calls = (over: Partial<Calls> = {}): Calls => ({
  left: 20,
  lastAt: now - 60 * minute,
  renewedAt: now - 8 * 60 * minute,
  ...over,
});

const delay = (jobs: readonly Job[], over: Partial<Calls> = {}): number => figuresOf(jobs, calls(over), now).delay;

describe("a queue's figures", () => {
  it("count what is enqueued and started, and say how long the oldest has been there", () => {
    const started = { status: "started" as const, lease_until: now + minute };
    expect(figuresOf([jobAt(3), jobAt(9), jobAt(4, started), jobAt(1, started)], calls(), now)).to.deep.equal({
      enqueued: 2,
      started: 2,
      enqueuedAge: 540,
      startedAge: 240,
      delay: 540,
    });
    const none = { enqueued: 0, started: 0, enqueuedAge: 0, startedAge: 0, delay: 0 };
    expect(figuresOf([], calls(), now)).to.deep.equal(none);
  });

  it("show a delay where a job is free and calls are left", () => {
    expect(delay([jobAt(9)])).to.equal(540);
    expect(delay([jobAt(9)], { left: 0 })).to.equal(0);
  });

  it("show none while calls are made: the queue moves, however long it is", () => {
    expect(delay([jobAt(90)], { lastAt: now - minute })).to.equal(60);
    expect(delay([jobAt(90)], { lastAt: now + minute })).to.equal(0);
  });

  it("show none for a job that is held back, or is being done", () => {
    expect(delay([jobAt(90, { not_before: now + minute })])).to.equal(0);
    expect(delay([jobAt(90, { not_before: now - 2 * minute })])).to.equal(120);
    expect(delay([jobAt(90, { status: "started", lease_until: now + minute })])).to.equal(0);
    expect(delay([jobAt(90, { status: "started", lease_until: now - 6 * minute })])).to.equal(360);
  });

  it("show none for what was left over for want of calls: the planner has yet to ring for it", () => {
    expect(delay([jobAt(600)])).to.equal(0);
    expect(delay([jobAt(600), jobAt(7)])).to.equal(420);
  });
});

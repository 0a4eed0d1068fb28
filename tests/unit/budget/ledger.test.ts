import { expect } from "chai";
import {
  closeDay,
  emptyLedger,
  giveBack,
  type Ledger,
  passOn,
  pauseUntil,
  remaining,
  type Taking,
  take,
} from "../../../functions/processing/budget/ledger";
import type { CallLimits, Job } from "../../../functions/processing/budget/limits";

const free: CallLimits = { perSecond: 1, perDay: 25, allotments: { calendar: 1, news: 4, fundamentals: 20 } };
const at = (iso: string): number => Date.parse(iso);
const noon = at("2026-10-29T12:00:00Z");

let ids = 0;
const id = (): string => `grant-${++ids}`;

/** Takes so many calls at one moment, each of which must be granted. */
const spend = (ledger: Ledger, now: number, job: Job, count: number, limits = free): Ledger => {
  let spent = ledger;
  for (let call = 0; call < count; call++) {
    const taking = take(spent, now, job, limits, id());
    expect(taking.granted, `${job} ${call + 1}`).to.equal(true);
    spent = taking.ledger;
  }
  return spent;
};

const refusal = (taking: Taking) =>
  taking.granted ? "granted" : { reason: taking.reason, until: new Date(taking.until).toISOString() };

const ask = (ledger: Ledger, now: number, job: Job, limits = free) => refusal(take(ledger, now, job, limits, id()));

describe("the ledger of calls", () => {
  it("grants the first call at once, and each further one an interval later", () => {
    const moments: number[] = [];
    let ledger = emptyLedger;
    for (const now of [noon, noon, noon + 100, noon + 10_000]) {
      const taking = take(ledger, now, "fundamentals", free, id());
      if (taking.granted) moments.push(taking.at - noon);
      ledger = taking.ledger;
    }
    expect(moments).to.deep.equal([0, 1_000, 2_000, 10_000]);
  });

  it("never goes above a rate that does not divide the second", () => {
    const limits = { ...free, perSecond: 3 };
    const ledger = spend(emptyLedger, noon, "fundamentals", 3, limits);
    expect(ledger.next_call_at).to.equal(noon + 3 * 334);
  });

  it("keeps each job to its allotment, and the others' calls for the others", () => {
    const ledger = spend(emptyLedger, noon, "fundamentals", 20);
    expect(ask(ledger, noon, "fundamentals")).to.deep.equal({
      reason: "allotment",
      until: "2026-10-30T04:00:00.000Z",
    });
    expect(ask(ledger, noon, "calendar")).to.equal("granted");
    expect(remaining(ledger, noon, "fundamentals", free)).to.equal(0);
    expect(remaining(ledger, noon, "calendar", free)).to.equal(1);
  });

  it("makes news due every six hours, and lets it catch up", () => {
    const day = (time: string) => at(`2026-10-29T${time}Z`);
    const first = spend(emptyLedger, day("05:00:00"), "news", 1);
    expect(ask(first, day("05:30:00"), "news")).to.deep.equal({
      reason: "allotment",
      until: "2026-10-29T06:00:00.000Z",
    });
    const second = spend(first, day("06:00:00"), "news", 1);
    expect(ask(second, day("11:59:59"), "news")).to.deep.equal({
      reason: "allotment",
      until: "2026-10-29T12:00:00.000Z",
    });
    expect(remaining(second, day("18:00:00"), "news", free)).to.equal(2);
    const all = spend(second, day("18:00:00"), "news", 2);
    expect(ask(all, day("19:00:00"), "news")).to.deep.equal({ reason: "allotment", until: "2026-10-30T04:00:00.000Z" });
  });

  it("says that the day is spent where the jobs together have had all", () => {
    const generous: CallLimits = { perSecond: 1, perDay: 3, allotments: { calendar: 3, news: 3, fundamentals: 3 } };
    const ledger = spend(spend(emptyLedger, noon, "calendar", 1, generous), noon, "fundamentals", 2, generous);
    expect(ask(ledger, noon, "news", generous)).to.deep.equal({ reason: "day", until: "2026-10-30T04:00:00.000Z" });
    expect(remaining(ledger, noon, "news", generous)).to.equal(0);
  });

  it("counts by the stricter of two midnights", () => {
    const evening = spend(emptyLedger, at("2026-10-29T20:00:00Z"), "fundamentals", 20);
    // A new day in UTC, still the old one in New York.
    expect(ask(evening, at("2026-10-30T01:00:00Z"), "fundamentals")).to.deep.equal({
      reason: "allotment",
      until: "2026-10-30T04:00:00.000Z",
    });
    const night = spend(emptyLedger, at("2026-10-30T01:00:00Z"), "fundamentals", 20);
    // A new day in New York, still the old one in UTC.
    expect(ask(night, at("2026-10-30T05:00:00Z"), "fundamentals")).to.deep.equal({
      reason: "allotment",
      until: "2026-10-31T00:00:00.000Z",
    });
  });

  it("counts a call that may arrive after midnight in both days", () => {
    const late = spend(emptyLedger, at("2026-10-29T23:59:30Z"), "calendar", 1);
    expect(ask(late, at("2026-10-30T05:00:00Z"), "calendar")).to.deep.equal({
      reason: "allotment",
      until: "2026-10-31T00:00:00.000Z",
    });
    const spent = spend(emptyLedger, noon, "calendar", 1);
    expect(ask(spent, at("2026-10-30T03:59:30Z"), "calendar")).to.deep.equal({
      reason: "allotment",
      until: "2026-10-30T04:00:00.000Z",
    });
    expect(ask(spent, at("2026-10-30T04:00:00Z"), "calendar")).to.equal("granted");
  });

  it("counts a call that has to wait on the day on which it is made", () => {
    const limits: CallLimits = { perSecond: 0.001, perDay: 25, allotments: { calendar: 2, news: 4, fundamentals: 20 } };
    const ledger = spend(emptyLedger, at("2026-10-29T23:50:00Z"), "calendar", 2, limits);
    expect(ledger.utc).to.deep.equal({ "2026-10-29": { calendar: 1 }, "2026-10-30": { calendar: 1 } });
    expect(ledger.new_york).to.deep.equal({ "2026-10-29": { calendar: 2 } });
  });

  it("grants nothing more once the provider has had enough, before both zones have a new day", () => {
    const closed = closeDay(emptyLedger, noon);
    expect(ask(closed, noon, "news")).to.deep.equal({ reason: "closed", until: "2026-10-30T04:00:00.000Z" });
    expect(remaining(closed, noon, "fundamentals", free)).to.equal(0);
    expect(ask(closed, at("2026-10-30T04:00:00Z"), "news")).to.equal("granted");
    expect(closeDay(closed, noon + 60_000)).to.equal(closed);
    expect(closeDay(closed, noon - 86_400_000)).to.equal(closed);
  });

  it("gives nobody a turn before the provider wants to be asked again", () => {
    const paused = pauseUntil(spend(emptyLedger, noon, "news", 1), noon + 60_000);
    const next = take(paused, noon, "fundamentals", free, "next");
    expect(next).to.include({ granted: true, at: noon + 60_000 });
    expect(giveBack(next.ledger, "fundamentals", free, "next").next_call_at).to.equal(noon + 60_000);
    expect(pauseUntil(paused, noon + 30_000)).to.equal(paused);
  });

  it("answers the same when the same grant is asked for again", () => {
    const first = take(emptyLedger, noon, "calendar", free, "same");
    expect(take(first.ledger, noon + 5_000, "calendar", free, "same")).to.deep.equal(first);
    expect(take(first.ledger, noon + 5_000, "calendar", free, "same").ledger).to.equal(first.ledger);
  });

  it("takes a call back once, and its turn where nobody came after it", () => {
    const { ledger } = take(emptyLedger, noon, "calendar", free, "given");
    const back = giveBack(ledger, "calendar", free, "given");
    expect(back.next_call_at).to.equal(noon);
    expect(remaining(back, noon, "calendar", free)).to.equal(1);
    expect(giveBack(back, "calendar", free, "given")).to.equal(back);

    const followed = spend(ledger, noon, "fundamentals", 1);
    expect(giveBack(followed, "calendar", free, "given").next_call_at).to.equal(noon + 2_000);
  });

  it("has another job pay once for a call, where that has any left", () => {
    const { ledger } = take(emptyLedger, noon, "calendar", free, "failed");
    const passed = passOn(ledger, "calendar", "fundamentals", free, "failed");
    expect(passed.utc).to.deep.equal({ "2026-10-29": { calendar: 0, fundamentals: 1 } });
    expect(passed.new_york).to.deep.equal(passed.utc);
    expect(passed.next_call_at).to.equal(noon + 1_000);
    expect(ask(passed, noon, "calendar")).to.equal("granted");
    expect(passOn(passed, "calendar", "fundamentals", free, "failed")).to.equal(passed);
    expect(giveBack(passed, "calendar", free, "failed")).to.equal(passed);

    const spent = spend(ledger, noon, "fundamentals", 20);
    expect(passOn(spent, "calendar", "fundamentals", free, "failed")).to.equal(spent);
  });

  it("takes nothing back that was kept for longer than a function lives", () => {
    const { ledger } = take(emptyLedger, noon, "fundamentals", free, "old");
    const stillOpen = spend(ledger, noon + 119_999, "fundamentals", 1);
    const back = giveBack(stillOpen, "fundamentals", free, "old");
    expect(remaining(back, noon + 120_000, "fundamentals", free)).to.equal(19);
    const later = spend(ledger, noon + 120_000, "fundamentals", 1);
    expect(giveBack(later, "fundamentals", free, "old")).to.equal(later);
  });

  it("keeps the counters of a week, and of New York's days what still counts", () => {
    let ledger = emptyLedger;
    for (let day = 0; day < 20; day++) ledger = spend(ledger, noon + day * 86_400_000, "fundamentals", day + 1);
    expect(ledger.utc).to.deep.equal({
      "2026-11-17": { fundamentals: 20 },
      "2026-11-16": { fundamentals: 19 },
      "2026-11-15": { fundamentals: 18 },
      "2026-11-14": { fundamentals: 17 },
      "2026-11-13": { fundamentals: 16 },
      "2026-11-12": { fundamentals: 15 },
      "2026-11-11": { fundamentals: 14 },
    });
    expect(Object.keys(ledger.new_york)).to.have.members(["2026-11-17", "2026-11-16"]);
  });

  it("goes by the limits of now, when a plan was changed in the middle of the day", () => {
    const ledger = spend(emptyLedger, noon, "fundamentals", 20);
    const paid = { ...free, perDay: 1_000, allotments: { ...free.allotments, fundamentals: 995 } };
    expect(remaining(ledger, noon, "fundamentals", paid)).to.equal(975);
    const small = { ...free, perDay: 5, allotments: { calendar: 1, news: 4, fundamentals: 0 } };
    expect(remaining(ledger, noon, "calendar", small)).to.equal(0);
    expect(ask(ledger, noon, "fundamentals", small)).to.deep.equal({
      reason: "day",
      until: "2026-10-30T04:00:00.000Z",
    });
  });
});

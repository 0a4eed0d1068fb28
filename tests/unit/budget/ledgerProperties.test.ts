import { expect } from "chai";
import fc from "fast-check";
import * as v from "valibot";
import { endOfDay, type Zone, zones } from "../../../functions/processing/budget/days";
import {
  closeDay,
  emptyLedger,
  giveBack,
  type Ledger,
  ledgerSchema,
  passOn,
  remaining,
  take,
} from "../../../functions/processing/budget/ledger";
import type { CallLimits, Job } from "../../../functions/processing/budget/limits";

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;
const jobs: readonly Job[] = ["calendar", "news", "fundamentals"];
const free: CallLimits = { perSecond: 1, perDay: 25, allotments: { calendar: 1, news: 4, fundamentals: 20 } };

interface Call {
  id: string;
  job: Job;
  at: number;
  /** How long after its moment it reached the provider. */
  delay: number;
}

type Step =
  | { do: "take"; job: Job; delay: number; times: number }
  | { do: "giveBack"; which: number }
  | { do: "passOn"; which: number; payer: Job }
  | { do: "close" }
  | { do: "turn"; ms: number }
  | { do: "awaitMidnight"; zone: Zone; before: number };

const limitsOf = fc.oneof(
  fc.constant(free),
  fc.record({
    perSecond: fc.constantFrom(0.01, 0.5, 1, 1.25, 3, 20),
    perDay: fc.integer({ min: 0, max: 12 }),
    allotments: fc.record({
      calendar: fc.integer({ min: 0, max: 4 }),
      news: fc.integer({ min: 0, max: 8 }),
      fundamentals: fc.integer({ min: 0, max: 10 }),
    }),
  }),
);

const starts = ["2026-03-07T20:00:00Z", "2026-07-01T22:00:00Z", "2026-10-31T20:00:00Z", "2026-12-31T12:00:00Z"];
const start = fc.constantFrom(...starts.map((iso) => Date.parse(iso)));

const taking = fc.record({
  do: fc.constant("take" as const),
  job: fc.constantFrom(...jobs),
  delay: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 * second })),
  times: fc.integer({ min: 1, max: 25 }),
});
const forward = fc.oneof(
  fc.integer({ min: 0, max: 3 * second }),
  fc.integer({ min: 0, max: 9 * hour }),
  fc.integer({ min: 0, max: 2 * day }),
);
const turning = fc.record({ do: fc.constant("turn" as const), ms: forward });
const anyTurning = fc.record({
  do: fc.constant("turn" as const),
  ms: fc.oneof(
    forward,
    forward.map((ms) => -ms),
  ),
});
const givingBack = fc.record({ do: fc.constant("giveBack" as const), which: fc.nat(50) });
const passingOn = fc.record({
  do: fc.constant("passOn" as const),
  which: fc.nat(50),
  payer: fc.constantFrom(...jobs),
});
const awaiting = fc.record({
  do: fc.constant("awaitMidnight" as const),
  zone: fc.constantFrom(...zones),
  before: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 0, max: 90 * second })),
});
const closing = fc.constant<Step>({ do: "close" });

const mostly = (turn: fc.Arbitrary<Step>): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 8, arbitrary: taking as fc.Arbitrary<Step> },
      { weight: 4, arbitrary: turn },
      { weight: 2, arbitrary: awaiting as fc.Arbitrary<Step> },
      { weight: 2, arbitrary: givingBack as fc.Arbitrary<Step> },
      { weight: 2, arbitrary: passingOn as fc.Arbitrary<Step> },
      { weight: 1, arbitrary: closing },
    ),
    { minLength: 1, maxLength: 40 },
  );

interface Played {
  ledger: Ledger;
  now: number;
  /** Granted, and not given back. */
  calls: Call[];
  /** Grants that no reading of the limits allows. */
  breaches: string[];
}

const play = (from: number, steps: readonly Step[], limits: CallLimits): Played => {
  const played: Played = { ledger: emptyLedger, now: from, calls: [], breaches: [] };
  let ids = 0;
  let closedUntil = 0;
  for (const step of steps) {
    if (step.do === "turn") played.now += step.ms;
    if (step.do === "awaitMidnight") played.now = endOfDay(step.zone, played.now) - step.before;
    if (step.do === "close") {
      played.ledger = closeDay(played.ledger, played.now);
      closedUntil = Math.max(closedUntil, endOfDay("utc", played.now), endOfDay("new_york", played.now));
    }
    if (step.do === "giveBack") {
      const call = played.calls[step.which % Math.max(1, played.calls.length)];
      if (!call || !(call.id in played.ledger.open)) continue;
      played.ledger = giveBack(played.ledger, call.job, limits, call.id);
      played.calls = played.calls.filter(({ id }) => id !== call.id);
    }
    if (step.do === "passOn") {
      const call = played.calls[step.which % Math.max(1, played.calls.length)];
      if (!call || call.job === step.payer) continue;
      const after = passOn(played.ledger, call.job, step.payer, limits, call.id);
      if (after !== played.ledger) call.job = step.payer;
      played.ledger = after;
    }
    if (step.do === "take") {
      for (let time = 0; time < step.times; time++) {
        const id = `call-${ids++}`;
        const taken = take(played.ledger, played.now, step.job, limits, id);
        played.ledger = taken.ledger;
        if (!taken.granted) break;
        if (taken.at < played.now) played.breaches.push(`${id} is in the past`);
        if (taken.at < closedUntil) played.breaches.push(`${id} comes after the day was closed`);
        played.calls.push({ id, job: step.job, at: taken.at, delay: step.delay });
      }
    }
  }
  return played;
};

const dateIn = (timeZone: string) => {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone });
  return (at: number): string => format.format(at);
};
const dates = [dateIn("UTC"), dateIn("America/New_York")];

const most = (keys: readonly string[]): number => {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Math.max(0, ...counts.values());
};

/** What must hold of the calls that were made, however the clock went. */
const expectWithin = ({ calls, breaches }: Played, limits: CallLimits): void => {
  expect(breaches).to.deep.equal([]);
  for (const dateOf of dates) {
    const arrivals = (made: readonly Call[]) => made.map(({ at, delay }) => dateOf(at + delay));
    expect(most(arrivals(calls)), "calls in a day").to.be.at.most(limits.perDay);
    for (const job of jobs) {
      const own = calls.filter((call) => call.job === job);
      expect(most(arrivals(own)), `${job} in a day`).to.be.at.most(limits.allotments[job]);
    }
  }
  const moments = calls.map(({ at }) => at);
  for (const [index, moment] of moments.entries()) {
    const next = moments[index + 1];
    if (next !== undefined) expect(next - moment, "between two calls").to.be.at.least(1_000 / limits.perSecond);
  }
  const news = calls.filter(({ job }) => job === "news");
  for (const { at } of news) {
    const begun = at - (at % day);
    const sofar = news.filter((other) => other.at >= begun && other.at <= at).length;
    expect(sofar, "news so far").to.be.at.most(Math.floor(((at - begun) * limits.allotments.news) / day) + 1);
  }
};

describe("the ledger of calls, whatever happens,", () => {
  it("exceeds no limit while time goes forward, across midnights and the change of clocks", () => {
    fc.assert(
      fc.property(start, mostly(turning), limitsOf, (from, steps, limits) => {
        expectWithin(play(from, steps, limits), limits);
      }),
      { numRuns: 400 },
    );
  });

  it("exceeds none where the clock steps backwards", () => {
    fc.assert(
      fc.property(start, mostly(anyTurning), limitsOf, (from, steps, limits) => {
        expectWithin(play(from, steps, limits), limits);
      }),
      { numRuns: 400 },
    );
  });

  it("is a row that can be read again", () => {
    fc.assert(
      fc.property(start, mostly(anyTurning), limitsOf, (from, steps, limits) => {
        const { ledger } = play(from, steps, limits);
        expect(v.parse(ledgerSchema, ledger)).to.deep.equal(ledger);
        expect(Object.keys(ledger.utc).length).to.be.at.most(7);
      }),
    );
  });

  it("says exactly when waiting ends", () => {
    fc.assert(
      fc.property(start, mostly(turning), limitsOf, fc.constantFrom(...jobs), (from, steps, limits, job) => {
        const { ledger, now } = play(from, steps, limits);
        const refused = take(ledger, now, job, limits, "asks");
        if (refused.granted) return;
        expect(refused.until).to.be.greaterThan(now);
        expect(take(ledger, refused.until - 1, job, limits, "early").granted).to.equal(false);
        const then = take(ledger, refused.until, job, limits, "then");
        if (!then.granted) expect(then.until).to.be.greaterThan(refused.until);
      }),
      { numRuns: 300 },
    );
  });

  it("comes to a grant for every job with a share, by waiting as long as it says", () => {
    fc.assert(
      fc.property(start, mostly(turning), limitsOf, fc.constantFrom(...jobs), (from, steps, limits, job) => {
        fc.pre(limits.perDay > 0 && limits.allotments[job] > 0);
        const { ledger, now } = play(from, steps, limits);
        let asked = take(ledger, now, job, limits, "asks");
        let waits = 0;
        while (!asked.granted && waits++ < 5) asked = take(ledger, asked.until, job, limits, "asks");
        expect(asked.granted).to.equal(true);
      }),
    );
  });

  it("has calls remaining exactly when one is granted", () => {
    fc.assert(
      fc.property(start, mostly(anyTurning), limitsOf, fc.constantFrom(...jobs), (from, steps, limits, job) => {
        const { ledger, now } = play(from, steps, limits);
        const left = remaining(ledger, now, job, limits);
        expect(left > 0).to.equal(take(ledger, now, job, limits, "asks").granted);
        if (left === 0) return;
        const after = take(ledger, now, job, limits, "asks").ledger;
        // Unless its turn was the last of a day.
        if (
          dates.every((dateOf) => dateOf(after.next_call_at + 60_000) === dateOf(Math.max(now, ledger.next_call_at)))
        ) {
          expect(remaining(after, now, job, limits)).to.be.at.least(left - 1);
        }
      }),
    );
  });

  it("is as before once a call has been given back, and the second time is nothing", () => {
    fc.assert(
      fc.property(start, mostly(anyTurning), limitsOf, fc.constantFrom(...jobs), (from, steps, limits, job) => {
        const { ledger, now } = play(from, steps, limits);
        const taken = take(ledger, now, job, limits, "given");
        fc.pre(taken.granted);
        const back = giveBack(taken.ledger, job, limits, "given");
        for (const one of jobs) {
          const turn = Math.max(now, ledger.next_call_at);
          expect(remaining(back, turn, one, limits)).to.equal(remaining(ledger, turn, one, limits));
        }
        expect(back.next_call_at).to.equal(Math.max(now, ledger.next_call_at));
        expect(giveBack(back, job, limits, "given")).to.equal(back);
      }),
    );
  });

  it("spends a plan to the last call, day after day, with news at its hours", () => {
    for (const from of starts.map((iso) => Math.floor(Date.parse(iso) / day) * day)) {
      const calls: Call[] = [];
      let ledger = emptyLedger;
      for (let now = from; now < from + 6 * day; now += hour / 2) {
        for (const job of jobs) {
          for (let asked = take(ledger, now, job, free, `${now}-${job}`); asked.granted; ) {
            calls.push({ id: "", job, at: asked.at, delay: 0 });
            ledger = asked.ledger;
            asked = take(ledger, now, job, free, `${now}-${job}-${calls.length}`);
          }
        }
      }
      expectWithin({ ledger, now: from, calls, breaches: [] }, free);
      for (let today = from; today < from + 6 * day; today += day) {
        const ofToday = calls.filter(({ at }) => today <= at && at < today + day);
        expect(ofToday).to.have.length(25);
        const hours = ofToday.filter(({ job }) => job === "news").map(({ at }) => Math.floor((at - today) / hour));
        expect(hours).to.deep.equal([0, 6, 12, 18]);
      }
    }
  });
});

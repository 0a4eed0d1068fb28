import { expect } from "chai";
import fc from "fast-check";
import { type DataType, dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { type PlanInput, plan } from "../../../functions/processing/planning/plan";
import type { StateView } from "../../../functions/processing/planning/staleTypes";
import { type Status, statuses } from "../../../functions/processing/state/status";

const now = Date.parse("2026-10-30T06:00:00Z");
const hour = 3_600_000;
const ago = (hours: number) => new Date(now - hours * hour).toISOString();
const dayAgo = (days: number) => ago(days * 24).slice(0, 10);

const state = (hoursAgo: number, over: Partial<StateView["types"]> = {}, status: Status = "complete"): StateView => ({
  status,
  types: {
    ...Object.fromEntries(
      dataTypes.map((type) => [
        type,
        { status: "complete", requested_at: ago(hoursAgo), stored_at: ago(hoursAgo) } as const,
      ]),
    ),
    ...over,
  },
});

const active = (...ids: string[]) => ids.map((assetId) => ({ assetId, status: "active" }));
const report = (assetId: string, earningsDate: string, status = "scheduled") => ({ assetId, earningsDate, status });

const round = (over: Partial<PlanInput>): PlanInput => ({
  round: "regular",
  now,
  assets: [],
  states: new Map(),
  calendar: [],
  watchlist: [],
  remainingCalls: 20,
  openJobs: [],
  ...over,
});

const ids = (rows: readonly { assetId: string }[]) => rows.map(({ assetId }) => assetId);

describe("the planner", () => {
  it("takes reported earnings first, then the watchlist, then what has waited longest", () => {
    const { picks, callsPlanned } = plan(
      round({
        assets: active("OLD", "NEW", "SEEN", "WATCHED", "REPORTED"),
        states: new Map([
          ["OLD", state(200)],
          ["SEEN", state(100)],
        ]),
        calendar: [report("REPORTED", dayAgo(1))],
        watchlist: ["WATCHED"],
        remainingCalls: 25,
      }),
    );
    expect(picks.map(({ assetId, priority, reason }) => [assetId, priority, reason])).to.deep.equal([
      ["REPORTED", "high", "reported on 2026-10-29"],
      ["WATCHED", "medium", "on the watchlist"],
      ["NEW", "low", "not fetched in full yet"],
      ["OLD", "low", `its turn: nothing new since ${ago(200)}`],
      ["SEEN", "low", `its turn: nothing new since ${ago(100)}`],
    ]);
    expect(callsPlanned).to.equal(25);
  });

  it("orders by symbol what is alike otherwise", () => {
    const { picks } = plan(round({ assets: active("B", "C", "A") }));
    expect(ids(picks)).to.deep.equal(["A", "B", "C"]);
  });

  it("says since when an asset is listed that was never fetched", () => {
    const assets = [{ assetId: "IPO", status: "active", listedSince: "2026-10-28" }];
    expect(plan(round({ assets })).picks[0]?.reason).to.equal("not fetched in full yet, listed since 2026-10-28");
  });

  it("sends what failed lately to the end of the line, so that it cannot block the others", () => {
    const failed = (hoursAgo: number): StateView => ({
      status: "failed",
      types: Object.fromEntries(dataTypes.map((type) => [type, { status: "failed", requested_at: ago(hoursAgo) }])),
    });
    const states = new Map([
      ["BROKEN", failed(24)],
      ["WAITING", state(48)],
    ]);
    const { picks } = plan(round({ assets: active("BROKEN", "WAITING"), states, remainingCalls: 5 }));
    expect(ids(picks)).to.deep.equal(["WAITING"]);
  });

  describe("where what failed lately is urgent", () => {
    const failed = (hoursAgo: number) => {
      const types = dataTypes.map((type) => [type, { status: "failed" as const, requested_at: ago(hoursAgo) }]);
      return state(100, Object.fromEntries(types), "failed");
    };
    const assets = active("BROKEN", "GOOD");
    const calendar = [report("BROKEN", dayAgo(1)), report("GOOD", dayAgo(3))];
    const picked = (over: Partial<PlanInput>) =>
      plan(round({ assets, ...over })).picks.map(({ assetId, reason }) => [assetId, reason]);

    it("has the others go first that reported, and tries it again with what is left", () => {
      const states = new Map([["BROKEN", failed(24)]]);
      const good = ["GOOD", `reported on ${dayAgo(3)}`];
      expect(picked({ states, calendar, remainingCalls: 5 })).to.deep.equal([good]);
      const broken = ["BROKEN", `reported on ${dayAgo(1)}, failed before`];
      expect(picked({ states, calendar })).to.deep.equal([good, broken]);
    });

    it("lets it go first where it failed before its report came out, or not with all", () => {
      const all = failed(24).types;
      const { earnings: _, ...types } = all;
      for (const one of [failed(72), { ...failed(24), types }]) {
        const picks = picked({ states: new Map([["BROKEN", one]]), calendar });
        expect(picks[0]).to.deep.equal(["BROKEN", `reported on ${dayAgo(1)}`]);
      }
    });

    it("has the others of the watchlist go first, although they were fetched since", () => {
      const states = new Map([
        ["BROKEN", failed(48)],
        ["GOOD", state(25)],
      ]);
      const watchlist = ["BROKEN", "GOOD"];
      expect(picked({ states, watchlist })).to.deep.equal([
        ["GOOD", "on the watchlist"],
        ["BROKEN", "on the watchlist, failed before"],
      ]);
    });
  });

  it("has all others go first where nothing could be had of a watched one within the day, or not all", () => {
    const failed = { status: "failed", requested_at: ago(23) } as const;
    const none = Object.fromEntries(dataTypes.map((type) => [type, failed]));
    for (const watched of [state(100, none, "failed"), state(23, { earnings: failed }, "failed")]) {
      const states = new Map([
        ["WATCHED", watched],
        ["OTHER", state(24)],
      ]);
      const { picks } = plan(round({ assets: active("WATCHED", "OTHER"), states, watchlist: ["WATCHED"] }));
      expect(ids(picks)).to.deep.equal(["OTHER", "WATCHED"]);
      expect(picks[1]?.reason).to.equal("on the watchlist, failed before, can wait");
    }
  });

  describe("where earnings were reported", () => {
    const of = (...calendar: PlanInput["calendar"]) =>
      plan(round({ round: "earnings", assets: active("X", "Y"), calendar }));

    it("takes those of the last 14 days, the youngest first", () => {
      expect(ids(of(report("X", dayAgo(14)), report("Y", dayAgo(1))).picks)).to.deep.equal(["Y", "X"]);
    });

    for (const [what, entry] of [
      ["today's, which is yet to come out", report("X", dayAgo(0))],
      ["tomorrow's", report("X", dayAgo(-1))],
      ["those of 15 days ago", report("X", dayAgo(15))],
      ["processed ones", report("X", dayAgo(1), "processed")],
      ["those that moved", report("X", dayAgo(1), "moved")],
    ] as const) {
      it(`leaves ${what}`, () => {
        const { picks, skipped } = of(entry);
        expect(picks).to.deep.equal([]);
        expect(skipped).to.deep.include({
          assetId: "X",
          reason: "has no open report: left to the regular round",
        });
      });
    }

    it("fetches again at once what was stored before", () => {
      const states = new Map([["X", state(10)]]);
      const calendar = [report("X", dayAgo(1))];
      const planned = plan(round({ round: "earnings", assets: active("X"), states, calendar }));
      expect(planned.picks[0]?.dataTypes).to.deep.equal([...dataTypes]);
    });

    it("judges as any other what was fetched since", () => {
      const states = new Map([["X", state(25)]]);
      const asked = { assets: active("X"), states, calendar: [report("X", dayAgo(5))] };
      expect(plan(round({ ...asked, round: "earnings" })).skipped).to.deep.equal([
        { assetId: "X", reason: `fetched since the report of ${dayAgo(5)}: left to the regular round` },
      ]);
      expect(plan(round(asked)).picks[0]).to.include({ priority: "low" });
      expect(plan(round({ ...asked, watchlist: ["X"] })).picks[0]).to.include({ priority: "medium" });
    });

    it("leaves what was stored after", () => {
      const states = new Map([["X", state(2)]]);
      const calendar = [report("X", dayAgo(1))];
      const { skipped } = plan(round({ round: "earnings", assets: active("X"), states, calendar }));
      expect(skipped).to.deep.equal([{ assetId: "X", reason: "fresh, also after the report of 2026-10-29" }]);
    });
  });

  it("leaves to what will be stale soon what all others leave, whatever its priority", () => {
    const states = new Map([
      ["WATCHED", state(23)],
      ["STALE", state(24)],
      ["PARTLY", state(23, { earnings: { status: "complete", requested_at: ago(24), stored_at: ago(24) } })],
      ["FRESH", state(19)],
    ]);
    const { picks, skipped } = plan(
      round({ assets: active(...states.keys()), states, watchlist: ["WATCHED"], remainingCalls: 15 }),
    );
    expect(picks.map(({ assetId, dataTypes: types, reason }) => [assetId, types.length, reason])).to.deep.equal([
      ["PARTLY", 5, `its turn: nothing new since ${ago(24)}`],
      ["STALE", 5, `its turn: nothing new since ${ago(24)}`],
      ["WATCHED", 5, "on the watchlist, can wait"],
    ]);
    expect(skipped).to.deep.equal([{ assetId: "FRESH", reason: "fresh" }]);
  });

  it("makes up at 07:00 for a 06:00 that did not happen", () => {
    const { picks } = plan(round({ round: "regular", assets: active("X"), calendar: [report("X", dayAgo(1))] }));
    expect(picks[0]).to.include({ assetId: "X", priority: "high" });
  });

  describe("where assets were left half done", () => {
    const openJobs = [
      { assetId: "HALF", dataType: "cash_flow" },
      { assetId: "HALF", dataType: "balance_sheet" },
      { assetId: "NEARLY", dataType: "earnings" },
    ] as const;

    it("pays for them before anything new, the nearest to its end first", () => {
      const calendar = [report("REPORTED", dayAgo(1))];
      const assets = active("HALF", "NEARLY", "REPORTED");
      const states = new Map([["HALF", state(3, {}, "pending")]]);
      const planned = plan(round({ round: "earnings", assets, states, calendar, openJobs, remainingCalls: 8 }));
      expect(planned.resumed).to.deep.equal([
        { assetId: "NEARLY", dataTypes: ["earnings"], reason: "half done: 1 of 1 call that are queued" },
        {
          assetId: "HALF",
          dataTypes: ["balance_sheet", "cash_flow"],
          reason: "half done: 2 of 2 calls that are queued",
        },
      ]);
      expect(ids(planned.picks)).to.deep.equal(["REPORTED"]);
      expect(planned.callsPlanned).to.equal(8);
    });

    it("goes on with a part where not all of it fits", () => {
      const planned = plan(round({ assets: active("HALF", "NEARLY", "OTHER"), openJobs, remainingCalls: 2 }));
      expect(planned.resumed.map(({ assetId, dataTypes: types }) => [assetId, types])).to.deep.equal([
        ["NEARLY", ["earnings"]],
        ["HALF", ["balance_sheet"]],
      ]);
      expect(planned.skipped).to.deep.equal([{ assetId: "OTHER", reason: "needs 5 calls, the budget has 0 left" }]);
    });

    it("says what waits where nothing is left", () => {
      const planned = plan(round({ assets: active("HALF"), openJobs: openJobs.slice(0, 2), remainingCalls: 0 }));
      expect(planned.resumed).to.deep.equal([]);
      expect(planned.skipped).to.deep.equal([
        { assetId: "HALF", reason: "half done, waits for 2 calls: the budget has none left" },
      ]);
    });
  });

  it("lets a smaller one in where a larger one does not fit", () => {
    const states = new Map([["SMALL", state(1, { earnings: { status: "failed", requested_at: ago(1) } })]]);
    const planned = plan(round({ assets: active("LARGE", "SMALL"), states, watchlist: ["LARGE"], remainingCalls: 4 }));
    expect(planned.picks.map(({ assetId, dataTypes: types }) => [assetId, types])).to.deep.equal([
      ["SMALL", ["earnings"]],
    ]);
    expect(planned.skipped).to.deep.equal([{ assetId: "LARGE", reason: "needs 5 calls, the budget has 4 left" }]);
  });

  for (const status of ["pending", "processing", "retrying"] as const) {
    it(`leaves an asset alone that is ${status}, and takes it up again a day later`, () => {
      const at = (hoursAgo: number) => new Map([["X", state(hoursAgo, {}, status)]]);
      expect(plan(round({ assets: active("X"), states: at(23) })).skipped).to.deep.equal([
        { assetId: "X", reason: "being processed" },
      ]);
      expect(ids(plan(round({ assets: active("X"), states: at(24) })).picks)).to.deep.equal(["X"]);
    });
  }

  it("takes no asset that is not active, and says what is not in the universe", () => {
    const planned = plan(
      round({
        assets: [{ assetId: "GONE", status: "delisted" }],
        calendar: [report("GONE", dayAgo(1)), report("TYPO", dayAgo(1))],
        watchlist: ["GONE", "TYPO"],
        openJobs: [
          { assetId: "GONE", dataType: "earnings" },
          { assetId: "TYPO", dataType: "earnings" },
        ],
      }),
    );
    expect(planned).to.deep.equal({
      resumed: [],
      picks: [],
      skipped: [
        { assetId: "GONE", reason: "not active" },
        { assetId: "TYPO", reason: "not in the universe" },
      ],
      callsPlanned: 0,
    });
  });
});

const names = Array.from({ length: 12 }, (_, at) => `S${String(at).padStart(2, "0")}`);
const name = fc.constantFrom(...names);
const moment = fc.integer({ min: 0, max: 72 }).map(ago);
const typeState = fc.record(
  { status: fc.constantFrom(...statuses), requested_at: moment, stored_at: moment },
  { requiredKeys: ["status", "requested_at"] },
);
const dataType = fc.constantFrom<DataType>(...dataTypes);

const anyInput: fc.Arbitrary<PlanInput> = fc.record({
  round: fc.constantFrom("earnings", "regular"),
  now: fc.constant(now),
  assets: fc.uniqueArray(fc.record({ assetId: name, status: fc.constantFrom("active", "active", "delisted") }), {
    selector: ({ assetId }) => assetId,
  }),
  states: fc
    .array(
      fc.tuple(name, fc.record({ status: fc.constantFrom(...statuses), types: fc.dictionary(dataType, typeState) })),
    )
    .map((entries) => new Map(entries)),
  calendar: fc.array(
    fc.record({
      assetId: name,
      earningsDate: fc.integer({ min: -3, max: 20 }).map(dayAgo),
      status: fc.constantFrom("scheduled", "processed", "moved"),
    }),
  ),
  watchlist: fc.array(name),
  remainingCalls: fc.integer({ min: 0, max: 30 }),
  openJobs: fc.array(fc.record({ assetId: name, dataType })),
});

describe("whatever the planner is given, it", () => {
  const always = (holds: (input: PlanInput, planned: ReturnType<typeof plan>) => void) =>
    fc.assert(
      fc.property(anyInput, (input) => holds(input, plan(input))),
      { numRuns: 300 },
    );

  it("never plans more calls than remain, and counts them right", () =>
    always(({ remainingCalls }, { resumed, picks, callsPlanned }) => {
      const planned = [...resumed, ...picks].flatMap(({ dataTypes: types }) => types);
      expect(callsPlanned).to.equal(planned.length).and.to.be.at.most(remainingCalls);
      for (const { dataTypes: types } of [...resumed, ...picks]) {
        expect(types.length).to.be.greaterThan(0).and.to.equal(new Set(types).size);
      }
    }));

  it("never plans an asset that is not active", () =>
    always(({ assets }, { resumed, picks }) => {
      const activeIds = assets.filter(({ status }) => status === "active").map(({ assetId }) => assetId);
      expect(activeIds).to.include.members(ids([...resumed, ...picks]));
    }));

  it("keeps the order of urgency, and picks nothing new while something half done waits", () =>
    always((_, { picks, skipped }) => {
      const canWait = ({ reason }: { reason: string }) => reason.endsWith("can wait");
      const ranks = picks.map((one) => (canWait(one) ? 3 : 0) + ["high", "medium", "low"].indexOf(one.priority));
      expect(ranks).to.deep.equal(ranks.toSorted());
      if (skipped.some(({ reason }) => reason.startsWith("half done"))) expect(picks).to.deep.equal([]);
    }));

  it("accounts for every asset exactly once", () =>
    always(({ assets, watchlist, openJobs }, { resumed, picks, skipped }) => {
      const told = new Set([...ids(assets), ...watchlist, ...ids(openJobs)]);
      expect(ids([...resumed, ...picks, ...skipped]).sort()).to.deep.equal([...told].sort());
      expect(skipped.every(({ reason }) => reason.length > 0)).to.equal(true);
    }));

  it("decides the same in whatever order its input comes", () =>
    always((input, planned) => {
      const reversed = {
        ...input,
        assets: input.assets.toReversed(),
        states: new Map([...input.states].toReversed()),
        calendar: input.calendar.toReversed(),
        watchlist: input.watchlist.toReversed(),
        openJobs: input.openJobs.toReversed(),
      };
      expect(plan(reversed)).to.deep.equal(planned);
    }));

  it("never plans less where the budget is twice as large", () =>
    always((input, { callsPlanned }) => {
      const half = plan({ ...input, remainingCalls: Math.floor(input.remainingCalls / 2) });
      expect(half.callsPlanned).to.be.at.most(callsPlanned);
    }));
});

import { expect } from "chai";
import type { DataType } from "../../../functions/processing/fundamentals/dataTypes";
import { type PlanInput, plan } from "../../../functions/processing/planning/plan";
import { type AssetState, moved, requested } from "../../../functions/processing/state/assetState";

const dayMs = 86_400_000;
const begin = Date.parse("2026-08-03T07:00:00Z");

/** The state once all that was asked for is stored. */
const stored = (
  before: AssetState | undefined,
  assetId: string,
  types: readonly DataType[],
  at: number,
): AssetState => {
  const request = { assetId, dataTypes: types, priority: "low", correlationId: "c", causeId: "c" } as const;
  return types.reduce(
    (state, type) => {
      const begun = moved(state, type, "processing", at);
      const done = begun && moved(begun, type, "complete", at);
      if (!done) throw new Error(`${assetId} cannot be stored`);
      return done;
    },
    requested(before, request, at),
  );
};

describe("a universe of 1,000 companies, at four a day,", () => {
  it("is fetched to the last company before the first has its second turn", function () {
    this.timeout(20_000);
    const assets = Array.from({ length: 1_000 }, (_, at) => ({ assetId: `S${at}`, status: "active" }));
    const states = new Map<string, AssetState>();
    const fetched: string[] = [];
    for (let now = begin; now < begin + 250 * dayMs; now += dayMs) {
      for (const [assetId, { expires_at }] of states) if (expires_at * 1_000 <= now) states.delete(assetId);
      const known = { round: "regular", now, assets, states, calendar: [], watchlist: [], openJobs: [] } as const;
      for (const { assetId, dataTypes } of plan({ ...known, remainingCalls: 20 }).picks) {
        states.set(assetId, stored(states.get(assetId), assetId, dataTypes, now + 20_000));
        fetched.push(assetId);
      }
    }
    expect(new Set(fetched).size).to.equal(1_000);
  });
});

describe("50 companies, at four a day,", () => {
  const days = 14;
  const first = ["S0", "S1", "S2", "S3"];

  /** How many days each company was fetched on, where all calls of a day are made within minutes of its round. */
  const fetchedOn = (over: Partial<Pick<PlanInput, "watchlist" | "calendar">>): Map<string, number> => {
    const assets = Array.from({ length: 50 }, (_, at) => ({ assetId: `S${at}`, status: "active" }));
    const states = new Map<string, AssetState>();
    const times = new Map(assets.map(({ assetId }) => [assetId, 0]));
    for (let day = 0; day < days; day++) {
      let remainingCalls = 20;
      for (const [round, hour] of [
        ["earnings", 0],
        ["regular", 1],
      ] as const) {
        const now = begin + day * dayMs + hour * 3_600_000;
        const known = { round, now, assets, states, calendar: [], watchlist: [], openJobs: [], ...over };
        const { picks, callsPlanned } = plan({ ...known, remainingCalls });
        remainingCalls -= callsPlanned;
        for (const { assetId, dataTypes } of picks) {
          states.set(assetId, stored(states.get(assetId), assetId, dataTypes, now + 20_000));
          times.set(assetId, (times.get(assetId) ?? 0) + 1);
        }
      }
    }
    return times;
  };

  it("have four on the watchlist fetched every second day, and the others on the days between", () => {
    const times = fetchedOn({ watchlist: first });
    expect(first.map((assetId) => times.get(assetId))).to.deep.equal([7, 7, 7, 7]);
    expect([...times.values()].filter((count) => count > 0)).to.have.length(4 + (days / 2) * 4);
  });

  it("have four that reported fetched once, and then all in turn, although their reports stay open", () => {
    const earningsDate = new Date(begin - dayMs).toISOString().slice(0, 10);
    const times = fetchedOn({ calendar: first.map((assetId) => ({ assetId, earningsDate, status: "scheduled" })) });
    expect(Math.min(...times.values())).to.equal(1);
    expect(Math.max(...times.values())).to.equal(2);
  });
});

describe("a plan that has calls for everything", () => {
  it("has all of it fetched every day, although it takes hours until it is stored", () => {
    const assets = Array.from({ length: 10 }, (_, at) => ({ assetId: `S${at}`, status: "active" }));
    const states = new Map<string, AssetState>();
    for (let day = begin; day < begin + 5 * dayMs; day += dayMs) {
      const calls = (["earnings", "regular"] as const).map((round, at) => {
        const now = day + at * 3_600_000;
        const known = { round, now, assets, states, calendar: [], watchlist: [], openJobs: [] };
        const { picks, callsPlanned } = plan({ ...known, remainingCalls: 1_000 });
        for (const { assetId, dataTypes } of picks) {
          states.set(assetId, stored(states.get(assetId), assetId, dataTypes, now + 3 * 3_600_000));
        }
        return callsPlanned;
      });
      expect(calls).to.deep.equal([0, 50]);
    }
  });
});

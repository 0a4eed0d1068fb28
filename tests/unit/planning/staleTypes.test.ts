import { expect } from "chai";
import fc from "fast-check";
import { type DataType, dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import {
  dueTypes,
  freshForMs,
  type StateView,
  soonForMs,
  staleTypes,
} from "../../../functions/processing/planning/staleTypes";

const hour = 3_600_000;
const now = Date.parse("2026-10-30T07:00:00Z");

const stored = (moments: Partial<Record<DataType, string>>): Pick<StateView, "types"> => ({
  types: Object.fromEntries(
    Object.entries(moments).map(([type, at]) => [type, { status: "complete", requested_at: at, stored_at: at }]),
  ),
});

const allStored = (at: string) => stored(Object.fromEntries(dataTypes.map((type) => [type, at])));

describe("stale types", () => {
  it("are all of them where nothing was ever stored", () => {
    expect(staleTypes(undefined, [], now)).to.deep.equal([...dataTypes]);
    expect(staleTypes({ types: {} }, [], now)).to.deep.equal([...dataTypes]);
  });

  it("are those that were only asked for, and those whose moment cannot be read", () => {
    const { types } = allStored("2026-10-30T06:00:00Z");
    const state = {
      types: {
        ...types,
        earnings: { status: "failed", requested_at: "2026-10-30T06:00:00Z" },
        cash_flow: { status: "complete", requested_at: "2026-10-30T06:00:00Z", stored_at: "soon" },
      },
    } as const;
    expect(staleTypes(state, [], now)).to.deep.equal(["earnings", "cash_flow"]);
  });

  for (const type of dataTypes) {
    it(`has its own age for ${type}`, () => {
      const at = (age: number) => {
        const rest = allStored(new Date(now).toISOString());
        const own = stored({ [type]: new Date(now - age).toISOString() });
        const state = { types: { ...rest.types, ...own.types } };
        return { stale: staleTypes(state, [], now), due: dueTypes(state, [], now) };
      };
      expect(at(freshForMs[type] - soonForMs - 1)).to.deep.equal({ stale: [], due: [] });
      expect(at(freshForMs[type] - soonForMs)).to.deep.equal({ stale: [], due: [type] });
      expect(at(freshForMs[type] - 1)).to.deep.equal({ stale: [], due: [type] });
      expect(at(freshForMs[type])).to.deep.equal({ stale: [type], due: [type] });
    });
  }

  describe("where a report came out", () => {
    const storedAt = (at: string, moment: string, ...days: string[]) =>
      staleTypes(allStored(at), days, Date.parse(moment)).length;

    it("are stale at once, however young", () => {
      expect(storedAt("2026-10-29T23:00:00Z", "2026-10-30T06:00:00Z", "2026-10-30")).to.equal(5);
      expect(storedAt("2026-10-29T23:00:00Z", "2026-10-30T06:00:00Z", "2026-10-29")).to.equal(5);
    });

    it("are fresh where they were stored after it, or where it is yet to come", () => {
      expect(storedAt("2026-10-30T05:00:00Z", "2026-10-30T06:00:00Z", "2026-10-29")).to.equal(0);
      expect(storedAt("2026-10-29T23:00:00Z", "2026-10-30T06:00:00Z", "2026-10-31", "2026-10-28")).to.equal(0);
    });

    it("are not fetched twice on the day itself, but once more on the next", () => {
      expect(storedAt("2026-10-30T06:01:00Z", "2026-10-30T07:00:00Z", "2026-10-30")).to.equal(0);
      expect(storedAt("2026-10-30T07:30:00Z", "2026-10-31T06:00:00Z", "2026-10-30")).to.equal(5);
      expect(storedAt("2026-10-31T06:01:00Z", "2026-10-31T07:00:00Z", "2026-10-30")).to.equal(0);
    });
  });

  it("never become fewer as time goes by or reports come out", () => {
    const ages = fc.array(fc.integer({ min: 0, max: 72 }), { minLength: 5, maxLength: 5 });
    const day = fc
      .integer({ min: -5, max: 5 })
      .map((days) => new Date(now + days * 24 * hour).toISOString().slice(0, 10));
    fc.assert(
      fc.property(ages, fc.array(day), day, fc.nat(48), (hours, days, another, later) => {
        const state = stored(
          Object.fromEntries(
            dataTypes.map((type, at) => [type, new Date(now - (hours[at] ?? 0) * hour).toISOString()]),
          ),
        );
        const before = staleTypes(state, days, now);
        expect(staleTypes(state, days, now + later * hour)).to.include.members(before);
        expect(staleTypes(state, [...days, another], now)).to.include.members(before);
      }),
    );
  });
});

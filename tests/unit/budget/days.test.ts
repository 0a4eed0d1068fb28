import { expect } from "chai";
import fc from "fast-check";
import { dayOf, endOfDay, startOfDay, startOfUtcDay, zones } from "../../../functions/processing/budget/days";

const at = (iso: string): number => Date.parse(iso);
const hours = (from: string, to: number): number => (to - at(from)) / 3_600_000;

const moment = fc.integer({ min: at("2020-01-01T00:00:00Z"), max: at("2040-01-01T00:00:00Z") });

describe("the days by which calls are counted", () => {
  it("end at midnight, in each zone at its own", () => {
    expect(dayOf("utc", at("2026-10-29T23:59:59.999Z"))).to.equal("2026-10-29");
    expect(dayOf("utc", at("2026-10-30T00:00:00Z"))).to.equal("2026-10-30");
    expect(dayOf("new_york", at("2026-10-30T03:59:59.999Z"))).to.equal("2026-10-29");
    expect(dayOf("new_york", at("2026-10-30T04:00:00Z"))).to.equal("2026-10-30");
    expect(dayOf("new_york", at("2026-12-30T04:59:59.999Z"))).to.equal("2026-12-29");
    expect(startOfUtcDay(at("2026-10-30T11:12:13Z"))).to.equal(at("2026-10-30T00:00:00Z"));
  });

  it("have 23 and 25 hours in New York when its clocks are changed", () => {
    expect(hours("2026-03-08T05:00:00Z", endOfDay("new_york", at("2026-03-08T05:00:00Z")))).to.equal(23);
    expect(hours("2026-11-01T04:00:00Z", endOfDay("new_york", at("2026-11-01T04:00:00Z")))).to.equal(25);
    expect(hours("2026-10-29T04:00:00Z", endOfDay("new_york", at("2026-10-29T04:00:00Z")))).to.equal(24);
  });

  it("begin where the day before ends", () => {
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), (now, zone) => {
        const start = startOfDay(zone, now);
        expect(start).to.be.at.most(now);
        expect(dayOf(zone, start)).to.equal(dayOf(zone, now));
        expect(dayOf(zone, start - 1)).not.to.equal(dayOf(zone, now));
      }),
    );
  });

  it("are those of another reading of the same calendar", () => {
    fc.assert(
      fc.property(moment, (now) => {
        const swedish = new Date(now).toLocaleDateString("sv-SE", { timeZone: "America/New_York" });
        expect(dayOf("new_york", now)).to.equal(swedish);
        expect(dayOf("utc", now)).to.equal(new Date(now).toLocaleDateString("sv-SE", { timeZone: "UTC" }));
      }),
    );
  });

  it("last until the first moment of the next one", () => {
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), (now, zone) => {
        const end = endOfDay(zone, now);
        expect(dayOf(zone, end - 1)).to.equal(dayOf(zone, now));
        expect(dayOf(zone, end)).not.to.equal(dayOf(zone, now));
        expect(end)
          .to.be.greaterThan(now)
          .and.to.be.at.most(now + 25 * 3_600_000);
      }),
    );
  });
});

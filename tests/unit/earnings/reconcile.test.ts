import { expect } from "chai";
import fc from "fast-check";
import type { CalendarEntry } from "../../../functions/processing/earnings/calendar";
import { reconcile } from "../../../functions/processing/earnings/reconcile";
import type { CalendarRow } from "../../../functions/processing/providers/rows";

const row = (reportDate: string, over: Partial<CalendarRow> = {}): CalendarRow => ({
  symbol: "AAPL",
  name: "Apple Inc.",
  reportDate,
  fiscalDateEnding: "2026-09-30",
  estimate: 1.54,
  currency: "USD",
  ...over,
});

const entry = (earningsDate: string, over: Partial<CalendarEntry> = {}): CalendarEntry => ({
  asset_id: "ASSET#AAPL",
  earnings_date: earningsDate,
  status: "scheduled",
  version: 3,
  source_time: 1_000,
  fiscal_date_ending: "2026-09-30",
  estimate: 1.54,
  currency: "USD",
  name: "Apple Inc.",
  ...over,
});

const at = 2_000;
const now = Date.parse("2026-10-01T05:00:00Z");
const of = (one: CalendarRow, ...entries: CalendarEntry[]) => reconcile(one, entries, at, now);

/** The table after the changes have been written. */
const written = (entries: readonly CalendarEntry[], { changes }: ReturnType<typeof reconcile>): CalendarEntry[] => [
  ...entries.filter((one) => !changes.some(({ before }) => before === one)),
  ...changes.map(({ after }) => after),
];

describe("what a row of the provider means for the calendar", () => {
  it("is a new entry where the day has none", () => {
    const { outcome, changes } = of(row("2026-10-29", { timeOfDay: "post-market" }));
    expect(outcome).to.equal("added");
    expect(changes).to.deep.equal([
      {
        before: undefined,
        after: {
          ...entry("2026-10-29", { version: 1, source_time: at }),
          time_of_day: "post-market",
          created_at: "2026-10-01T05:00:00.000Z",
          updated_at: "2026-10-01T05:00:00.000Z",
        },
      },
    ]);
  });

  it("is nothing where the entry says the same", () => {
    expect(of(row("2026-10-29"), entry("2026-10-29"))).to.deep.equal({ outcome: "unchanged", changes: [] });
  });

  it("is a change where it says otherwise, and others' fields stay", () => {
    const { outcome, changes } = of(row("2026-10-29", { estimate: 1.6 }), entry("2026-10-29", { note: "theirs" }));
    expect(outcome).to.equal("changed");
    expect(changes[0]?.after).to.deep.include({ estimate: 1.6, version: 4, source_time: at, note: "theirs" });
  });

  it("takes an estimate away that the provider has no more", () => {
    const { estimate: _, ...without } = row("2026-10-29");
    const { changes } = of(without, entry("2026-10-29"));
    expect(changes[0]?.after).to.have.property("estimate", undefined);
  });

  it("moves the open entry of the same quarter, and no other", () => {
    const old = entry("2026-10-29");
    const earlier = entry("2026-07-30", { fiscal_date_ending: "2026-06-30" });
    const { outcome, changes } = of(row("2026-11-05"), old, earlier);
    expect(outcome).to.equal("moved");
    expect(
      changes.map(({ before, after }) => [before, after.earnings_date, after.status, after.moved_to]),
    ).to.deep.equal([
      [undefined, "2026-11-05", "scheduled", undefined],
      [old, "2026-10-29", "moved", "2026-11-05"],
    ]);
    expect(changes[1]?.after).to.deep.include({ version: 4, source_time: at });
  });

  it("moves back an entry that had moved", () => {
    const entries = [entry("2026-10-29", { status: "moved", moved_to: "2026-11-05" }), entry("2026-11-05")];
    const result = of(row("2026-10-29"), ...entries);
    expect(result.outcome).to.equal("moved");
    const after = written(entries, result);
    expect(after.find(({ earnings_date: on }) => on === "2026-10-29")).to.include({ status: "scheduled", version: 4 });
    expect(after.find(({ earnings_date: on }) => on === "2026-10-29")).not.to.have.property("moved_to");
    expect(after.find(({ earnings_date: on }) => on === "2026-11-05")).to.include({ moved_to: "2026-10-29" });
  });

  it("is nothing where the quarter was processed, on this day or another", () => {
    const done = entry("2026-10-29", { status: "processed" });
    expect(of(row("2026-10-29", { estimate: 9 }), done).changes).to.deep.equal([]);
    expect(of(row("2026-11-05"), done).changes).to.deep.equal([]);
    const { fiscal_date_ending: _, ...unnamed } = done;
    expect(of(row("2026-10-29"), unnamed as CalendarEntry).changes).to.deep.equal([]);
  });

  it("opens a processed entry again for another quarter", () => {
    const done = entry("2026-10-29", {
      status: "processed",
      fiscal_date_ending: "2026-06-30",
      processed_at: "2026-10-30T00:00:00.000Z",
      processed_event_id: "e-1",
    });
    const { outcome, changes } = of(row("2026-10-29"), done);
    expect(outcome).to.equal("changed");
    expect(changes[0]?.after).to.include({ status: "scheduled", version: 4, fiscal_date_ending: "2026-09-30" });
    expect(changes[0]?.after).not.to.have.any.keys("processed_at", "processed_event_id");
  });

  for (const [what, one, entries] of [
    ["a younger entry of that day", row("2026-10-29", { estimate: 9 }), [entry("2026-10-29", { source_time: 3_000 })]],
    ["a younger entry of the quarter", row("2026-11-05"), [entry("2026-10-29", { source_time: 3_000 })]],
  ] as const) {
    it(`is too old for ${what}`, () => {
      expect(of(one, ...entries)).to.deep.equal({ outcome: "older", changes: [] });
    });
  }

  it("leaves one open entry a quarter at most, and nothing to do the second time, whatever was there", () => {
    const days = ["2026-10-27", "2026-10-28", "2026-10-29", "2026-10-30"];
    const quarters = ["2026-06-30", "2026-09-30"];
    const anyEntry = fc.record({
      earnings_date: fc.constantFrom(...days),
      status: fc.constantFrom("scheduled" as const, "processed" as const, "moved" as const),
      fiscal_date_ending: fc.constantFrom(...quarters),
      source_time: fc.integer({ min: 0, max: at }),
    });
    const anyEntries = fc.uniqueArray(anyEntry, { selector: ({ earnings_date }) => earnings_date });
    fc.assert(
      fc.property(anyEntries, fc.constantFrom(...days), fc.constantFrom(...quarters), (known, day, quarter) => {
        const before = known.map(({ earnings_date, ...over }) => entry(earnings_date, over));
        const one = row(day, { fiscalDateEnding: quarter });
        const after = written(before, of(one, ...before));
        const settled = before.some((old) => old.fiscal_date_ending === quarter && old.status === "processed");
        const open = after.filter((now) => now.fiscal_date_ending === quarter && now.status === "scheduled");
        if (!settled) expect(open.map(({ earnings_date }) => earnings_date)).to.deep.equal([day]);
        expect(of(one, ...after)).to.deep.equal({ outcome: "unchanged", changes: [] });
        for (const { earnings_date, version } of after) {
          const old = before.find((other) => other.earnings_date === earnings_date);
          expect(version - (old?.version ?? 0)).to.be.within(0, 1);
        }
        const done = before.filter((old) => old.status === "processed" && old.fiscal_date_ending === quarter);
        expect(after).to.include.members(done);
      }),
    );
  });
});

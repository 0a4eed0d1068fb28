import { expect } from "chai";
import fc from "fast-check";
import { changesOf, type Head } from "../../../functions/processing/fundamentals/changes";
import type { Report } from "../../../functions/processing/fundamentals/report";

const day = 86_400_000;
const start = Date.parse("2026-11-20T06:00:00Z");
const source = (receivedAt: number) => ({ assetId: "AAPL", receivedAt, rawKey: `raw-${receivedAt}` });
const report = (fiscalDate: string, netIncome: number): Report => ({
  period: "annual",
  fiscalDate,
  figures: { netIncome },
  texts: { reportedCurrency: "USD" },
});
const answer = (...reports: Report[]) => ({ symbol: "AAPL", reports, refused: [] });

const known = (head: Head | undefined, reports: Report[], at: number) => {
  const changes = changesOf(head, answer(...reports), source(at));
  if (!changes) throw new Error("older than what is known");
  return changes;
};

describe("what an answer changes", () => {
  it("is everything where nothing is known", () => {
    const changes = known(undefined, [report("2024-09-28", 93_736), report("2023-09-30", 96_995)], start);
    expect(changes).to.include({ added: 2, restated: 0, unchanged: 0 });
    expect(changes.rows.map(({ report_key }) => report_key)).to.deep.equal([
      "ANNUAL#2024-09-28#2026-11-20T06:00:00.000Z",
      "ANNUAL#2023-09-30#2026-11-20T06:00:00.000Z",
    ]);
    expect(changes.head.source_time).to.equal(start);
  });

  it("is nothing where the answer says the same again", () => {
    const first = known(undefined, [report("2024-09-28", 93_736)], start);
    const second = known(first.head, [report("2024-09-28", 93_736)], start + day);
    expect(second).to.include({ added: 0, restated: 0, unchanged: 1 });
    expect(second.rows).to.deep.equal([]);
    expect(second.head.current).to.deep.equal(first.head.current);
    expect(second.head.source_time).to.equal(start + day);
  });

  it("is a new version where a report was restated, and the old one stays", () => {
    const first = known(undefined, [report("2024-09-28", 93_736)], start);
    const second = known(first.head, [report("2024-09-28", 93_000)], start + day);
    expect(second).to.include({ added: 0, restated: 1 });
    expect(second.rows[0]).to.include({
      report_key: "ANNUAL#2024-09-28#2026-11-21T06:00:00.000Z",
      restates: "ANNUAL#2024-09-28#2026-11-20T06:00:00.000Z",
    });
  });

  it("is nothing at all where the answer is the older one", () => {
    const { head } = known(undefined, [report("2024-09-28", 93_736)], start);
    expect(changesOf(head, answer(report("2024-09-28", 1)), source(start - 1))).to.equal(undefined);
    expect(changesOf(head, answer(report("2024-09-28", 1)), source(start))).to.equal(undefined);
  });

  it("keeps reports that the provider no longer lists", () => {
    const first = known(undefined, [report("2020-09-26", 57_411)], start);
    const second = known(first.head, [report("2024-09-28", 93_736)], start + day);
    expect(Object.keys(second.head.current).sort()).to.deep.equal(["ANNUAL#2020-09-26", "ANNUAL#2024-09-28"]);
  });

  it("has one report count as the latest, the newest answer's, whatever quarter an older one named", () => {
    const latest = (fiscalDate: string, eps: number): Report => ({ ...report(fiscalDate, eps), period: "latest" });
    const first = known(undefined, [report("2024-09-28", 93_736), latest("2026-06-30", 1)], start);
    const wrong = known(first.head, [latest("2062-06-30", 2)], start + day);
    expect(wrong).to.include({ added: 1, dropped: 1 });
    expect(Object.keys(wrong.head.current)).to.have.members(["ANNUAL#2024-09-28", "LATEST#2062-06-30"]);
    const right = known(wrong.head, [latest("2026-06-30", 1)], start + 2 * day);
    expect(right).to.include({ added: 1, dropped: 1 });
    expect(Object.keys(right.head.current)).to.have.members(["ANNUAL#2024-09-28", "LATEST#2026-06-30"]);
    expect(known(right.head, [latest("2026-06-30", 1)], start + 3 * day)).to.include({ unchanged: 1, dropped: 0 });
  });

  it("does not depend on the order of fields", () => {
    const one: Report = { ...report("2024-09-28", 1), figures: { a: 1, b: 2 } };
    const other: Report = { ...report("2024-09-28", 1), figures: { b: 2, a: 1 } };
    const first = known(undefined, [one], start);
    expect(known(first.head, [other], start + 1).rows).to.deep.equal([]);
  });

  it("leads to the youngest answer, in whatever order the answers come", () => {
    const answers = fc.uniqueArray(
      fc.record({ at: fc.integer({ min: 1, max: 1_000 }), netIncome: fc.integer({ min: 0, max: 3 }) }),
      { selector: ({ at }) => at, minLength: 1 },
    );
    fc.assert(
      fc.property(answers, (arriving) => {
        let head: Head | undefined;
        const rows = new Map<string, number | undefined>();
        for (const { at, netIncome } of arriving) {
          const changes = changesOf(head, answer(report("2024-09-28", netIncome)), source(start + at));
          for (const row of changes?.rows ?? []) rows.set(row.report_key, row.figures["netIncome"]);
          head = changes?.head ?? head;
        }
        const youngest = arriving.reduce((a, b) => (b.at > a.at ? b : a));
        const entry = head?.current["ANNUAL#2024-09-28"] ?? "";
        expect(rows.get(`ANNUAL#2024-09-28#${entry.split("#")[0]}`)).to.equal(youngest.netIncome);
      }),
    );
  });
});

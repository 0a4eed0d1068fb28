import { expect } from "chai";
import fc from "fast-check";
import { likeness } from "../../../functions/processing/statements/identity";
import { occurrences } from "../../../functions/processing/statements/occurrences";
import { readAll, sgml, type WhatWasRead } from "./samples";

/** By what each booking is known again. */
const known = ({ entries }: WhatWasRead): string[] => entries.map((entry) => `${likeness(entry)} ${entry.occurrence}`);

const csv = (...rows: string[]) => readAll(["Date,Description,Amount", ...rows].join("\n"), { currency: "EUR" });

describe("a booking", () => {
  it("is known again in a statement that overlaps, however often it really happened", async () => {
    const first = await csv("2024-01-30,Coffee,-3.50", "2024-01-31,Coffee,-3.50", "2024-01-31,Coffee,-3.50");
    const second = await csv("2024-01-31,coffee ,-3.50", "2024-01-31,COFFEE,-3.50", "2024-02-01,Coffee,-3.50");
    expect(new Set([...known(first), ...known(second)]).size).to.equal(4);
    expect(known(second).slice(0, 2)).to.deep.equal(known(first).slice(1));
  });

  it("is another where day, amount, currency or text differ", async () => {
    const all = await csv(
      "2024-01-30,Tea,-3.50",
      "2024-01-29,Tea,-3.50",
      "2024-01-30,Tea,-3.51",
      "2024-01-30,Tea 2,-3.50",
    );
    expect(new Set(known(all)).size).to.equal(4);
  });

  it("is the one that the bank says it is, unless the bank says the same of several", async () => {
    const bought = (id: string, name: string, sum = "-1.00") =>
      `<STMTTRN><DTPOSTED>20240105<TRNAMT>${sum}<FITID>${id}<NAME>${name}</STMTTRN>`;
    const first = await readAll(
      sgml(bought("A", "Shop") + bought("B", "Shop") + bought("0", "Tea") + bought("0", "Tee", "-2.00")),
    );
    const second = await readAll(sgml(bought("A", "SHOP 12 BERLIN")));
    // Under an id of the bank's, how often it comes says nothing.
    const [likenesses, later] = [first, second].map(({ entries }) => entries.map(likeness));
    expect(new Set(likenesses).size).to.equal(4);
    expect(later).to.deep.equal(likenesses?.slice(0, 1));
  });

  it("is counted exactly, as often as it comes", () => {
    const hash = fc.integer({ min: 0, max: 400 }).map((at) => `${"0".repeat(8)}${at.toString(16).padStart(8, "0")}`);
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 3_000 }), (hashes) => {
        const table = occurrences(500);
        const counts = new Map<string, number>();
        for (const one of hashes) {
          expect(table.next(one)).to.equal(counts.get(one) ?? 0);
          counts.set(one, (counts.get(one) ?? 0) + 1);
        }
      }),
      { numRuns: 30 },
    );
    const many = occurrences(10_000);
    const name = (at: number) => (at * 2_654_435_761).toString(16).padStart(16, "0").slice(-16);
    for (let round = 0; round < 2; round++) {
      for (let at = 0; at < 10_000; at++) expect(many.next(name(at))).to.equal(round);
    }
    expect(() => many.next("f".repeat(16))).to.throw("file must have at most 10000 different bookings");
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { compare, contentHash } from "../../../functions/processing/assets/compare";
import type { KnownAsset } from "../../../functions/processing/assets/known";
import { parseAssets } from "../../../functions/processing/providers/assets";
import { asset } from "./asset";

const many = (count: number) => Array.from({ length: count }, (_, at) => asset(`S${at}`));

describe("comparing a list with what is known", () => {
  const letters = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const few = fc.uniqueArray(letters, { maxLength: 26 });
  const symbols = fc.oneof(few, fc.uniqueArray(letters, { minLength: 20, maxLength: 26 }));
  const knownOf = (listed: readonly string[]): Map<string, KnownAsset> =>
    new Map(
      listed.map((symbol) => [
        symbol,
        { status: "active", firstSeen: "2026-01-01", contentHash: contentHash(asset(symbol)), sourceTime: 1 },
      ]),
    );

  it("accounts for every listed asset once, and never delists more than a fifth of twenty or more", () => {
    const delistedOfMany: number[] = [];
    fc.assert(
      fc.property(symbols, symbols, (before, now) => {
        const result = compare(
          now.map((symbol) => asset(symbol)),
          knownOf(before),
          [],
          2,
        );
        expect(result.added.length + result.changed.length + result.unchanged).to.equal(now.length);
        const gone = before.filter((symbol) => !now.includes(symbol));
        expect([gone.length, 0]).to.include(result.delisted.length);
        if (before.length >= 20) {
          expect(result.delisted.length).to.be.at.most(before.length / 5);
          delistedOfMany.push(result.delisted.length);
        }
        expect(result.refused.length > 0).to.equal(result.delisted.length < gone.length);
      }),
      { numRuns: 300 },
    );
    expect(Math.max(...delistedOfMany)).to.be.within(3, 5);
    expect(delistedOfMany).to.include(0);
  });

  it("delists nobody as long as a row whose symbol cannot be read may be about who is missing", () => {
    const known = knownOf(many(25).map(({ symbol }) => symbol));
    const compared = (missing: number, ...unreadable: unknown[]) => {
      const { assets, refused } = parseAssets(JSON.stringify(unreadable));
      expect(assets).to.deep.equal([]);
      const { delisted, refused: told } = compare(many(25).slice(missing), known, refused, 2);
      return { delisted, told: told.map(({ reason }) => reason) };
    };
    const reason = (count: number, rows: string) =>
      `lacks ${count} of 25 known assets, and ${rows} no name that can be read: none was delisted`;
    expect(compared(1, { symbol: null })).to.deep.equal({ delisted: [], told: [reason(1, "1 row has")] });
    expect(compared(2, "garbage", {})).to.deep.equal({ delisted: [], told: [reason(2, "2 rows have")] });
    expect(compared(2, "garbage")).to.deep.equal({ delisted: ["S0", "S1"], told: [] });
    expect(compared(2, { symbol: "S0" })).to.deep.equal({ delisted: ["S1"], told: [] });
    expect(compared(0, "garbage")).to.deep.equal({ delisted: [], told: [] });
  });

  it("looks at each asset as often as there are more of them", () => {
    const looks = (size: number) => {
      let count = 0;
      const counting = <Whole extends object>(whole: Whole): Whole =>
        new Proxy(whole, {
          get: (target, name) => {
            count++;
            const value = Reflect.get(target, name);
            return typeof value === "function" && target instanceof Map ? value.bind(target) : value;
          },
        });
      const listed = many(size);
      const known = knownOf(listed.map(({ symbol }) => symbol));
      compare(counting(listed), counting(known), [], 2);
      return count;
    };
    expect(looks(10_000)).to.be.within(10_000, 11 * looks(1_000));
  });
});

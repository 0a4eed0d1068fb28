import { expect } from "chai";
import * as fc from "fast-check";
import { digestBytes } from "../../../functions/processing/stream/count/digest";
import { toItem } from "../../../functions/processing/stream/count/entry";
import { addTo, type FiguresByName, one } from "../../../functions/processing/stream/count/figures";
import { EntrySize, itemBytes, mostBytes } from "../../../functions/processing/stream/count/size";

const names = fc
  .tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }))
  .map(([variant, metric]) => `${"v".repeat(variant)}|conversion:${"m".repeat(metric)}`);
const values = fc.oneof(
  fc.constantFrom(undefined, 0, -1e15, 999_999_999_999_999.9, -1.2345678901234568e-15, 123_456_789.12345679),
  fc.double({ min: -1e15, max: 1e15, noNaN: true }).filter((value) => value === 0 || Math.abs(value) >= 1e-15),
);

/** What an item has whatever is in it: its key, when it goes, and what all of this is called. */
const keysBytes = 300;

describe("the size of an entry", () => {
  it("is never more than it is taken for, whatever is in it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: names, value: values, isNew: fc.boolean() }), { maxLength: 60 }),
        fc.boolean(),
        (events, isSample) => {
          const size = new EntrySize();
          const figures: FiguresByName = new Map();
          const users = new Map<string, Uint8Array>();
          const counts = new Map<string, number>();
          for (const { name, value, isNew } of events) {
            size.add(name, isNew ? 2 : 1);
            addTo(figures, name, one(value));
            if (isNew) users.set(name, new Uint8Array((users.get(name)?.length ?? 0) + digestBytes));
            if (isSample) counts.set(name, Number.MAX_SAFE_INTEGER);
          }
          const ids = new Uint8Array(events.length * digestBytes);
          const entry = { ids, users, levels: counts, estimates: counts, figures, folded: new Map(), number: 1 };
          expect(itemBytes(toItem("checkout#2026-10-29T12#0", { ...entry, totals: undefined }, 1))).to.be.at.most(
            size.bytes + keysBytes,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is what makes it full: by events and users, or by the names of what is counted", () => {
    const [few, many] = [new EntrySize(), new EntrySize()];
    for (let at = 0; at < 4_900; at++) few.add("B|exposure", 2);
    expect(few.isFull).to.equal(false);
    few.add("B|exposure", 200);
    expect(few.isFull).to.equal(true);
    for (let at = 0; !many.isFull; at++) many.add(`B|metric:${String(at).padStart(64, "0")}`, 2);
    expect(many.bytes).to.be.within(mostBytes, mostBytes + 1_000);
  });
});

import { expect } from "chai";
import * as fc from "fast-check";
import { digest, digestBytes } from "../../../functions/processing/stream/count/digest";
import { KnownIds } from "../../../functions/processing/stream/count/knownIds";

/** Some entries, each with some ids: few different ones, so that they meet again. */
const entriesArbitrary = fc.array(fc.array(fc.nat(60), { minLength: 1, maxLength: 12 }), { maxLength: 20 });

const digestsOf = (numbers: readonly number[]): Buffer => Buffer.concat(numbers.map((one) => digest(String(one))));

describe("the ids of a log", () => {
  it("are known for certain, or with an entry that has them, however few of them are kept whole", () => {
    fc.assert(
      fc.property(entriesArbitrary, fc.integer({ min: 1, max: 30 }), (entries, mostWhole) => {
        const ids = new KnownIds(mostWhole);
        entries.forEach((numbers, at) => {
          ids.take(at, digestsOf(numbers));
        });
        for (let number = 0; number <= 60; number++) {
          const id = digest(String(number));
          const holders = entries.flatMap((numbers, at) => (numbers.includes(number) ? [at] : []));
          const named = ids.entriesWith(id);
          if (holders.length === 0) expect([ids.has(id), named]).to.deep.equal([false, []]);
          else if (!ids.has(id)) expect(named.some((at) => holders.includes(at))).to.equal(true);
        }
      }),
    );
  });

  it("that share a print are told apart by their entries", () => {
    const [one, other] = [Buffer.alloc(digestBytes, 7), Buffer.alloc(digestBytes, 7)];
    other[0] = 8;
    const ids = new KnownIds(1);
    ids.take(3, one);
    ids.take(9, other);
    expect([...ids.entriesWith(one)].sort()).to.deep.equal([3, 9]);
    expect(ids.has(one) || ids.has(other)).to.equal(false);
  });

  it("take 8 bytes each, beside those that are kept whole", () => {
    const ids = new KnownIds(1_024);
    const bytesAfter = (count: number) => {
      for (let at = 0; at < count; at++) ids.take(at, digest(`${count} ${at}`));
      return ids.bytes;
    };
    const before = bytesAfter(10 * 1_024);
    expect(bytesAfter(100 * 1_024) - before).to.equal(100 * 1_024 * 8);
  });
});

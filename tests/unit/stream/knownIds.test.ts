import { expect } from "chai";
import * as fc from "fast-check";
import { digest, digestBytes } from "../../../functions/processing/stream/count/digest";
import { KnownIds, usuallyWhole } from "../../../functions/processing/stream/count/knownIds";

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

  it("are told apart where they were put away together, share the bits by which they are gathered, or all but those", () => {
    const like = (print: number, last: number): Buffer => {
      const id = Buffer.alloc(digestBytes, last);
      id.writeUInt32LE(print, 4);
      return id;
    };
    const [one, neighbour, alike, far] = [like(0x400, 1), like(0x800, 2), like(0x400, 3), like(0x401, 4)];
    const ids = new KnownIds(4);
    ids.take(5, one);
    ids.take(6, Buffer.concat([neighbour, alike]));
    ids.take(8, far);
    expect(ids.entriesWith(one)).to.deep.equal([5, 6]);
    expect(ids.entriesWith(alike)).to.deep.equal([5, 6]);
    expect(ids.entriesWith(neighbour)).to.deep.equal([6]);
    expect(ids.entriesWith(far)).to.deep.equal([8]);
    expect(ids.entriesWith(like(0x402, 5))).to.deep.equal([]);
  });

  it("are found in more entries than have a place together, each of which has one of them, and in one that is put away in parts", () => {
    const ids = new KnownIds(2_000);
    const single = Array.from({ length: 3_000 }, (_, at) => digest(`single ${at}`));
    const many = Array.from({ length: 5_000 }, (_, at) => digest(`many ${at}`));
    single.forEach((id, at) => {
      ids.take(at, id);
    });
    ids.take(3_000, Buffer.concat(many));
    single.forEach((id, at) => {
      expect(ids.has(id) || ids.entriesWith(id).includes(at)).to.equal(true);
    });
    for (const id of many) expect(ids.has(id) || ids.entriesWith(id).includes(3_000)).to.equal(true);
    const strangers = Array.from({ length: 10_000 }, (_, at) => digest(`stranger ${at}`));
    expect(strangers.flatMap((id) => ids.entriesWith(id)).length).to.be.lessThan(3);
  });

  it("take hardly more than 4 bytes each, beside those that are kept whole", () => {
    const ids = new KnownIds(usuallyWhole);
    const bytesAfter = (count: number) => {
      const entry = Buffer.concat(Array.from({ length: count }, (_, at) => digest(`${count} ${at}`)));
      ids.take(count, entry);
      return ids.bytes;
    };
    const before = bytesAfter(usuallyWhole);
    expect((bytesAfter(10 * usuallyWhole) - before) / (10 * usuallyWhole)).to.be.within(4, 4.3);
  });
});

import { expect } from "chai";
import * as fc from "fast-check";
import { digest, digestBytes } from "../../../functions/processing/stream/count/digest";
import { KnownIds, usuallyWhole } from "../../../functions/processing/stream/count/knownIds";
import { fileFor } from "../../../functions/processing/stream/count/knownWindows";
import { Shelf } from "../../../functions/processing/stream/count/shelf";

/** Some entries, each with some ids: few different ones, so that they meet again. */
const entriesArbitrary = fc.array(fc.array(fc.nat(60), { minLength: 1, maxLength: 12 }), { maxLength: 20 });

const digestsOf = (numbers: readonly number[]): Buffer => Buffer.concat(numbers.map((one) => digest(String(one))));

/** One for all of them: each has slots of its own in it. */
const file = fileFor(usuallyWhole);
const nowhere = fileFor(usuallyWhole, undefined, "/nowhere/at/all");

const knownIn = (where: typeof file, mostWhole: number): KnownIds =>
  new KnownIds(mostWhole, new Shelf(where, () => undefined));

const known = (mostWhole: number): KnownIds => knownIn(file, mostWhole);

/** The entries in which one id may be. */
const entriesWith = (ids: KnownIds, id: Uint8Array): number[] => [...ids.entriesWith([id]).keys()];

describe("the ids of a log", () => {
  it("are known for certain, or with an entry that has them, or as of the first that are known no more", () => {
    fc.assert(
      fc.property(
        entriesArbitrary,
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(file, nowhere),
        fc.array(fc.nat(20), { maxLength: 3 }),
        (entries, mostWhole, where, lettingGo) => {
          const ids = knownIn(where, mostWhole);
          entries.forEach((numbers, at) => {
            ids.take(at, digestsOf(numbers));
            if (lettingGo.includes(at)) ids.letGo();
          });
          const all = Array.from({ length: 61 }, (_, number) => digest(String(number)));
          const found = ids.entriesWith(all);
          all.forEach((id, number) => {
            const holders = entries.flatMap((numbers, at) => (numbers.includes(number) ? [at] : []));
            const named = [...found].flatMap(([entry, some]) => (some.includes(id) ? [entry] : []));
            expect(named).to.have.members(entriesWith(ids, id));
            if (holders.length === 0) expect([ids.has(id), named]).to.deep.equal([false, []]);
            else if (!ids.has(id) && !holders.some((at) => at < ids.knownFrom))
              expect(named.some((at) => holders.includes(at))).to.equal(true);
          });
          if (lettingGo.length === 0) expect(ids.knownFrom).to.equal(0);
          ids.letAllGo();
          expect([ids.entriesWith(all).size, ids.places, ids.bytesPutAway]).to.deep.equal([0, 0, 0]);
        },
      ),
    );
  });

  it("that share a print are told apart by their entries", () => {
    const [one, other] = [Buffer.alloc(digestBytes, 7), Buffer.alloc(digestBytes, 7)];
    other[0] = 8;
    const ids = known(1);
    ids.take(3, one);
    ids.take(9, other);
    expect(entriesWith(ids, one)).to.deep.equal([3, 9]);
    expect(ids.has(one) || ids.has(other)).to.equal(false);
  });

  it("are told apart where they were put away together, share the bits by which they are gathered, or all but those", () => {
    const like = (print: number, last: number): Buffer => {
      const id = Buffer.alloc(digestBytes, last);
      id.writeUInt32LE(print, 4);
      return id;
    };
    const [one, neighbour, alike, far] = [like(0x400, 1), like(0x800, 2), like(0x400, 3), like(0x401, 4)];
    const ids = known(4);
    ids.take(5, one);
    ids.take(6, Buffer.concat([neighbour, alike]));
    ids.take(8, far);
    expect(entriesWith(ids, one)).to.deep.equal([5, 6]);
    expect(entriesWith(ids, alike)).to.deep.equal([5, 6]);
    expect(entriesWith(ids, neighbour)).to.deep.equal([6]);
    expect(entriesWith(ids, far)).to.deep.equal([8]);
    expect(entriesWith(ids, like(0x402, 5))).to.deep.equal([]);
  });

  it("are found in more entries than have a place together, each of which has one of them, and in one that is put away in parts", () => {
    const ids = known(2_000);
    const single = Array.from({ length: 3_000 }, (_, at) => digest(`single ${at}`));
    const many = Array.from({ length: 5_000 }, (_, at) => digest(`many ${at}`));
    single.forEach((id, at) => {
      ids.take(at, id);
    });
    ids.take(3_000, Buffer.concat(many));
    single.forEach((id, at) => {
      expect(ids.has(id) || entriesWith(ids, id).includes(at)).to.equal(true);
    });
    const unnamed = many.filter((id) => !ids.has(id) && !ids.entriesWith([id]).has(3_000));
    expect(unnamed).to.deep.equal([]);
    const strangers = Array.from({ length: 10_000 }, (_, at) => digest(`stranger ${at}`));
    expect(ids.entriesWith(strangers).size).to.be.lessThan(3);
  });

  const taking = (ids: KnownIds, count: number): void => {
    for (let at = 0; at < count; at += 1_000)
      ids.take(at / 1_000, Buffer.concat(Array.from({ length: 1_000 }, (_, more) => digest(`${at + more}`))));
  };

  it("take no memory beside those that are kept whole, however many there are", () => {
    const ids = known(usuallyWhole);
    taking(ids, 100_000);
    expect(ids.places).to.equal(Math.floor(100_000 / usuallyWhole));
    expect(ids.bytesPutAway).to.equal(0);
    expect(ids.bytes).to.be.lessThan(usuallyWhole * 32);
    ids.letAllGo();
  });

  it("take hardly more than 4 bytes each where they can only be put away in memory", () => {
    const ids = knownIn(nowhere, usuallyWhole);
    taking(ids, 100_000);
    expect(ids.places).to.equal(0);
    const putAway = Math.floor(100_000 / usuallyWhole) * usuallyWhole;
    expect(ids.bytesPutAway / putAway).to.be.within(4, 4.3);
  });

  it("are known no more where somebody else's are in their place, and those before them neither", () => {
    const own = fileFor(2);
    const ids = knownIn(own, 2);
    ids.take(4, digestsOf([1, 2]));
    ids.take(7, digestsOf([3, 4]));
    ids.take(9, digestsOf([5, 6]));
    expect(ids.damaged).to.equal(false);
    own.release({ slot: 1, length: 0, stamp: 0 });
    own.put(new Uint8Array(8));
    expect([...ids.entriesWith([digest("1"), digest("3"), digest("5")])].map(([entry]) => entry)).to.include(9);
    expect([ids.damaged, ids.knownFrom]).to.deep.equal([true, 8]);
    expect(entriesWith(ids, digest("5"))).to.deep.equal([9]);
  });
});

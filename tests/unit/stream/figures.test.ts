import { expect } from "chai";
import * as fc from "fast-check";
import {
  add,
  formatDecimal,
  multiply,
  parseDecimal,
  toDecimal,
} from "../../../functions/processing/stream/count/decimal";
import { digest, digestBytes } from "../../../functions/processing/stream/count/digest";
import { DigestSet } from "../../../functions/processing/stream/count/digestSet";
import {
  addTo,
  both,
  type FiguresByName,
  none,
  one,
  packFigures,
  unpackFigures,
} from "../../../functions/processing/stream/count/figures";
import { sampleOf } from "../../../functions/processing/stream/results/describe";

const value = fc.double({ min: -1e15, max: 1e15, noNaN: true }).filter((one) => one === 0 || Math.abs(one) >= 1e-15);

describe("decimal sums", () => {
  it("are what they are on paper", () => {
    const sum = (...values: number[]) => formatDecimal(values.map(toDecimal).reduce(add));
    expect(sum(0.1, 0.2)).to.equal("0.3");
    expect(sum(1e15, 1e-15, -1e15)).to.equal("0.000000000000001");
    expect(sum(...Array.from({ length: 1_000 }, () => 0.1))).to.equal("100");
    expect(sum(-0.5, 0.5)).to.equal("0");
    expect(formatDecimal(multiply(toDecimal(-1.1), toDecimal(1.1)))).to.equal("-1.21");
    expect(formatDecimal(toDecimal(1.5e300)).length).to.equal(301);
    expect(() => parseDecimal("twelve")).to.throw(RangeError);
  });

  it("mean the number that was written, and read back as they are", () => {
    fc.assert(
      fc.property(value, (number) => {
        const text = formatDecimal(toDecimal(number));
        expect(Number(text)).to.equal(number === 0 ? 0 : number);
        expect(formatDecimal(parseDecimal(text))).to.equal(text);
      }),
    );
  });
});

describe("figures", () => {
  const shown = (figures: FiguresByName) => packFigures(new Map([...figures].sort(([a], [b]) => (a < b ? -1 : 1))));

  it("are the same in whatever order, and in whatever parts, they are added up", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), fc.nat(30), (values, cut) => {
        const total = (some: readonly number[]) => some.map(one).reduce(both, none);
        const whole = new Map([["x", total(values)]]);
        const parts = new Map([["x", both(total(values.slice(cut)), total([...values.slice(0, cut)].reverse()))]]);
        expect(shown(parts)).to.equal(shown(whole));
      }),
    );
  });

  it("are kept as text and read back without loss", () => {
    const figures: FiguresByName = new Map();
    for (const more of [one(undefined), one(undefined)]) addTo(figures, "A|exposure", more);
    for (const more of [0.1, 0.2, -7]) addTo(figures, "A|metric:x", one(more));
    expect(packFigures(figures)).to.equal('{"A|exposure":[2],"A|metric:x":[3,3,"-6.7","49.05",-7,0.2]}');
    expect(unpackFigures(packFigures(figures))).to.deep.equal(figures);
  });

  it("know conversions that are worth nothing beside those that are", () => {
    const both2 = both(one(undefined), one(4));
    expect(both2).to.include({ count: 2, valued: 1, min: 4, max: 4 });
  });

  it("have the variance of their values, even where floating point would lose it", () => {
    const total = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16].map(one).reduce(both, none);
    expect(sampleOf(total)).to.deep.equal({ count: 4, mean: 1e9 + 10, variance: 30 });
  });
});

describe("a set of digests", () => {
  it("has what was added and nothing else, however it grows", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 300 }), (numbers) => {
        const set = new DigestSet();
        const known = new Set<number>();
        for (const number of numbers) {
          expect(set.add(digest(`${number}`))).to.equal(!known.has(number));
          known.add(number);
        }
        expect(set.size).to.equal(known.size);
        for (let number = 0; number <= 400; number++) expect(set.has(digest(`${number}`))).to.equal(known.has(number));
      }),
      { numRuns: 30 },
    );
  });

  it("tells apart what only begins alike, and reads from anywhere in a buffer", () => {
    const alike = [1, 2, 3].map((last) => Buffer.concat([Buffer.alloc(digestBytes - 1), Buffer.from([last])]));
    const set = new DigestSet();
    for (const one of alike) set.add(one);
    expect(set.size).to.equal(3);
    const shifted = Buffer.concat([Buffer.from([9]), ...alike]);
    expect([set.has(shifted, 1), set.has(shifted, 2), set.has(Buffer.alloc(digestBytes))]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  it("gives each a number, in the order in which they came, and keeps it", () => {
    const set = new DigestSet();
    const numbers = Array.from({ length: 3_000 }, (_, at) => set.number(digest(`${at}`)));
    expect(numbers).to.deep.equal(numbers.map((_, at) => at));
    expect(numbers.map((at) => set.numberOf(digest(`${at}`)))).to.deep.equal(numbers);
    expect(set.numberOf(digest("another"))).to.equal(-1);
    expect(Buffer.from(set.all())).to.deep.equal(Buffer.concat(numbers.map((at) => digest(`${at}`))));
  });

  it("takes 22 to 33 bytes each once there are many", () => {
    const set = new DigestSet();
    for (let at = 0; at < 50_000; at++) {
      set.add(digest(`${at}`));
      if (at >= 1_500) expect(set.bytes / set.size).to.be.within(22, 33);
    }
  });
});

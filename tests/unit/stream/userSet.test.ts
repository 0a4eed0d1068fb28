import { expect } from "chai";
import * as fc from "fast-check";
import { digest } from "../../../functions/processing/stream/count/digest";
import { levelOf, UserSet } from "../../../functions/processing/stream/count/userSet";

const user = (name: string): Buffer => digest(`user ${name}`);

const setOf = (names: Iterable<string>, most?: number): UserSet => {
  const set = new UserSet(most);
  for (const name of names) set.add(user(name));
  return set;
};

const told = (set: UserSet) => [set.level, set.size];

/** What has to be kept of these, said in another way: the lowest level at which there are few enough. */
const sampleOf = (names: Iterable<string>, most: number) => {
  const levels = [...new Set(names)].map((name) => levelOf(user(name)));
  for (let level = 0; ; level++) {
    const kept = levels.filter((one) => one >= level).length;
    if (kept <= most) return [level, kept * 2 ** level];
  }
};

const namesArbitrary = fc.array(
  fc.nat(400).map((at) => `user-${at}`),
  { maxLength: 300 },
);

describe("a set of users", () => {
  it("has each of them once where each is kept", () => {
    fc.assert(
      fc.property(namesArbitrary, (names) => {
        expect(told(setOf(names))).to.deep.equal([0, new Set(names).size]);
      }),
    );
  });

  it("keeps the same sample in whatever order and however often they come, and in however many parts", () => {
    fc.assert(
      fc.property(namesArbitrary, namesArbitrary, fc.integer({ min: 1, max: 40 }), (some, others, most) => {
        const all = [...some, ...others];
        const wanted = sampleOf(all, most);
        expect(told(setOf(all, most))).to.deep.equal(wanted);
        expect(told(setOf([...all].reverse().concat(some), most))).to.deep.equal(wanted);
        const parts = setOf(some, most);
        parts.addSet(setOf(others, most));
        expect(told(parts)).to.deep.equal(wanted);
      }),
    );
  });

  it("is exact as long as each of them may be kept", () => {
    const names = Array.from({ length: 1_024 }, (_, at) => `user-${at}`);
    expect(told(setOf(names, 1_024))).to.deep.equal([0, 1_024]);
  });

  it("estimates how many there are as well as it says: 1.2 by the square root of those who are kept", () => {
    const [most, there, trials] = [1_024, 9_000, 30];
    const errors = Array.from({ length: trials }, (_, trial) => {
      const names = Array.from({ length: there }, (_, at) => `${trial} ${at}`);
      return setOf(names, most).size / there - 1;
    });
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / trials);
    const bias = errors.reduce((sum, error) => sum + error, 0) / trials;
    expect(spread).to.be.within(0.5 * (1.2 / Math.sqrt(most)), 1.3 * (1.2 / Math.sqrt(most)));
    expect(Math.abs(bias)).to.be.lessThan(3 * (spread / Math.sqrt(trials)));
  });

  it("tells what share of them is in another set by those who are in both samples", () => {
    const exposed = Array.from({ length: 20_000 }, (_, at) => `user-${at}`);
    const [whole, part] = [setOf(exposed, 2_048), setOf(exposed.slice(0, 3_000), 2_048)];
    const level = Math.max(whole.level, part.level);
    const sample = whole.countAt(level);
    const share = part.countIn(whole, level) / sample;
    expect(Math.abs(share - 0.15)).to.be.lessThan(3 * Math.sqrt((0.15 * 0.85) / sample));
  });
});

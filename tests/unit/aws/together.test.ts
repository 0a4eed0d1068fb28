import { expect } from "chai";
import { gathered, loads } from "../../../functions/processing/aws/together";

describe("what is asked for side by side", () => {
  it("is handed on together, also what follows from one answer to many", async () => {
    const sizes: number[] = [];
    const ask = gathered<number, number>((waiting) => {
      sizes.push(waiting.length);
      for (const { asked, resolve } of waiting) resolve(asked + 1);
    });
    const twice = async (one: number): Promise<number> => {
      const next = await ask(one);
      await Promise.resolve();
      return ask(next);
    };
    expect(await Promise.all([1, 2, 3].map(twice))).to.deep.equal([3, 4, 5]);
    expect(sizes).to.deep.equal([3, 3]);
    expect(await ask(7)).to.equal(8);
  });

  it("is put into few loads, in order, and what fits none has its own", () => {
    const pack = (...sizes: number[]) => loads(sizes, (size) => [size], [10]);
    expect(pack()).to.deep.equal([]);
    expect(pack(4, 6, 1, 9, 10)).to.deep.equal([[4, 6], [1, 9], [10]]);
    expect(pack(4, 12, 1)).to.deep.equal([[4], [12], [1]]);
    expect(pack(6, 5, 4)).to.deep.equal([[6], [5, 4]]);
  });

  it("is put into loads of which both the number and the size have a limit", () => {
    const pack = (...sizes: number[]) => loads(sizes, (size) => [1, size], [2, 10]);
    expect(pack(1, 1, 1)).to.deep.equal([[1, 1], [1]]);
    expect(pack(6, 5, 5, 5)).to.deep.equal([[6], [5, 5], [5]]);
    expect(pack(12, 1, 9, 1)).to.deep.equal([[12], [1, 9], [1]]);
  });
});

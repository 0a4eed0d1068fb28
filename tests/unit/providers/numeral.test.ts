import { expect } from "chai";
import { numberIn } from "../../../functions/processing/providers/numeral";

describe("a number of a provider", () => {
  it("is written as text or as a number", () => {
    for (const [written, number] of [
      ["391035000000", 391_035_000_000],
      ["-6.11", -6.11],
      ["+.5", 0.5],
      ["1.", 1],
      ["1.5E-05", 1.5e-5],
      ["0", 0],
      ["0.00", 0],
      [12, 12],
      [-0.25, -0.25],
    ] as const) {
      expect(numberIn(written), String(written)).to.equal(number);
    }
  });

  it("may be absent, which is not 0", () => {
    for (const absent of ["None", null, "", "-", undefined]) expect(numberIn(absent)).to.equal(undefined);
  });

  it("is nothing else", () => {
    const others = [
      "12abc",
      "0x10",
      "1,000",
      "12%",
      " 1",
      "1 2",
      "--1",
      ".",
      "e5",
      "NaN",
      "Infinity",
      "1e",
      "none",
      true,
      {},
      [1],
      Number.NaN,
    ];
    for (const other of others) expect(numberIn(other), JSON.stringify(other)).to.be.NaN;
  });

  it("is one that the store can keep exactly", () => {
    expect(numberIn("9007199254740991")).to.equal(Number.MAX_SAFE_INTEGER);
    for (const other of ["9007199254740993", "-1e16", "1e999", Number.POSITIVE_INFINITY, "1e-101"]) {
      expect(numberIn(other), String(other)).to.be.NaN;
    }
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { cellsOf, linesOf } from "../../../functions/processing/providers/csv";

describe("CSV", () => {
  it("has lines, however they end, without a byte order mark and without blank ones", () => {
    expect(linesOf("\uFEFFa,b\r\n1,2\n\r\n3,4\r  \r\n5,6")).to.deep.equal(["a,b", "1,2", "3,4", "5,6"]);
    expect(linesOf("")).to.deep.equal([]);
  });

  it("has cells that are quoted, empty, or neither", () => {
    expect(cellsOf('IBM,"Machines, ""Big"" ones",,"",last')).to.deep.equal([
      "IBM",
      'Machines, "Big" ones',
      "",
      "",
      "last",
    ]);
    expect(cellsOf("a,")).to.deep.equal(["a", ""]);
    expect(cellsOf("")).to.deep.equal([""]);
  });

  it("has no cells where quotes are out of place, or the line is longer than any row", () => {
    for (const line of ['a,"b', 'a,b"c', '"a"b,c', '"']) expect(cellsOf(line), line).to.equal(undefined);
    expect(cellsOf("x".repeat(10_001))).to.equal(undefined);
  });

  it("gives back any cells that are written by the rules", () => {
    const cell = fc.string({ unit: "binary" }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 10 }), (cells) => {
        const line = cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(",");
        expect(cellsOf(line)).to.deep.equal(cells);
      }),
    );
  });
});

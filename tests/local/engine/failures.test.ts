import { expect } from "chai";
import { told } from "../../../local/engine/failures";

describe("what is told of a program that does not come up", () => {
  it("is each reason once, with where it was, also where the reason names that itself", () => {
    const all = [
      { at: "queue a", message: "queue a: too long" },
      { at: "table b", message: "no room\n\n  at all" },
      { at: "queue c", message: "queue c: too long" },
    ];
    expect(told(all)).to.equal(
      ["  too long", "    at queue a", "    at queue c", "  no room", "", "    at all", "    at table b"].join("\n"),
    );
  });

  it("is no more places than somebody reads", () => {
    const at = (count: number) =>
      told(Array.from({ length: count }, (_, one) => ({ at: `queue ${one}`, message: "no" }))).split("\n");
    expect(at(5).at(-1)).to.equal("    at queue 4");
    expect(at(8).slice(-2)).to.deep.equal(["    at queue 4", "    and at 3 more"]);
  });
});

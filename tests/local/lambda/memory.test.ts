import { expect } from "chai";
import { memoryOf, parseStatus } from "../../../local/lambda/memory";

describe("the memory of a process", () => {
  it("is read in whole megabytes", () => {
    const status = "Name:\tnode\nVmHWM:\t   46456 kB\nVmRSS:\t   41516 kB\nThreads:\t7\n";
    expect(parseStatus(status)).to.deep.equal({ residentMb: 41, peakMb: 46 });
  });

  it("is unknown of a process that has none, or is gone", () => {
    expect(parseStatus("Name:\tkthreadd\n")).to.equal(undefined);
    expect(parseStatus("VmRSS:\t   41516 kB\n")).to.equal(undefined);
    expect(memoryOf(2 ** 30)).to.equal(undefined);
  });
});

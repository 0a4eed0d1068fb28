import { expect } from "chai";
import { logStream, traceOf } from "../../../local/lambda/naming";

const id = "0d1c2b3a-0000-4000-8000-aabbccddeeff";

describe("names", () => {
  it("puts the day into a log stream", () => {
    expect(logStream(Date.UTC(2026, 0, 9), id)).to.equal("2026/01/09/[$LATEST]0d1c2b3a000040008000aabbccddeeff");
  });

  it("puts the second into a trace", () => {
    expect(traceOf(Date.UTC(2026, 0, 9), id)).to.equal("Root=1-69604500-0d1c2b3a000040008000aabb;Sampled=0");
  });
});

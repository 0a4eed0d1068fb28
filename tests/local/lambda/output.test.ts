import { expect } from "chai";
import { readOutput } from "../../../local/lambda/output";

const reading = () => {
  const seen: string[] = [];
  const output = readOutput("w1", {
    onLine: (line) => seen.push(`line ${line}`),
    onMark: (requestId) => seen.push(`mark ${requestId}`),
  });
  return { seen, output };
};

describe("reading a worker's output", () => {
  it("puts lines together however they arrive", () => {
    const { seen, output } = reading();
    for (const chunk of ["on", "e\ntwo\nth", "ree\n"]) output.push(chunk);
    expect(seen).to.deep.equal(["line one", "line two", "line three"]);
  });

  it("tells a mark from what was written before it on the same line", () => {
    const { seen, output } = reading();
    output.push("unfinished\0w1 r1\nnext\n");
    expect(seen).to.deep.equal(["line unfinished", "mark r1", "line next"]);
  });

  it("passes empty lines over, and another worker's mark as a line", () => {
    const { seen, output } = reading();
    output.push("\n\n\0w2 r1\n");
    expect(seen).to.deep.equal(["line \0w2 r1"]);
  });

  it("keeps the last line although nothing ends it", () => {
    const { seen, output } = reading();
    output.push("last words");
    output.end();
    output.end();
    expect(seen).to.deep.equal(["line last words"]);
  });
});

import { expect } from "chai";
import sinon from "sinon";
import { progress } from "../../../commands/start/progress";
import { statusLine } from "../../../commands/statusLine";

describe("the status line", () => {
  const { stderr } = process;
  const asItIs = Object.getOwnPropertyDescriptors(stderr);
  let written: sinon.SinonStub;
  const terminal = (columns: number | undefined) => {
    for (const [name, value] of Object.entries({ isTTY: true, columns })) {
      Object.defineProperty(stderr, name, { value, configurable: true, writable: true });
    }
  };
  beforeEach(() => {
    written = sinon.stub(stderr, "write");
  });
  afterEach(() => {
    written.restore();
    for (const name of ["isTTY", "columns"]) {
      const before = asItIs[name];
      if (before) Object.defineProperty(stderr, name, before);
      else Reflect.deleteProperty(stderr, name);
    }
  });
  const erase = "\r\x1b[K";
  const last = (): string => {
    const text = String(written.lastCall.args[0]);
    expect(text.startsWith(erase)).to.equal(true);
    return text.slice(erase.length);
  };

  it("stays on one line, however wide the terminal is by then", () => {
    terminal(40);
    statusLine.tell("x".repeat(100));
    expect(last()).to.equal(`  ${"x".repeat(37)}`);
    terminal(20);
    statusLine.tell("x".repeat(100));
    expect(last()).to.equal(`  ${"x".repeat(17)}`);
    statusLine.tell("short");
    expect(last()).to.equal("  short");
    statusLine.end();
    expect(last()).to.equal("");
  });

  it("takes a terminal that does not tell its width for one of 80 columns", () => {
    for (const columns of [0, undefined]) {
      terminal(columns);
      statusLine.tell("x".repeat(100));
      expect(last()).to.have.length(79);
    }
  });

  it("holds the bar of what comes up, too", () => {
    terminal(50);
    const bar = progress(true);
    bar.step("type", "signal9-dev-function-with-a-name-that-is-long");
    expect(last())
      .to.match(/^ {2}\[ {24}\] 1 signal9-dev/)
      .and.have.length(49);
    bar.end();
    expect(last()).to.equal("");
  });
});

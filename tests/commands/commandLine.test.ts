import { expect } from "chai";
import sinon from "sinon";
import { command } from "../../commands/commandLine";
import { UserError } from "../../local/engine/stackFile";

describe("a command that fails", () => {
  const { exitCode } = process;
  let said: sinon.SinonStub;
  beforeEach(() => {
    said = sinon.stub(console, "error");
  });
  afterEach(() => {
    said.restore();
    process.exitCode = exitCode;
  });

  const ended = async (error: unknown): Promise<unknown[]> => {
    command(() => Promise.reject(error));
    await new Promise(setImmediate);
    const told = said.args.flat();
    said.resetHistory();
    return [process.exitCode, ...told];
  };

  it("says what its user can mend, and shows where it failed otherwise", async () => {
    expect(await ended(new UserError("no such stack"))).to.deep.equal([2, "no such stack"]);
    expect(await ended(new UserError("no \x1b[2J\n\tsuch\r"))).to.deep.equal([2, "no \\x1b[2J\n\tsuch\\x0d"]);
    const open = Object.assign(new Error("spawn EMFILE"), { code: "EMFILE" });
    expect(await ended(open)).to.deep.equal([
      2,
      "More files would have to be open than this shell allows. Allow more, and try again: ulimit -n 4096",
    ]);
    const other = Object.assign(new Error("what?"), { code: "EOTHER" });
    expect(await ended(other)).to.deep.equal([1, other]);
    expect(await ended("thrown")).to.deep.equal([1, "thrown"]);
  });
});

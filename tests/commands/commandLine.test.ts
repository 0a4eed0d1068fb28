import { expect } from "chai";
import sinon from "sinon";
import { command, readArgs } from "../../commands/commandLine";
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

describe("an option", () => {
  const options = {
    data: { type: "string" },
    stack: { type: "string", default: "dev" },
    prefix: { type: "string", default: "" },
    quiet: { type: "boolean" },
  } as const;

  it("is refused without its value, which a variable that is not set would give, unless that means something", () => {
    for (const name of ["data", "stack"]) {
      for (const args of [[`--${name}`, ""], [`--${name}=`]]) {
        expect(() => readArgs(args, options, "Usage: so"))
          .to.throw(UserError)
          .with.property("message", `--${name} was given an empty value\n\nUsage: so`);
      }
    }
    expect(readArgs(["--prefix", "", "--quiet"], options, "Usage: so")).to.include({ prefix: "", stack: "dev" });
  });
});

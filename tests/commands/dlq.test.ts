import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "chai";

const root = resolve(__dirname, "../..");

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const dlq = (...args: string[]): Promise<Ended> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      ["-r", "./local/engine/typescript.cjs", "commands/dlq.ts", ...args],
      { cwd: root },
      (error, stdout, stderr) => done({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });

describe("npm run dlq", function () {
  this.timeout(30_000);

  it("shows how it is used", async () => {
    const { code, stdout, stderr } = await dlq("--help");
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.match(/^Usage: npm run dlq/);
    for (const word of ["list", "show ID", "redrive", "discard", "--origin", "--dry-run", "--again", "--aws"])
      expect(stdout).to.include(word);
  });

  it("refuses what it does not understand, before it asks anything of anybody", async () => {
    const wrong: [string[], string][] = [
      [[], "Say what to do."],
      [["purge"], "purge is not one of list, show, redrive, discard."],
      [["constructor"], "constructor is not one of list, show, redrive, discard."],
      [["list", "abc"], "list takes no letter: show does."],
      [["list", "--status", "lost"], "--status must be waiting, redriven, discarded or any."],
      [["show"], "Name the letter to show."],
      [["show", "a", "b"], "show takes one letter at most."],
      [["discard"], "Name the letter to discard."],
      [["discard", "a", "--all"], "--all has no meaning for discard."],
      [["redrive"], "Name one letter to redrive, or --origin NAME, or --all, or --batches."],
      [["redrive", "a", "--all"], "Name one letter to redrive, or --origin NAME, or --all, or --batches."],
      [["list", "--batches", "--origin", "a"], "--batches lists all that were put aside"],
      [["show", "a", "--batches"], "--batches has no meaning for show."],
      [["discard", "aws/lambda/a"], "A batch is redriven: what is bad in it ends as dead letters"],
      [["redrive", "--all", "--again"], "--again needs the letter to be named."],
      [["list", "--colour"], "'--colour'"],
    ];
    const ends = await Promise.all(wrong.map(([args]) => dlq(...args)));
    for (const [at, { code, stdout, stderr }] of ends.entries()) {
      const [args, says] = wrong[at] ?? [];
      expect([code, stdout], args?.join(" ")).to.deep.equal([2, ""]);
      expect(stderr.split("\n")[0], args?.join(" ")).to.include(says);
      expect(stderr).to.include("Usage: npm run dlq").and.not.include("    at ");
    }
  });

  it("says in one line that nothing answers", async () => {
    const { code, stderr } = await dlq("list", "--endpoint", "http://127.0.0.1:9");
    expect(code).to.equal(2);
    expect(stderr).to.match(/^Nothing answers at http:\/\/127\.0\.0\.1:9 .*npm start.*\n$/);
  });
});

import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "chai";

const root = resolve(__dirname, "../..");

const bench = (...args: string[]): Promise<{ code: unknown; stderr: string }> =>
  new Promise((done) => {
    const command = ["-r", "./local/engine/typescript.cjs", "commands/bench.ts", ...args];
    execFile(process.execPath, command, { cwd: root }, (error, _, stderr) => done({ code: error?.code, stderr }));
  });

describe("npm run bench", function () {
  this.timeout(60_000);

  it("says what it measures, whatever else it is asked for", async () => {
    for (const args of [[], ["nothing"], ["constructor"], ["start", "stream"]]) {
      const { code, stderr } = await bench(...args);
      expect(code, args.join(" ")).to.equal(2);
      expect(stderr, args.join(" ")).to.match(/^Usage: npm run bench -- NAME\n/);
    }
  });
});

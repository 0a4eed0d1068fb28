import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";

const run = promisify(execFile);
const MiB = 1024 * 1024;
const root = resolve(__dirname, "../../..");

interface Taken {
  bytes: number;
  rows: number;
  entries: number;
  badLines: number;
  rss: number;
}

/** In a process of its own, whose heap has hardly more room than the file has bytes, and most of that is the compiler's. */
const reading = async (kind: string, bytes: number): Promise<Taken> => {
  const { stdout } = await run(
    process.execPath,
    [
      "--max-old-space-size=64",
      "--max-semi-space-size=4",
      "-r",
      resolve(root, "local/engine/typescript.cjs"),
      resolve(__dirname, "largeFile.ts"),
      kind,
      String(bytes),
    ],
    { cwd: root },
  );
  return JSON.parse(stdout);
};

describe("the memory that a statement takes", () => {
  for (const kind of ["csv", "ofx"]) {
    it(`does not grow with the file: ${kind}`, async () => {
      const taken = await reading(kind, 50 * MiB);
      expect(taken.bytes).to.be.within(49 * MiB, 50 * MiB);
      expect([taken.entries, taken.badLines]).to.deep.equal([taken.rows, 0]);
      expect(taken.rss).to.be.lessThan(220 * MiB);
    }).timeout(300_000);
  }
});

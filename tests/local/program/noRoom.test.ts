import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { alive, family, type Started, start } from "./started";

/** It and all that it has started, once that is so many processes. */
const familyOf = async ({ child }: Started, least: number): Promise<number[]> => {
  for (;;) {
    const processes = family(child.pid ?? 0);
    if (processes.length >= least) return processes;
    await new Promise(setImmediate);
  }
};

describe("npm start over a folder that it cannot keep its data in", function () {
  this.timeout(120_000);
  let data: string;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), "signal9-data-"));
  });
  afterEach(() => rmSync(data, { recursive: true }));

  it("says that the disk is full, wherever that is found, and ends all that it started", async () => {
    mkdirSync(join(data, "cloudWatch"));
    // Begun anew it is empty, which fits; the first line, which a timer writes, does not.
    symlinkSync("/dev/full", join(data, "cloudWatch", "metrics.jsonl.new"));
    const run = start("--port", "0", "--data", data);
    // The program, and the engine of DynamoDB.
    const processes = await familyOf(run, 3);
    expect(await run.ended).to.deep.equal({ code: 2, signal: null });
    expect(run.complaint()).to.equal("There is no room left on the disk.\n");
    expect(processes.filter(alive)).to.deep.equal([]);
  });

  it("says which file it cannot read and what may be done, and leaves nothing running", async () => {
    writeFileSync(join(data, "secrets.jsonl"), "hush\n");
    const run = start("--port", "0", "--data", data);
    expect(await run.ended).to.deep.equal({ code: 2, signal: null });
    expect(run.complaint()).to.match(
      /^\S+secrets\.jsonl cannot be read: line 1 is not JSON\. Delete that file [^\n]+\n$/,
    );
  });
});

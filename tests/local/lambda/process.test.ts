import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "chai";

describe("a worker's process", () => {
  it("is not there where no more files can be open, and the cloud goes on", () => {
    const line = `ulimit -n 128 && exec '${process.execPath}' -r ./local/engine/typescript.cjs tests/local/lambda/withoutFiles.ts`;
    const { stdout, stderr } = spawnSync("sh", ["-c", line], { cwd: resolve(__dirname, "../../.."), encoding: "utf8" });
    expect([stdout, stderr]).to.deep.equal(["EMFILE\n", ""]);
  });
});

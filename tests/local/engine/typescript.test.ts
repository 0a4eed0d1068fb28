import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";

const root = resolve(__dirname, "../../..");

describe("the loader of TypeScript", () => {
  it("says what to do where the packages are not installed", () => {
    const folder = mkdtempSync(join(tmpdir(), "signal9-loader-"));
    try {
      const { config = "" } =
        /tsconfig: *(?<config>\S+)/.exec(readFileSync(join(root, "Pulumi.yaml"), "utf8"))?.groups ?? {};
      for (const file of ["Pulumi.yaml", config, "local/engine/typescript.cjs", "local/engine/keptFile.cjs"]) {
        cpSync(join(root, file), join(folder, file));
      }
      const { status, stderr } = spawnSync(process.execPath, ["-r", "./local/engine/typescript.cjs", "-e", "1"], {
        cwd: folder,
        encoding: "utf8",
      });
      expect(stderr).to.equal(
        "The packages of this project are not installed here, or not all of them. Do that first: npm ci\n",
      );
      expect(status).to.equal(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect } from "chai";

const resolved = resolve(__dirname, "../../../local/engine/resolved.cjs");

describe("where packages are", () => {
  let folder: string;
  let kept: string;
  let installed: string;

  const write = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };

  /** What a process exports that loads main.js, and then keeps where its packages were. */
  const run = (): unknown => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        "-e",
        `const keep = require(${JSON.stringify(resolved)}).keepResolved(${JSON.stringify(kept)}, ${JSON.stringify(installed)});
        try { console.log(JSON.stringify(require(${JSON.stringify(join(folder, "main.js"))}))); } finally { keep(); }`,
      ],
      { encoding: "utf8" },
    );
    expect(stderr).to.equal("");
    return JSON.parse(stdout);
  };

  /** Has the kept file say that what led to one file leads to another. */
  const lead = (from: string, to: string) =>
    writeFileSync(kept, readFileSync(kept, "utf8").replaceAll(join(folder, from), join(folder, to)));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "resolved-"));
    kept = join(folder, "kept", "main.json");
    installed = join(folder, "node_modules/.package-lock.json");
    write({
      "node_modules/.package-lock.json": "{}",
      "node_modules/one/package.json": '{ "name": "one", "main": "./in.js" }',
      "node_modules/one/in.js": 'module.exports = ["one", require("./deep"), require("path").sep];',
      "node_modules/one/deep.js": 'module.exports = "deep";',
      "node_modules/one/other.js": 'module.exports = "other";',
      "own.js": 'module.exports = "own";',
      "main.js": 'module.exports = [require("one"), require("./own")];',
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is looked for once, as long as nothing else is installed", () => {
    expect(run()).to.deep.equal([["one", "deep", "/"], "own"]);
    expect(run()).to.deep.equal([["one", "deep", "/"], "own"]);
    lead("node_modules/one/deep.js", "node_modules/one/other.js");
    expect(run()).to.deep.equal([["one", "other", "/"], "own"]);
    writeFileSync(installed, "{ }");
    expect(run()).to.deep.equal([["one", "deep", "/"], "own"]);
  });

  it("is not kept of the project's own files, which come and go", () => {
    run();
    expect(readFileSync(kept, "utf8")).to.contain("deep.js").and.not.to.contain("own.js");
    write({ "own/index.js": 'module.exports = "moved";' });
    rmSync(join(folder, "own.js"));
    expect(run()).to.deep.equal([["one", "deep", "/"], "moved"]);
  });

  it("is not kept of what is not there, which may yet be", () => {
    write({ "main.js": 'try { module.exports = require("two"); } catch (error) { module.exports = error.code; }' });
    expect(run()).to.equal("MODULE_NOT_FOUND");
    write({ "node_modules/two/index.js": "module.exports = 2;" });
    expect(run()).to.equal(2);
  });

  it("is looked for where what was kept cannot be read, or nobody knows what is installed", () => {
    run();
    for (const damaged of ["", "{", "[]", '"text"', "null"]) {
      writeFileSync(kept, damaged);
      expect(run()).to.deep.equal([["one", "deep", "/"], "own"]);
    }
    for (const gone of [installed, kept]) rmSync(gone);
    expect(run()).to.deep.equal([["one", "deep", "/"], "own"]);
    expect(existsSync(kept)).to.equal(false);
  });
});

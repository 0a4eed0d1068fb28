import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";

const compiled = resolve(__dirname, "../../../local/engine/compiled.cjs");
const long = (word: string) => `[${Array.from({ length: 500 }, (_, at) => `{ ${word}${at}: [x, ${at}] }`).join(", ")}]`;

describe("what is compiled of modules", () => {
  let folder: string;
  let kept: string;

  const write = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };

  /** What a process prints that loads main.js, calls what that exports, and then keeps what was compiled. */
  const run = (...flags: string[]): string => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...flags,
        "-e",
        `const keep = require(${JSON.stringify(compiled)}).keepCompiled(${JSON.stringify(kept)});
        (async () => console.log(await require(${JSON.stringify(join(folder, "main.js"))})()))()
          .catch((error) => console.log(error.stack)).finally(keep);`,
      ],
      { encoding: "utf8", env: { ...process.env, NODE_V8_COVERAGE: undefined } },
    );
    expect(stderr).to.equal("");
    return stdout.trim();
  };

  const old = new Date(1_000_000_000_000);
  /** Has the kept file been written since it was made to look old? */
  const writes = (): boolean => statSync(kept).mtimeMs !== old.getTime();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "compiled-"));
    kept = join(folder, "kept", "main");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is kept, and written no more while the modules are the same", () => {
    write({
      "main.js": 'module.exports = () => require("./other")(20) + 1;',
      "other.js": "module.exports = (x) => x * 2;",
    });
    expect(run()).to.equal("41");
    utimesSync(kept, old, old);
    expect(run()).to.equal("41");
    expect(writes()).to.equal(false);
  });

  it("is also what was compiled only when it was called", () => {
    const sizeWith = (call: string): number => {
      write({ "main.js": `const late = (x) => ${long("a")}; module.exports = () => ${call};` });
      run();
      return statSync(kept).size;
    };
    const without = sizeWith("1");
    expect(sizeWith("late(1).length")).to.be.above(2 * without);
  });

  it("is compiled anew where a module is another, be it as long as before, and kept beside what did not change", () => {
    write({ "main.js": 'module.exports = () => require("./other")();', "other.js": "module.exports = () => 111;" });
    expect(run()).to.equal("111");
    write({ "other.js": "module.exports = () => 222;" });
    expect(run()).to.equal("222");
    utimesSync(kept, old, old);
    expect(run()).to.equal("222");
    expect(writes()).to.equal(false);
  });

  it("is kept also of modules that are not asked for each time", () => {
    write({ "one.js": "module.exports = 1;", "two.js": "module.exports = 2;" });
    write({ "main.js": 'module.exports = () => require([__dirname, process.title].join("/"));' });
    for (const name of ["one", "two"]) run(`--title=${name}`);
    utimesSync(kept, old, old);
    expect(run("--title=one")).to.equal("1");
    expect(writes()).to.equal(false);
    write({ "two.js": "module.exports = 3;" });
    rmSync(join(folder, "one.js"));
    expect(run("--title=two")).to.equal("3");
    expect(readFileSync(kept, "utf8")).to.contain("two.js").and.not.to.contain("one.js");
  });

  it("is not believed if it is damaged or of another program", () => {
    write({ "main.js": "module.exports = () => 7;" });
    run();
    const whole = readFileSync(kept);
    for (const damaged of [whole.subarray(0, 5), whole.subarray(0, 40), Buffer.from("else"), Buffer.alloc(0)]) {
      writeFileSync(kept, damaged);
      expect(run()).to.equal("7");
    }
    const other = Buffer.from(whole);
    other.fill(0, other.length - 64);
    writeFileSync(kept, other);
    expect(run()).to.equal("7");
  });

  it("is not kept of compilers, which few processes load and all would read", () => {
    write({ "main.js": "module.exports = () => require('typescript').answer();" });
    mkdirSync(join(folder, "node_modules/typescript"), { recursive: true });
    write({ "node_modules/typescript/index.js": `exports.answer = (x) => ${long("a")}.length;` });
    expect(run()).to.equal("500");
    expect(readFileSync(kept, "latin1")).to.contain("main.js").and.not.contain("typescript/index.js");
  });

  it("is not kept where nothing can be written, and nobody is told", () => {
    write({ "main.js": "module.exports = () => 7;" });
    writeFileSync(join(folder, "kept"), "a file");
    expect(run()).to.equal("7");
  });

  it("asks for other modules as any module does", () => {
    mkdirSync(join(folder, "inner"));
    write({
      "main.js": `module.exports = async () => {
        const same = require.cache[__filename] === module && module.children.length === 0;
        const { add } = await import("./later.mjs");
        const inner = require("./inner/up.js");
        return JSON.stringify([same, require.resolve("./inner/up.js") === inner.path, add(1, 2), inner.parent,
          require.resolve.paths("x")[0].endsWith("node_modules"), this === module.exports, typeof require.extensions[".js"],
          require("./some.json").a, __dirname === inner.above]);
      };`,
      "later.mjs": "export const add = (a, b) => a + b;",
      "some.json": '{ "a": 5 }',
      "inner/up.js":
        'exports.path = __filename; exports.above = require("path").dirname(__dirname); exports.parent = module.parent.id.endsWith("main.js");',
    });
    for (let time = 0; time < 2; time++) {
      expect(JSON.parse(run())).to.deep.equal([true, true, 3, true, true, false, "function", 5, true]);
    }
  });

  it("says where in its source a module failed, with a source map and without", () => {
    const map = Buffer.from(
      JSON.stringify({ version: 3, sources: ["main.ts"], names: [], mappings: "AAEA,eAAe,IAAM" }),
    ).toString("base64");
    write({ "main.js": `module.exports = () => { throw new Error("here"); };` });
    for (let time = 0; time < 2; time++) expect(run()).to.contain(`${join(folder, "main.js")}:1:32`);
    write({
      "main.js": `module.exports = () => { throw new Error("here"); };\n//# sourceMappingURL=data:application/json;base64,${map}`,
    });
    for (let time = 0; time < 2; time++)
      expect(run("--enable-source-maps")).to.contain(`${join(folder, "main.ts")}:3:`);
  });

  it("leaves to Node what it cannot compile", () => {
    write({ "main.js": 'module.exports = () => require("./other.js").default;', "other.js": "export default 5;" });
    for (let time = 0; time < 2; time++) expect(run()).to.equal("5");
    write({ "main.js": "const = 1;" });
    expect(run()).to.match(/main\.js:1\n.*const = 1;[\s\S]*SyntaxError/);
  });
});

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire, SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Bundle, link } from "../../infra/bundle/link";
import { makeOwn } from "../../infra/bundle/own";
import { makePackages } from "../../infra/bundle/packages";

const packageOf = (name: string, files: Record<string, string>): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", type: "module", sideEffects: false }),
  ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`node_modules/${name}/${path}`, text])),
});

const sources = {
  "code/first.ts":
    'import { inFirst, increase } from "counting";\nimport { later } from "@lib/lazy";\nimport { sep } from "node:path";\n' +
    'export const first = () => "first " + increase() + sep + inFirst;\nexport { later };\n',
  "code/second.ts":
    'import { count, increase, inSecond } from "counting";\nimport { thrown } from "./own/thrown";\n' +
    'export const second = () => "second " + increase() + " of " + count + inSecond;\nexport const fail = () => thrown("why");\n',
  "code/own/thrown.ts":
    'import { sep } from "node:path";\n\nexport const unused = () => "only in the source" + sep;\n' +
    "export const thrown = (why: string): never => {\n  throw new TypeError(why);\n};\n",
  ...packageOf("counting", {
    "index.js":
      'export let count = 0;\nexport const increase = () => ++count;\nexport const inFirst = "!";\nexport const inSecond = "?";\n' +
      'export const inNone = "nobody asks for it";\n',
  }),
  ...packageOf("@lib/lazy", {
    "index.js": 'export const later = async () => (await import("./late.js")).late();\n',
    "late.js": 'globalThis.begun = true;\nexport const late = () => "late";\n',
  }),
};

describe("the bundles of functions", () => {
  const folders: string[] = [];

  const folderWith = async (files: Record<string, string>): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), "signal9-bundle-"));
    folders.push(folder);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, path, ".."), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return folder;
  };
  after(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  const bundles = async (over: Record<string, string> = {}, sourceMaps = false): Promise<Map<string, Bundle>> => {
    const making = { root: await folderWith({ ...sources, ...over }), sourceMaps };
    const own = await makeOwn("code", ["first", "second"], ["counting", "@lib/*"], making);
    const used = new Map([
      ["counting", new Set(["count", "increase", "inFirst", "inSecond"])],
      ["@lib/lazy", new Set(["later"])],
    ]);
    const parts = await makePackages(used, {}, making);
    return new Map(Array.from(own, ([name, { part }]) => [name, link(name, part, parts)]));
  };

  const codeOf = (made: Map<string, Bundle>, name: string): string => made.get(name)?.code ?? expect.fail(name);

  const load = async (code: string): Promise<Record<string, () => unknown>> => {
    const file = join(await folderWith({ "bundle.js": code }), "bundle.js");
    return createRequire(file)(file);
  };

  it("have in one file all that they need, and see what changes in it", async () => {
    const made = await bundles();
    const { first } = await load(codeOf(made, "first"));
    const { second } = await load(codeOf(made, "second"));
    expect([first?.(), first?.()]).to.deep.equal(["first 1/!", "first 2/!"]);
    expect([second?.(), second?.()]).to.deep.equal(["second 1 of 1?", "second 2 of 2?"]);
  });

  it("are ASCII, so that V8 holds them at one byte a character", async () => {
    const more = 'import { increase } from "counting";\nexport const first = () => "…" + increase();\n';
    const code = codeOf(await bundles({ "code/first.ts": more }), "first");
    expect((await load(code)).first?.()).to.equal("…1");
    expect(code).to.match(/^[\0-\x7f]+$/);
  });

  it("begin what is imported late only then", async () => {
    const { later } = await load(codeOf(await bundles(), "first"));
    expect(globalThis).not.to.have.property("begun");
    expect(await later?.()).to.equal("late");
    expect(globalThis).to.have.property("begun", true);
    Reflect.deleteProperty(globalThis, "begun");
  });

  it("load HTTP/2 and the reading of files only once something of them is used", async () => {
    const making = {
      root: await folderWith({
        "code/first.ts": 'import { path, known, read } from "streams";\nexport { path, known, read };\n',
        ...packageOf("streams", {
          "index.js":
            'import http2 from "node:http2";\nimport { readFile as fsReadFile } from "node:fs/promises";\n' +
            "const { constants } = http2;\n" +
            "export const path = () => constants.HTTP2_HEADER_PATH;\n" +
            "export const known = () => [typeof http2.connect, http2.sensitiveHeaders?.toString()];\n" +
            'export const read = (file) => fsReadFile(file, "utf8");\n',
        }),
      }),
      sourceMaps: false,
    };
    const own = await makeOwn("code", ["first"], ["streams"], making);
    const parts = await makePackages(new Map([["streams", new Set(["known", "path", "read"])]]), {}, making);
    const { code } = link("first", own.get("first")?.part ?? expect.fail(), parts);
    const folder = await folderWith({
      "bundle.js": code,
      "some.txt": "read",
      "main.js": `const { known, path, read } = require("./bundle.js");
        const loaded = () => ["http2", "fs/promises"].map((name) => process.moduleLoadList.includes("NativeModule " + name));
        const before = [loaded(), path(), loaded(), known()];
        read(__dirname + "/some.txt").then((text) => console.log(JSON.stringify([...before, text, loaded()])));`,
    });
    const said = execFileSync(process.execPath, [join(folder, "main.js")], { encoding: "utf8" });
    const expected = [
      [false, false],
      ":path",
      [true, false],
      ["function", "Symbol(sensitiveHeaders)"],
      "read",
      [true, true],
    ];
    expect(JSON.parse(said)).to.deep.equal(expected);
  });

  it("have nothing that they do not need of our own code, nor what nobody needs of a package", async () => {
    const made = await bundles();
    expect(codeOf(made, "first")).to.include("late").and.not.include("TypeError");
    expect(codeOf(made, "second"))
      .to.include("TypeError")
      .and.not.include("late")
      .and.not.include("only in the source");
    for (const { code } of made.values()) expect(code).not.to.include("nobody asks for it");
  });

  it("tell what they have of each package", async () => {
    const making = { root: await folderWith(sources), sourceMaps: false };
    const own = await makeOwn("code", ["first", "second"], ["counting", "@lib/*"], making);
    const { first, second } = Object.fromEntries(Array.from(own, ([name, { uses }]) => [name, uses]));
    expect(first?.get("counting")).to.deep.equal(new Set(["inFirst", "increase"]));
    expect(first?.get("@lib/lazy")).to.deep.equal(new Set(["later"]));
    expect(second?.get("counting")).to.deep.equal(new Set(["count", "increase", "inSecond"]));
    expect(second?.has("@lib/lazy")).to.equal(false);
  });

  it("have no types of a package, and all names of it, however they are written", async () => {
    const first =
      'import { type Shape, count as counted } from "counting";\nimport type { Other } from "counting";\n' +
      'export {\n  increase,\n  inSecond as renamed,\n} from "counting";\n' +
      "export const first = (shape?: Shape, other?: Other) => [counted, shape, other];\n";
    const making = { root: await folderWith({ ...sources, "code/first.ts": first }), sourceMaps: false };
    const own = await makeOwn("code", ["first"], ["counting"], making);
    expect(own.get("first")?.uses).to.deep.equal(new Map([["counting", new Set(["count", "increase", "inSecond"])]]));
  });

  it("are refused where a source has a mistake, with its line", async () => {
    const message = await bundles({ "code/own/thrown.ts": "export const thrown = ;\n" }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(message).to.match(
      /^the shared module cannot be bundled\n\n.*Unexpected ";"\n\n +code\/own\/thrown\.ts:1:22:\n/,
    );
  });

  it("are refused where they take a package as a whole, which would be shared as a whole", async () => {
    const whole = 'import * as all from "counting";\nexport const first = () => all;\n';
    const besideNames = `import { count } from "counting";\nexport const known = () => count;\n${whole}`;
    for (const first of [whole, besideNames]) {
      const refused = await bundles({ "code/first.ts": first }).catch((error: Error) => error.message);
      expect(refused, first).to.equal("code/first.ts imports counting in a form that cannot be shared");
    }
  });

  it("are the same bytes wherever the project lies", async () => {
    expect(await bundles({}, true)).to.deep.equal(await bundles({}, true));
  });

  it("tell with their source map from which line each place is", async () => {
    const { code, sourceMap = "" } = (await bundles({}, true)).get("second") ?? expect.fail();
    expect(code).to.match(/\n\/\/# sourceMappingURL=second\.js\.map\n$/);
    const before = code.slice(0, code.indexOf("TypeError(")).split("\n");
    const found = new SourceMap(JSON.parse(sourceMap)).findEntry(before.length - 1, before.at(-1)?.length ?? 0);
    expect(found).to.include({ originalLine: 4 });
    expect((found as { originalSource: string }).originalSource).to.match(/code\/own\/thrown\.ts$/);
  });
});

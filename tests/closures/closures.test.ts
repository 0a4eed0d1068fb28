import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Plan } from "../../commands/plan/plan";
import { zip } from "../../local/engine/archive";
import { ofType, programOf } from "../infra/program";
import { world } from "../wire/world";

const run = promisify(execFile);
const kilobyte = 1024;

interface Archive {
  name: string;
  files: Record<string, string>;
}

const archives = async (stack = "dev"): Promise<Archive[]> =>
  ofType(await programOf({ stack }), "aws:lambda/function:Function").map(({ name, inputs }) => ({
    name,
    files: inputs["code"] as Record<string, string>,
  }));

/** Invokes the handler twice in a process that has nothing but the archive. */
const twice = `
  const { handler } = require(process.argv[1] + "/__index.js");
  const context = { functionName: "f", awsRequestId: "r", getRemainingTimeInMillis: () => 120000 };
  (async () => {
    const answers = [await handler({ Records: [] }, context), await handler({ Records: [] }, context)];
    process.stderr.write(JSON.stringify(answers));
  })();
`;

const expected: Record<string, Record<string, unknown>> = {
  "mark-earnings-processed": { batchItemFailures: [] },
  "outbox-sweeper": { end: "done" },
};

describe("a function's archive", () => {
  let folder: string;
  before(async () => {
    await world();
    folder = await mkdtemp(join(tmpdir(), "signal9-closures-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("holds the closure and the one file that it requires, and the closure holds nothing else", async () => {
    for (const { name, files } of await archives()) {
      const closure = files["__index.js"] ?? "";
      const [, entry] = /require\("\.\/(processing\/\w+)"\)/.exec(closure) ?? [];
      expect(Object.keys(files).sort(), name).to.deep.equal(["__index.js", `${entry}.js`]);
      const said = closure
        .replace(/\s+/g, " ")
        .replace(/\w+ => |\(\w+, \w+\) => /g, "ARGS => ")
        .replaceAll(entry?.split("/")[1] ?? "", "ENTRY")
        .trim();
      expect(said, name).to.match(
        /^(exports\.handler = __f0; )?function __f0\(\) \{ return \(function\(\) \{ with\(\{ this: undefined, arguments: undefined \}\) \{ return \(\) => \{ const \{ ENTRY \} = require\("\.\/processing\/ENTRY"\); return ARGS => ENTRY\(\w+, \w+\); \}; \} \}\)\.apply\(undefined, undefined\)\.apply\(this, arguments\); \} exports\.handler = __f0\(\);$/,
      );
    }
  });

  it("runs twice in a fresh process", async () => {
    for (const { name, files } of await archives()) {
      const home = join(folder, name);
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(home, path)), { recursive: true });
        await writeFile(join(home, path), text);
      }
      const { stderr } = await run(process.execPath, ["-e", twice, home], {
        cwd: home,
        env: { ...process.env, NODE_OPTIONS: "" },
      });
      const [first, second] = JSON.parse(stderr) as Record<string, unknown>[];
      expect(first, name).to.deep.include(expected[name]);
      expect(second, name).to.deep.include(expected[name]);
    }
  });

  it("is small: 300 KB at most, 150 KB at the median", async () => {
    const sizes = (await archives()).map(({ files }) => zip(files).length).sort((a, b) => a - b);
    expect(sizes.at(-1)).to.be.at.most(300 * kilobyte);
    expect(sizes[Math.floor(sizes.length / 2)]).to.be.at.most(150 * kilobyte);
  });

  it("has the same bytes in every stack", async () => {
    const bytes = async (stack: string) =>
      (await archives(stack)).map(({ name, files }) => [name, Buffer.from(zip(files)).toString("base64")]);
    expect(new Map((await bytes("dev")) as [string, string][])).to.deep.equal(
      new Map((await bytes("prod")) as [string, string][]),
    );
  });

  it("has the same bytes when the program lies in another folder", async () => {
    const elsewhere = join(folder, "elsewhere");
    const root = resolve(__dirname, "../..");
    const parts = [
      "index.ts",
      "infra",
      "functions",
      "local",
      "commands",
      "package.json",
      "tsconfig.json",
      "Pulumi.yaml",
      "Pulumi.dev.yaml",
    ];
    await Promise.all(parts.map((part) => cp(join(root, part), join(elsewhere, part), { recursive: true })));
    await symlink(join(root, "node_modules"), join(elsewhere, "node_modules"));
    const hashes = async (cwd: string) => {
      const { stdout } = await run(
        process.execPath,
        ["-r", "./local/engine/typescript.cjs", "commands/plan.ts", "--json"],
        { cwd },
      );
      return (JSON.parse(stdout) as Plan).functions.map(({ name, zipSha256 }) => [name, zipSha256]);
    };
    const [here, there] = [await hashes(root), await hashes(elsewhere)];
    expect(there).to.deep.equal(here);
    expect(here).to.have.length.greaterThan(1);
  });

  it("carries no path of the machine that made it", async () => {
    for (const { name, files } of await archives())
      expect(JSON.stringify(files), name).not.to.include(resolve(__dirname, "../.."));
  });
});

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Plan } from "../../commands/plan/plan";
import { zip } from "../../local/engine/archive";
import type { Resource } from "../../local/engine/program";
import { ofType, programOf, variablesOf } from "../infra/program";
import { emptyTables } from "../wire/tables";
import { batch, world } from "../wire/world";

const run = promisify(execFile);
const kilobyte = 1024;
const functionType = "aws:lambda/function:Function";

interface Archive {
  name: string;
  files: Record<string, string>;
}

const archives = async (stack = "dev"): Promise<Archive[]> =>
  ofType(await programOf({ stack }), functionType).map(({ name, inputs }) => ({
    name,
    files: inputs["code"] as Record<string, string>,
  }));

/** Invokes the handler with each of two events in a process that has nothing but the archive. */
const twice = `
  const { handler } = require(process.argv[1] + "/__index.js");
  const context = { functionName: "f", awsRequestId: "r", getRemainingTimeInMillis: () => 120000 };
  const [first, second] = JSON.parse(process.argv[2]);
  (async () => {
    const answers = [await handler(first, context), await handler(second, context)];
    process.stderr.write("\\n" + JSON.stringify(answers));
  })();
`;

/** What a function is invoked with, twice, and what it answers. */
interface Trial {
  events: [unknown, unknown];
  answers: [object, object];
}

/** A message that a consumer hands over to its dead letters: for that, its clients must work too. */
const poison = { batchItemFailures: [] };
const consumer: Trial = { events: [batch("no event"), batch("no event")], answers: [poison, poison] };

/** The same slot twice is one run. */
const schedule = (trigger: string, result: object): Trial => {
  const firing = { trigger, time: "2026-10-29T07:00:00Z" };
  return { events: [firing, firing], answers: [{ end: "done", result }, { end: "done before" }] };
};

const trials: Record<string, Trial> = {
  pollination: consumer,
  ingestion: consumer,
  "analysis-batches": consumer,
  "mark-earnings-processed": consumer,
  "outbox-sweeper": {
    events: [schedule("sweep", {}).events[0], schedule("sweep", {}).events[0]],
    answers: [{ end: "done" }, { end: "done" }],
  },
  "asset-sync": schedule("daily", { skipped: "no key for Alpaca is set" }),
  "earnings-sync": schedule("daily", { skipped: "no key for AlphaVantage is set" }),
  "news-sync": schedule("hourly", { skipped: "no key for AlphaVantage is set" }),
  "pollination-planner": schedule("regular", { round: "regular" }),
};

/** The environment that the program gives a function, with the tests' tables in place of the stack's. */
const environmentOf = (one: Resource): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variablesOf(one))
      .filter(([variable]) => !/(_QUEUE_URL|_BUS_NAME)$/.test(variable))
      .map(([variable, value]) => [variable, variable.endsWith("_TABLE") ? value.replace("signal9-dev-", "") : value]),
  );

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

  it("runs twice in a fresh process, in the environment that the program gives it", async () => {
    const { deadLetters } = await world();
    await emptyTables("effects");
    const functions = ofType(await programOf({ stack: "dev" }), functionType).filter(({ name }) => name in trials);
    expect(functions.map(({ name }) => name)).to.have.members(Object.keys(trials));
    for (const one of functions) {
      const { events, answers } = trials[one.name] ?? expect.fail(one.name);
      const home = join(folder, one.name);
      for (const [path, text] of Object.entries(one.inputs["code"] as Record<string, string>)) {
        await mkdir(dirname(join(home, path)), { recursive: true });
        await writeFile(join(home, path), text);
      }
      const { stderr } = await run(process.execPath, ["-e", twice, home, JSON.stringify(events)], {
        cwd: home,
        env: { ...process.env, ...environmentOf(one), NODE_OPTIONS: "" },
      });
      const [first, second] = JSON.parse(stderr.split("\n").at(-1) ?? "") as [
        Record<string, unknown>,
        Record<string, unknown>,
      ];
      const { result = {}, ...told } = answers[0] as { result?: object };
      expect(first, one.name).to.deep.include(told);
      expect(first["result"] ?? {}, one.name).to.deep.include(result);
      expect(second, one.name).to.deep.include(answers[1]);
    }
    const poisoned = Object.values(trials).filter((trial) => trial === consumer);
    expect(await deadLetters.take()).to.have.length(2 * poisoned.length);
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

  it("has the same bytes when the program lies in another folder", async function () {
    this.timeout(180_000);
    const elsewhere = join(folder, "elsewhere");
    const root = resolve(__dirname, "../..");
    const parts = [
      "index.ts",
      "infra",
      "functions",
      "workflows",
      "local",
      "commands",
      "package.json",
      "tsconfig.json",
      "Pulumi.yaml",
      "Pulumi.dev.yaml",
    ];
    await Promise.all(parts.map((part) => cp(join(root, part), join(elsewhere, part), { recursive: true })));
    await symlink(join(root, "node_modules"), join(elsewhere, "node_modules"));
    const { stdout } = await run(
      process.execPath,
      ["-r", "./local/engine/typescript.cjs", "commands/plan.ts", "--json"],
      { cwd: elsewhere, maxBuffer: 10_000_000 },
    );
    const there = (JSON.parse(stdout) as Plan).functions.map(({ name, zipSha256 }) => [name, zipSha256]);
    const here = (await archives()).map(({ name, files }) => [
      name,
      createHash("sha256").update(zip(files)).digest("hex"),
    ]);
    expect(here).to.have.length.greaterThan(1);
    expect(Object.fromEntries(there)).to.deep.equal(Object.fromEntries(here));
  });

  it("carries no path of the machine that made it", async () => {
    for (const { name, files } of await archives())
      expect(JSON.stringify(files), name).not.to.include(resolve(__dirname, "../.."));
  });
});

import { fork } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { bundle } from "../../../infra/bundle";
import { type ProgramProcess, startProgramProcess } from "../../../local/engine/apart/runApart";
import type { Files } from "../../../local/engine/archive";
import { predicted } from "../../../local/engine/predicted";
import type { Declared } from "../../../local/engine/program";
import { readStack, UserError } from "../../../local/engine/stackFile";
import { alive } from "../program/started";

const root = resolve(__dirname, "../../..");

describe("the program in a process of its own", function () {
  this.timeout(120_000);
  const { TMPDIR } = process.env;
  let program: ProgramProcess;
  /** Other tests have other programs running at the same time. */
  let temporary: string;

  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), "signal9-apart-"));
    process.env["TMPDIR"] = temporary;
    program = startProgramProcess();
  });
  afterEach(async () => {
    await program.end();
    if (TMPDIR === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = TMPDIR;
    rmSync(temporary, { recursive: true });
  });

  const run = (cloud = predicted, over: Record<string, string> = {}) => {
    const settings = readStack(root, "dev");
    return program.run({
      root,
      stack: "dev",
      settings: { ...settings, config: { ...settings.config, ...over } },
      cloud,
    });
  };

  it("asks for each resource here, and tells them all with what they became", async () => {
    const declared: Declared[] = [];
    const { resources, failures, outputs } = await run({
      ...predicted,
      realise: (one) => {
        declared.push(one);
        return predicted.realise(one);
      },
    });
    expect(failures).to.deep.equal([]);
    const table = resources.find(({ type, name }) => type === "aws:dynamodb/table:Table" && name === "assets");
    expect(table?.inputs["hashKey"]).to.equal("asset_id");
    expect(table?.outputs["arn"]).to.match(/^arn:aws:dynamodb:/);
    const { inputs } =
      declared.find(({ type, name }) => type === "aws:lambda/function:Function" && name.endsWith("news-sync")) ?? {};
    const code = inputs?.["code"] as Files;
    expect(Object.keys(code)).to.have.members(["__index.js", "processing/newsSync.js"]);
    const { code: bundled } = await bundle("newsSync", false);
    expect(String(code["processing/newsSync.js"])).to.equal(bundled);
    expect(readdirSync(temporary)).to.deep.equal([]);
    const components = resources.filter(({ type }) => type === "signal9:Consumer");
    expect(components.map(({ custom }) => custom))
      .to.include(false)
      .and.not.include(true);
    expect(outputs).to.have.property("bus");
  });

  it("hears why a resource cannot be", async () => {
    const { failures } = await run({
      ...predicted,
      realise: (one) => {
        if (one.type === "aws:dynamodb/table:Table" && one.name === "news") throw new Error("no news today");
        return predicted.realise(one);
      },
    });
    expect(failures).to.deep.include({ at: "aws:dynamodb/table:Table news", message: "no news today" });
  });

  it("is told a mistake of the user's as one", async () => {
    const refused = await run(predicted, { "signal9:logLevel": "LOUD" }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(UserError);
    expect((refused as Error).message).to.include("logLevel");
  });

  it("says that it ended before its time", async () => {
    const refused = run({ ...predicted, realise: () => new Promise(() => undefined) }).catch((error: Error) => error);
    await program.end();
    expect(String(await refused)).to.include("the program's process ended by itself: SIGKILL");
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  it("is given no terminal, which it would set back when it ends", () => {
    const given = [0, 1, 2].map((fd) => readlinkSync(`/proc/${program.pid}/fd/${fd}`));
    expect(given[0]).to.equal("/dev/null");
    for (const output of given.slice(1)) {
      expect(output).to.match(/^(pipe|socket):/);
      expect([1, 2].map((fd) => readlinkSync(`/proc/self/fd/${fd}`))).not.to.include(output);
    }
  });

  it("keeps what it compiled, however soon it is done with", async () => {
    const kept = resolve(root, "node_modules/.cache/signal9/modules/program.compiled");
    const { NODE_V8_COVERAGE: counted } = process.env;
    // Where coverage is counted, nothing is kept.
    delete process.env["NODE_V8_COVERAGE"];
    await program.end();
    program = startProgramProcess();
    if (counted !== undefined) process.env["NODE_V8_COVERAGE"] = counted;
    rmSync(kept, { force: true });
    await run();
    await program.end();
    expect(existsSync(kept)).to.equal(true);
  });

  it("ends with the process that started it", async () => {
    const starter = fork(resolve(__dirname, "starter.ts"), {
      execArgv: ["-r", resolve(root, "local/engine/typescript.cjs")],
    });
    const pid = await new Promise<number>((told) => starter.once("message", (message) => told(Number(message))));
    expect(alive(pid)).to.equal(true);
    starter.kill("SIGKILL");
    while (alive(pid)) await new Promise(setImmediate);
  });
});

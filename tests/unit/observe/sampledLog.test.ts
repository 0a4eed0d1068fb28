import { expect } from "chai";
import { makeRun, type Run, runAbout } from "../../../functions/processing/consume/run";
import { isSampled, makeLogger } from "../../../functions/processing/observe/log";
import { processRuntime } from "../../../functions/processing/runtime";
import { captureOutput, type Line } from "../../wire/output";
import { context } from "../../wire/world";

const variables = ["AWS_LAMBDA_LOG_LEVEL", "POWERTOOLS_LOG_LEVEL", "DEBUG_LOG_PERCENT"];
const ids = Array.from({ length: 2_000 }, (_, at) => `story-${at}`);
const [told = ""] = ids.filter((id) => isSampled(id, 10));
const [untold = ""] = ids.filter((id) => !isSampled(id, 10));

describe("debug lines of a share of all stories", () => {
  let before: (string | undefined)[];
  beforeEach(() => {
    before = variables.map((name) => process.env[name]);
    // As in a function: Lambda lets every line through, and the setting says INFO.
    process.env["AWS_LAMBDA_LOG_LEVEL"] = "TRACE";
    process.env["POWERTOOLS_LOG_LEVEL"] = "INFO";
    process.env["DEBUG_LOG_PERCENT"] = "10";
  });
  afterEach(() => {
    for (const [at, name] of variables.entries()) {
      const value = before[at];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  const meter = { add: () => undefined, flush: () => undefined };
  const runOf = (functionName: string): Run =>
    makeRun({ ...processRuntime, sleep: async () => undefined }, makeLogger(functionName), meter, context());
  const linesOf = async (
    run: Run,
    work: (run: Run) => Promise<unknown> = (it) => it.call("Query", "dynamodb", async () => 1),
  ) => (await captureOutput(async () => work(run))).lines;
  const said = (lines: readonly Line[]) =>
    lines.map(({ level, message, correlationId }) => [level, message, correlationId]);

  it("are chosen by the story's id: about as many as were asked for, in every function the same ones", async () => {
    expect(ids.filter((id) => isSampled(id, 10))).to.have.length.within(150, 250);
    expect(ids.filter((id) => isSampled(id, 0))).to.have.length(0);
    expect(ids.filter((id) => isSampled(id, 100))).to.have.length(ids.length);
    const sampled = ids.filter((id) => isSampled(id, 10));
    expect(ids.filter((id) => isSampled(id, 20))).to.include.members(sampled);
    for (const name of ["ingestion", "analysis"]) {
      expect(said(await linesOf(runAbout(runOf(name), { correlationId: told })))).to.deep.equal([
        ["DEBUG", "called", told],
      ]);
      expect(await linesOf(runAbout(runOf(name), { correlationId: untold }))).to.deep.equal([]);
    }
  });

  it("tell of each call: to whom, how often it was tried, how long it took", async () => {
    let failures = 1;
    const lines = await linesOf(runAbout(runOf("ingestion"), { correlationId: told }), (run) =>
      run.call("PutItem", "dynamodb", async () => {
        if (failures-- > 0) throw Object.assign(new Error("slow down"), { name: "ThrottlingException" });
      }),
    );
    expect(said(lines)).to.deep.equal([
      ["WARN", "retrying", told],
      ["DEBUG", "called", told],
    ]);
    expect(lines[1]).to.include({ function: "ingestion", operation: "PutItem", origin: "dynamodb", tries: 2 });
    expect(lines[1]?.["durationMs"]).to.be.a("number");
  });

  it("leave the others at the level of the setting, and what is about no story", async () => {
    const lines = await linesOf(runOf("ingestion"), async (run) => {
      run.log.debug("not told");
      runAbout(run, { correlationId: untold }).log.info("told");
      runAbout(run, { correlationId: told }).log.debug("told in full");
      runAbout(run, { correlationId: untold }).log.debug("not told");
    });
    expect(lines.map(({ message }) => message)).to.deep.equal(["told", "told in full"]);
    process.env["POWERTOOLS_LOG_LEVEL"] = "ERROR";
    expect(await linesOf(runOf("ingestion"), async ({ log }) => log.info("not told"))).to.deep.equal([]);
    delete process.env["DEBUG_LOG_PERCENT"];
    const run = runAbout(runOf("ingestion"), { correlationId: told });
    expect(await linesOf(run)).to.deep.equal([]);
  });
});

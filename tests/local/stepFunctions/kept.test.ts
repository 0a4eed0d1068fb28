import { fork } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DescribeExecutionCommand, GetExecutionHistoryCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { executionArn, failure, machineArn, only, type StatesWorld, startStatesWorld, typesOf } from "./world";

const task = (FunctionName: string, more: Record<string, unknown> = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName, "Payload.$": "$" },
  OutputPath: "$.Payload",
  ...more,
});

describe("executions that are kept in a file", () => {
  let folder: string;
  let journal: string;
  let worlds: StatesWorld[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-executions-"));
    journal = join(folder, "executions.jsonl");
    worlds = [];
  });
  afterEach(async () => {
    await Promise.all(worlds.map((world) => world.close()));
    rmSync(folder, { recursive: true });
  });

  const open = async (mostEvents?: number): Promise<StatesWorld> => {
    const world = await startStatesWorld({ journal, ...(mostEvents !== undefined && { mostEvents }) });
    worlds.push(world);
    world.grant("lambda:InvokeFunction");
    return world;
  };

  it("are there after the cloud was killed, and go on from the state they were in", async () => {
    const child = fork(resolve(__dirname, "left.ts"), [journal], {
      execArgv: ["-r", "./local/engine/typescript.cjs"],
      // What it leaves behind goes with the folder.
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    await once(child, "message");
    child.kill("SIGKILL");
    await once(child, "close");
    // As if the power had failed in the middle of a line.
    appendFileSync(journal, '{"kind":"event","arn":"arn:aw');

    const world = await open();
    await world.makeFunction("hangs", "async (event) => ({ heard: event })");
    await world.machine("done", only({ Type: "Pass", Result: "made after" }));
    await world.machine("waits", only({ Type: "Wait", Seconds: 3_600 }));
    await world.machine("calls", {
      StartAt: "Before",
      States: {
        Before: { Type: "Pass", Result: "changed", ResultPath: "$.before", Next: "Call" },
        Call: { ...task("hangs"), End: true },
      },
    });
    const describe = (machine: string) =>
      world.sfn.send(new DescribeExecutionCommand({ executionArn: executionArn(machine, "first") }));
    expect(await describe("done")).to.include({ status: "SUCCEEDED", output: '"made before"', input: '{"n":1}' });
    expect((await failure(world.start(machineArn("done"), { n: 1 }, "first"))).name).to.equal("ExecutionAlreadyExists");
    expect(await world.start(machineArn("waits"), { n: 2 }, "first")).to.equal(executionArn("waits", "first"));

    world.states.resume();
    await world.cloud.activity.idle();
    expect((await describe("waits")).status).to.equal("RUNNING");
    const called = await world.finish(executionArn("calls", "first"));
    expect(called.output).to.deep.equal({ heard: { n: 3, before: "kept" } });
    expect(typesOf(called.events)).to.deep.equal([
      "ExecutionStarted",
      "PassStateEntered",
      "PassStateExited",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
      "TaskScheduled",
      "TaskStarted",
      "TaskSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
    expect(called.events.map(({ id }) => id)).to.deep.equal(called.events.map((_, at) => at + 1));
    const { startDate, stopDate, status } = await describe("waits");
    expect(status).to.equal("SUCCEEDED");
    expect((stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0)).to.equal(3_600_000);
  }).timeout(15_000);

  it("begin a Map state anew that was in the middle, and keep their time limit", async () => {
    const first = await open();
    const each = { StartAt: "Each", States: { Each: { Type: "Wait", SecondsPath: "$", OutputPath: "$", End: true } } };
    const definition = { ...only({ Type: "Map", ItemProcessor: each }), TimeoutSeconds: 600 };
    await first.start(await first.machine("maps", definition), [1, 60], "short");
    await first.start(machineArn("maps"), [900], "long");
    await first.close();
    const second = await open();
    await second.machine("maps", definition);
    second.states.resume();
    const short = await second.finish(executionArn("maps", "short"));
    expect(short.output).to.deep.equal([1, 60]);
    expect(typesOf(short.events).filter((type) => type === "MapStateStarted")).to.have.length(2);
    const long = await second.finish(executionArn("maps", "long"));
    expect(long.status).to.equal("TIMED_OUT");
    const { startDate, stopDate } = long as unknown as { startDate: Date; stopDate: Date };
    expect(stopDate.getTime() - startDate.getTime()).to.equal(600_000);
  });

  it("end where there is nothing to go on with", async () => {
    const first = await open();
    const waits = only({ Type: "Wait", Seconds: 60 });
    for (const name of ["dropped", "rewritten"]) await first.start(await first.machine(name, waits), {}, "one");
    await first.close();
    const second = await open();
    await second.machine("rewritten", { StartAt: "Other", States: { Other: { Type: "Succeed" } } });
    second.states.resume();
    const rewritten = await second.finish(executionArn("rewritten", "one"));
    expect(rewritten).to.include({ status: "FAILED", error: "States.Runtime" });
    expect(rewritten.cause).to.equal("The state 'Only' is not in the definition any more.");
    const dropped = new DescribeExecutionCommand({ executionArn: executionArn("dropped", "one") });
    expect(await second.sfn.send(dropped)).to.include({
      status: "ABORTED",
      cause: "Its state machine is not declared any more.",
    });
    await second.close();
    const third = await open();
    expect((await third.sfn.send(dropped)).status).to.equal("ABORTED");
  });

  it("are forgotten in a reset, also by whoever comes after", async () => {
    const first = await open();
    await first.start(await first.machine("waits", only({ Type: "Wait", Seconds: 60 })), {}, "one");
    await first.reset();
    expect(readFileSync(journal, "utf8")).to.equal("");
    await first.start(machineArn("waits"), { again: true }, "one");
    await first.settle();
    await first.close();
    const second = await open();
    await second.machine("waits", only({ Type: "Wait", Seconds: 60 }));
    const { executions } = await second.sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn("waits") }));
    expect(executions?.map(({ status }) => status)).to.deep.equal(["SUCCEEDED"]);
  });

  it("lose their histories where there are too many, the oldest first, and stay known", async () => {
    const first = await open(6);
    await first.machine("passes", only({ Type: "Pass" }));
    for (const name of ["one", "two"]) await first.finish(await first.start(machineArn("passes"), {}, name));
    const history = (world: StatesWorld, name: string) =>
      world.sfn.send(new GetExecutionHistoryCommand({ executionArn: executionArn("passes", name) }));
    const gone = async (world: StatesWorld, name: string) => (await failure(history(world, name))).name;
    expect(await gone(first, "one")).to.equal("ExecutionDoesNotExist");
    expect((await history(first, "two")).events).to.have.length(4);
    await first.close();
    const second = await open(6);
    await second.machine("passes", only({ Type: "Pass" }));
    expect((await failure(second.start(machineArn("passes"), {}, "one"))).name).to.equal("ExecutionAlreadyExists");
    await second.finish(await second.start(machineArn("passes"), {}, "three"));
    expect(await gone(second, "two")).to.equal("ExecutionDoesNotExist");
    const described = new DescribeExecutionCommand({ executionArn: executionArn("passes", "two") });
    expect((await second.sfn.send(described)).status).to.equal("SUCCEEDED");
  });
});

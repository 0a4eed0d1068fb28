import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { only, type StatesWorld, startStatesWorld, typesOf } from "./world";

/** Fails with the given error the first so many times that it is called for this key. */
const flaky = `(() => {
  const calls = new Map();
  return async ({ key, fails = [] }) => {
    const call = calls.get(key) ?? 0;
    calls.set(key, call + 1);
    if (fails[call]) throw Object.assign(new Error("call " + call), { name: fails[call] });
    return { calls: call + 1 };
  };
})()`;

/** From each event of a type to the one of another type that follows it. */
const secondsBetween = (events: readonly HistoryEvent[], from: string, to: string): number[] =>
  events.flatMap(({ id, type, timestamp }) => {
    const next = events.find((event) => event.previousEventId === id && event.type === to);
    if (type !== from || !next?.timestamp || !timestamp) return [];
    return [(next.timestamp.getTime() - timestamp.getTime()) / 1_000];
  });

describe("retriers, catchers and waits, by the turned clock", () => {
  let world: StatesWorld;
  let chance = 0.5;
  let key = 0;
  before(async () => {
    world = await startStatesWorld({ random: () => chance });
    world.grant("lambda:InvokeFunction");
    await world.makeFunction("flaky", flaky);
  });
  after(() => world.close());

  const task = (more: Record<string, unknown>) => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: "flaky", "Payload.$": "$" },
    OutputPath: "$.Payload",
    ...more,
  });
  const run = (Retry: unknown[], fails: string[]) => world.run(only(task({ Retry })), { key: ++key, fails });
  const waits = (events: readonly HistoryEvent[]) => secondsBetween(events, "TaskFailed", "TaskScheduled");

  it("wait longer each time, and tell each attempt", async () => {
    world.cloud.meter.reset();
    const { output, events } = await run([{ ErrorEquals: ["Busy"] }], ["Busy", "Busy", "Busy"]);
    expect(output).to.deep.equal({ calls: 4 });
    // AWS bills each attempt as a step.
    const billed = world.cloud.meter.bill().lines.find(({ what }) => what === "stepfunctions transition");
    expect(billed?.amount).to.equal(4);
    expect(waits(events)).to.deep.equal([1, 2, 4]);
    expect(typesOf(events).filter((type) => type === "TaskStateEntered")).to.have.length(1);
    expect(typesOf(events).filter((type) => type === "TaskFailed")).to.have.length(3);
  });

  it("keep to their interval, rate, limit and number", async () => {
    const rule = { ErrorEquals: ["Busy"], IntervalSeconds: 10, BackoffRate: 3, MaxDelaySeconds: 60, MaxAttempts: 4 };
    const { status, error, events } = await run([rule], Array(6).fill("Busy"));
    expect([status, error]).to.deep.equal(["FAILED", "Busy"]);
    expect(waits(events)).to.deep.equal([10, 30, 60, 60]);
  });

  it("wait by chance where they are told to, up to the full interval", async () => {
    chance = 0.25;
    const rule = { ErrorEquals: ["Busy"], IntervalSeconds: 8, BackoffRate: 2, JitterStrategy: "FULL" };
    const { events } = await run([rule], ["Busy", "Busy"]);
    expect(waits(events)).to.deep.equal([2, 4]);
  });

  it("count each for itself, and leave what they do not name", async () => {
    const rules = [
      { ErrorEquals: ["Busy"], IntervalSeconds: 1, MaxAttempts: 1 },
      { ErrorEquals: ["States.ALL"], IntervalSeconds: 5, MaxAttempts: 1 },
    ];
    const { error, events } = await run(rules, ["Busy", "Other", "Busy"]);
    expect(waits(events)).to.deep.equal([1, 5]);
    expect(error).to.equal("Busy");
    const none = await run([{ ErrorEquals: ["States.ALL"], MaxAttempts: 0 }], ["Busy"]);
    expect(waits(none.events)).to.deep.equal([]);
  });

  it("do not take up what is wrong with the machine itself", async () => {
    const broken = task({
      Parameters: { FunctionName: "flaky", "Payload.$": "$.nowhere" },
      Retry: [{ ErrorEquals: ["States.ALL"] }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Only" }],
    });
    const { error, events } = await world.run(only(broken));
    expect(error).to.equal("States.Runtime");
    expect(typesOf(events)).to.deep.equal(["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"]);
    const named = {
      StartAt: "Only",
      States: {
        Only: {
          ...broken,
          End: true,
          Catch: [{ ErrorEquals: ["States.Runtime"], ResultPath: "$.why", Next: "Caught" }],
        },
        Caught: { Type: "Pass", OutputPath: "$.why.Error", End: true },
      },
    };
    expect((await world.run(named)).output).to.equal("States.Runtime");
  });

  it("do not take States.Timeout for a failed task", async () => {
    await world.makeFunction("slow", "() => new Promise((resolve) => setTimeout(resolve, 1_000))");
    const arn = await world.machine("late", {
      StartAt: "Slow",
      States: {
        Slow: task({
          Parameters: { FunctionName: "slow" },
          TimeoutSecondsPath: "$.limit",
          Retry: [{ ErrorEquals: ["States.TaskFailed"] }],
          Catch: [
            { ErrorEquals: ["States.TaskFailed"], Next: "Wrong" },
            { ErrorEquals: ["States.Timeout"], Next: "Late" },
          ],
          End: true,
        }),
        Wrong: { Type: "Fail" },
        Late: { Type: "Pass", End: true },
      },
    });
    const late = await world.start(arn, { limit: 20 });
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 20_000);
    expect((await world.finish(late)).output).to.deep.equal({ Error: "States.Timeout", Cause: "" });
  });

  it("put the error where ResultPath says, beside what the state was given", async () => {
    const caught = (ResultPath: string | null) => ({
      StartAt: "Only",
      States: {
        Only: task({ Catch: [{ ErrorEquals: ["Busy"], ResultPath, Next: "Caught" }], End: true }),
        Caught: { Type: "Pass", End: true },
      },
    });
    const input = { key: ++key, fails: ["Busy", "Busy"] };
    const placed = (await world.run(caught("$.error"), input)).output as Record<string, unknown>;
    expect(placed).to.deep.include(input);
    expect(placed["error"]).to.include({ Error: "Busy" });
    expect((await world.run(caught(null), input)).output).to.deep.equal(input);
  });

  it("let a state know how often it was tried", async () => {
    const counting = task({
      Parameters: { FunctionName: "flaky", Payload: { "key.$": "$.key", "fails.$": "$.fails" } },
      ResultSelector: { "retries.$": "$$.State.RetryCount" },
      OutputPath: "$",
      Retry: [{ ErrorEquals: ["Busy"] }],
    });
    const { output } = await world.run(only(counting), { key: ++key, fails: ["Busy", "Busy"] });
    expect(output).to.deep.equal({ retries: 2 });
  });

  it("wait for seconds and for moments, whether the definition or the input says so", async () => {
    const { clock } = world.cloud;
    const began = clock.now();
    const at = new Date(began + 10 * 3_600_000).toISOString();
    const { output, events } = await world.run(
      {
        StartAt: "Seconds",
        States: {
          Seconds: { Type: "Wait", Seconds: 60, Next: "SecondsPath" },
          SecondsPath: { Type: "Wait", SecondsPath: "$.seconds", Next: "TimestampPath" },
          TimestampPath: { Type: "Wait", TimestampPath: "$.at", Next: "Timestamp" },
          Timestamp: { Type: "Wait", Timestamp: "2020-01-01T00:00:00Z", InputPath: "$.at", End: true },
        },
      },
      { seconds: 120, at },
    );
    expect(output).to.equal(at);
    expect(secondsBetween(events, "WaitStateEntered", "WaitStateExited").slice(0, 2)).to.deep.equal([60, 120]);
    expect(clock.now()).to.equal(began + 10 * 3_600_000);
  });

  it("refuse to wait for what is no time", async () => {
    const waiting = (field: string) => only({ Type: "Wait", [field]: "$.x" });
    const cause = async (field: string, input: unknown) => (await world.run(waiting(field), input)).cause;
    expect(await cause("SecondsPath", { x: -1 })).to.include(
      "The SecondsPath parameter references an invalid value: -1",
    );
    expect(await cause("TimestampPath", { x: "soon" })).to.include('references an invalid value: "soon"');
    expect(await cause("TimestampPath", {})).to.include("does not reference an input value: $.x");
  });

  it("leave the cloud at rest while they wait", async () => {
    const arn = await world.start(await world.machine("resting", only({ Type: "Wait", Seconds: 3_600 })));
    await world.cloud.activity.idle();
    expect(typesOf(await world.history(arn))).to.deep.equal(["ExecutionStarted", "WaitStateEntered"]);
    expect(world.cloud.activity.report()).to.deep.equal({});
    expect((await world.finish(arn)).status).to.equal("SUCCEEDED");
  });
});

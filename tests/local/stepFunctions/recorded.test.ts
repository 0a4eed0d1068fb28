import { type HistoryEvent, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { type Definition, executionArn, functionArn, only, type StatesWorld, startStatesWorld } from "./world";

/**
 * Histories as AWS itself wrote them, which the tests of LocalStack (Apache-2.0, tests/aws/services/stepfunctions)
 * recorded. Each event is its type and the id of the one before it; its own id is its place.
 */
const sequence = (events: readonly HistoryEvent[]): string[] =>
  events.map(({ id, type, previousEventId }, at) => {
    expect(id).to.equal(at + 1);
    return `${previousEventId} ${type}`;
  });

const endDetails = (events: readonly HistoryEvent[]) => events.at(-1)?.executionFailedEventDetails;

describe("histories that AWS wrote", () => {
  let world: StatesWorld;
  before(async () => {
    world = await startStatesWorld();
    world.grant(["lambda:InvokeFunction", "events:PutEvents", "sqs:SendMessage"]);
    await world.makeFunction("echo", "async (event) => event");
    await world.makeFunction(
      "raising",
      `async () => { throw Object.assign(new Error("Some exception"), { name: "Exception" }); }`,
    );
    await world.makeFunction("slow", "() => new Promise((resolve) => setTimeout(resolve, 1_000))");
    await world.makeFunction("large", `async () => "é".repeat(131_073)`);
  });
  after(() => world.close());

  const invoking = (FunctionName: string, more: Record<string, unknown> = {}) => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName, "Payload.$": "$" },
    ...more,
  });

  it("of a Pass state", async () => {
    const { events } = await world.run(only({ Type: "Pass", Result: { Arg1: "argument1" } }));
    expect(sequence(events)).to.deep.equal([
      "0 ExecutionStarted",
      "0 PassStateEntered",
      "2 PassStateExited",
      "3 ExecutionSucceeded",
    ]);
    expect(events[2]?.stateExitedEventDetails).to.deep.equal({
      name: "Only",
      output: '{"Arg1":"argument1"}',
      outputDetails: { truncated: false },
    });
  });

  it("of a function that raises an error", async () => {
    const { status, error, cause, events } = await world.run(only(invoking("raising")));
    expect(sequence(events)).to.deep.equal([
      "0 ExecutionStarted",
      "0 TaskStateEntered",
      "2 TaskScheduled",
      "3 TaskStarted",
      "4 TaskFailed",
      "5 ExecutionFailed",
    ]);
    expect([status, error]).to.deep.equal(["FAILED", "Exception"]);
    expect(JSON.parse(cause ?? "")).to.include({ errorType: "Exception", errorMessage: "Some exception" });
    expect(events[4]?.taskFailedEventDetails).to.deep.equal({
      error,
      cause,
      resource: "invoke",
      resourceType: "lambda",
    });
    expect(endDetails(events)).to.deep.equal({ error, cause });
  });

  it("of a function that is not there", async () => {
    const { error, cause } = await world.run(only(invoking("nowhere")));
    expect(error).to.equal("Lambda.ResourceNotFoundException");
    expect(cause).to.match(
      /^Function not found: arn:aws:lambda:us-east-1:\d{12}:function:nowhere \(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: [\w-]+; Proxy: null\)$/,
    );
  });

  it("of an error that is caught, with its Cause as it was told", async () => {
    const { output, events } = await world.run({
      StartAt: "Start",
      States: {
        Start: invoking("raising", { Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "Handler" }], End: true }),
        Handler: { Type: "Pass", ResultPath: "$.task_failed_error", End: true },
      },
    });
    expect(sequence(events).slice(4)).to.deep.equal([
      "4 TaskFailed",
      "5 TaskStateExited",
      "6 PassStateEntered",
      "7 PassStateExited",
      "8 ExecutionSucceeded",
    ]);
    const caught = JSON.parse(events[5]?.stateExitedEventDetails?.output ?? "");
    expect(caught).to.have.all.keys("Error", "Cause");
    expect(output).to.deep.equal({ ...caught, task_failed_error: caught });
  });

  it("of a function that is the Resource itself", async () => {
    const itself = (name: string): Definition => only({ Type: "Task", Resource: functionArn(name) });
    const good = await world.run(itself("echo"), { n: 1 });
    expect(sequence(good.events).slice(2, 5)).to.deep.equal([
      "2 LambdaFunctionScheduled",
      "3 LambdaFunctionStarted",
      "4 LambdaFunctionSucceeded",
    ]);
    expect(good.events[2]?.lambdaFunctionScheduledEventDetails).to.deep.equal({
      resource: functionArn("echo"),
      input: '{"n":1}',
      inputDetails: { truncated: false },
    });
    expect(good.output).to.deep.equal({ n: 1 });
    const bad = await world.run(itself("raising"));
    expect(sequence(bad.events).slice(4)).to.deep.equal(["4 LambdaFunctionFailed", "5 ExecutionFailed"]);
    expect(bad.events[4]?.lambdaFunctionFailedEventDetails?.error).to.equal("Exception");
  });

  it("of a result that is too large, which a wildcard catches", async () => {
    const cause = (what: string) =>
      `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`;
    const service = await world.run({
      StartAt: "Large",
      States: {
        Large: invoking("large", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }], End: true }),
        Caught: { Type: "Pass", End: true },
      },
    });
    expect(service.output).to.deep.equal({ Error: "States.DataLimitExceeded", Cause: cause("lambda") });
    const { error, cause: told, events } = await world.run(only({ Type: "Task", Resource: functionArn("large") }));
    expect([error, told]).to.deep.equal(["States.DataLimitExceeded", cause(functionArn("large"))]);
    expect(sequence(events).slice(4)).to.deep.equal(["4 LambdaFunctionFailed", "5 ExecutionFailed"]);
  });

  it("of tasks that take too long", async () => {
    const one = await world.start(await world.machine("late", only(invoking("slow", { TimeoutSeconds: 5 }))));
    const map = only({
      Type: "Map",
      ItemProcessor: {
        StartAt: "Call",
        States: { Call: { Type: "Task", Resource: functionArn("slow"), TimeoutSeconds: 5, End: true } },
      },
    });
    const several = await world.start(await world.machine("lateMap", map), [1, 2]);
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 6_000);
    const { events, error, cause } = await world.finish(one);
    expect(sequence(events).slice(4)).to.deep.equal(["4 TaskTimedOut", "5 ExecutionFailed"]);
    expect(events[2]?.taskScheduledEventDetails?.timeoutInSeconds).to.equal(5);
    expect(events[4]?.taskTimedOutEventDetails).to.deep.equal({
      error: "States.Timeout",
      resource: "invoke",
      resourceType: "lambda",
    });
    expect([error, cause]).to.deep.equal(["States.Timeout", undefined]);
    const mapped = await world.finish(several);
    expect(sequence(mapped.events)).to.deep.equal([
      "0 ExecutionStarted",
      "0 MapStateEntered",
      "2 MapStateStarted",
      "3 MapIterationStarted",
      "3 MapIterationStarted",
      "4 TaskStateEntered",
      "6 LambdaFunctionScheduled",
      "7 LambdaFunctionStarted",
      "5 TaskStateEntered",
      "9 LambdaFunctionScheduled",
      "10 LambdaFunctionStarted",
      "8 LambdaFunctionTimedOut",
      "11 LambdaFunctionTimedOut",
      "12 MapIterationFailed",
      "12 TaskStateAborted",
      "12 MapIterationAborted",
      "12 MapStateFailed",
      "17 ExecutionFailed",
    ]);
  });

  it("of a Map state that takes one item after the other", async () => {
    const { events } = await world.run(
      only({
        Type: "Map",
        MaxConcurrency: 1,
        ItemProcessor: { StartAt: "Each", States: { Each: { Type: "Pass", End: true } } },
      }),
      [1, 2],
    );
    expect(sequence(events)).to.deep.equal([
      "0 ExecutionStarted",
      "0 MapStateEntered",
      "2 MapStateStarted",
      "3 MapIterationStarted",
      "4 PassStateEntered",
      "5 PassStateExited",
      "6 MapIterationSucceeded",
      "6 MapIterationStarted",
      "8 PassStateEntered",
      "9 PassStateExited",
      "10 MapIterationSucceeded",
      "10 MapStateSucceeded",
      "10 MapStateExited",
      "13 ExecutionSucceeded",
    ]);
    expect(events[2]?.mapStateStartedEventDetails).to.deep.equal({ length: 2 });
    expect(events[7]?.mapIterationStartedEventDetails).to.deep.equal({ name: "Only", index: 1 });
  });

  it("of an execution that is stopped, and of one that its own time limit ends", async () => {
    const waiting = { Type: "Wait", Seconds: 25 };
    const machine = await world.machine("topwait", { ...only(waiting), TimeoutSeconds: 3 });
    const limited = await world.finish(await world.start(machine));
    expect(sequence(limited.events)).to.deep.equal(["0 ExecutionStarted", "0 WaitStateEntered", "0 ExecutionTimedOut"]);
    expect(limited.events[2]?.executionTimedOutEventDetails).to.deep.equal({ error: "States.Timeout" });
    expect(limited).to.include({ status: "TIMED_OUT", redriveStatus: "REDRIVABLE" });
    expect(limited).to.not.have.any.keys("error", "cause");
    const { startDate, stopDate } = limited as unknown as { startDate: Date; stopDate: Date };
    expect(stopDate.getTime() - startDate.getTime()).to.equal(3_000);

    await world.start(await world.machine("stopped", only(waiting)), {}, "one");
    const stopped = executionArn("stopped", "one");
    await world.sfn.send(new StopExecutionCommand({ executionArn: stopped }));
    const { status, events } = await world.finish(stopped);
    expect(status).to.equal("ABORTED");
    expect(sequence(events)).to.deep.equal(["0 ExecutionStarted", "0 WaitStateEntered", "0 ExecutionAborted"]);
    expect(events[2]?.executionAbortedEventDetails).to.deep.equal({});
  });

  it("of a path that leads nowhere", async () => {
    const { events } = await world.run({
      StartAt: "WaitState",
      States: { WaitState: { Type: "Wait", SecondsPath: "$.input.waitSeconds", End: true } },
    });
    expect(sequence(events)).to.deep.equal(["0 ExecutionStarted", "0 WaitStateEntered", "2 ExecutionFailed"]);
    expect(endDetails(events)).to.deep.equal({
      error: "States.Runtime",
      cause:
        "An error occurred while executing the state 'WaitState' (entered at the event id #2). The SecondsPath parameter does not reference an input value: $.input.waitSeconds",
    });
    const template = await world.run(only({ Type: "Pass", Parameters: { "missing.$": "$.nope.deep" } }), { other: 1 });
    expect(template).to.include({
      error: "States.Runtime",
      cause: `An error occurred while executing the state 'Only' (entered at the event id #2). The JSONPath '$.nope.deep' specified for the field 'missing.$' could not be found in the input '{"other":1}'`,
    });
  });

  it("of a machine that never ends by itself", async () => {
    const { error, cause, events } = await world.run(
      {
        StartAt: "Loop",
        States: {
          Loop: {
            Type: "Choice",
            Choices: [{ Variable: "$.spin", BooleanEquals: true, Next: "Loop" }],
            Default: "Done",
          },
          Done: { Type: "Succeed" },
        },
      },
      { spin: true },
    );
    expect(error).to.equal("States.Runtime");
    expect(cause).to.equal("The execution reached the maximum number of history events (25000).");
    expect(events).to.have.length(25_000);
    expect(events.at(-1)).to.include({ id: 25_000, previousEventId: 24_999, type: "ExecutionFailed" });
  });

  it("of the context object", async () => {
    const { output, executionArn: arn, name } = await world.run(only({ Type: "Pass", InputPath: "$$" }), { n: 0 });
    const { Execution, StateMachine, State } = output as Record<string, Record<string, unknown>>;
    expect(Execution).to.deep.equal({
      Id: arn,
      Input: { n: 0 },
      StartTime: Execution?.["StartTime"],
      Name: name,
      RoleArn: "arn:aws:iam::123456789012:role/machine",
      RedriveCount: 0,
    });
    expect(Object.keys(StateMachine ?? {})).to.deep.equal(["Id", "Name"]);
    expect(Object.keys(State ?? {})).to.have.members(["Name", "EnteredTime"]);
  });
});

import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  ListTagsForResourceCommand,
  RedriveExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect } from "chai";
import {
  executionArn,
  failure,
  logGroup,
  machineArn,
  only,
  roleArn,
  type StatesWorld,
  startStatesWorld,
  typesOf,
} from "./world";

const day = 86_400_000;
const pass = only({ Type: "Pass" });
const waiting = only({ Type: "Wait", Seconds: 600 });

describe("the API of Step Functions", () => {
  let world: StatesWorld;
  let sfn: SFNClient;
  before(async () => {
    world = await startStatesWorld();
    ({ sfn } = world);
    await world.machine("passing", pass, { tags: { team: "signal9" } });
    await world.machine("waiting", waiting);
  });
  after(() => world.close());
  afterEach(() => world.settle());

  const start = (machine: string, name?: string, input?: string) =>
    sfn.send(new StartExecutionCommand({ stateMachineArn: machineArn(machine), name, input }));
  const refused = async (work: Promise<unknown>) => {
    const { name, message } = await failure(work);
    return `${name}: ${message}`;
  };

  describe("starting:", () => {
    it("the same name and input get the same answer as long as it runs, and are refused otherwise", async () => {
      const first = await start("waiting", "batch-1", '{"n":1}');
      const again = await start("waiting", "batch-1", '{"n":1}');
      expect([again.executionArn, again.startDate]).to.deep.equal([first.executionArn, first.startDate]);
      const already = `ExecutionAlreadyExists: Execution Already Exists: '${executionArn("waiting", "batch-1")}'`;
      expect(await refused(start("waiting", "batch-1", '{"n":2}'))).to.equal(already);
      await world.settle();
      expect(await refused(start("waiting", "batch-1", '{"n":1}'))).to.equal(already);
      expect(
        (await world.history(executionArn("waiting", "batch-1"))).filter(({ type }) => type === "ExecutionStarted"),
      ).to.have.length(1);
    });

    it("two starts at the same moment make one execution", async () => {
      const answers = await Promise.all([start("waiting", "twice", "{}"), start("waiting", "twice", "{}")]);
      expect(new Set(answers.map((answer) => answer.executionArn)).size).to.equal(1);
      const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn("waiting") }));
      expect(executions?.filter(({ name }) => name === "twice")).to.have.length(1);
    });

    it("a name is free again 90 days after the end", async () => {
      await start("waiting", "seldom");
      await world.settle();
      const { clock } = world.cloud;
      await clock.turnTo(clock.now() + 89 * day);
      expect(await refused(start("waiting", "seldom"))).to.include("ExecutionAlreadyExists");
      await clock.turnTo(clock.now() + 2 * day);
      const gone = new DescribeExecutionCommand({ executionArn: executionArn("waiting", "seldom") });
      expect(await refused(sfn.send(gone))).to.include("ExecutionDoesNotExist");
      expect((await start("waiting", "seldom")).executionArn).to.equal(executionArn("waiting", "seldom"));
    });

    it("without a name gets one, without input an empty object", async () => {
      const { executionArn: arn = "" } = await start("passing");
      expect(arn).to.match(/:execution:passing:[\w-]{36}$/);
      const described = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
      expect(described).to.include({ input: "{}", output: "{}", status: "SUCCEEDED" });
    });

    it("refuses input that is no JSON, or too long, in AWS's words", async () => {
      const invalid = "InvalidExecutionInput: Invalid State Machine Execution Input: ";
      expect(await refused(start("passing", undefined, "not some json"))).to.equal(
        `${invalid}'Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'`,
      );
      expect(await refused(start("passing", undefined, ""))).to.equal(`${invalid}'Invalid execution input.'`);
      expect(await refused(start("passing", undefined, "{'a':1}"))).to.include(invalid);
      for (const input of ["2", '"text"', "null"]) {
        const { executionArn: arn } = await start("passing", undefined, input);
        expect((await sfn.send(new DescribeExecutionCommand({ executionArn: arn }))).output).to.equal(input);
      }
      const secret = "s".repeat(262_143);
      const message = await refused(start("passing", undefined, JSON.stringify(secret)));
      expect(message).to.equal(
        "ValidationException: 1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
      );
      await start("passing", undefined, JSON.stringify("s".repeat(262_142)));
    });

    it("refuses names and machines that cannot be", async () => {
      for (const name of ["a b", "a/b", "a:b", "a*", "a{b}", 'a"', "a\u0007"]) {
        expect(await refused(start("passing", name))).to.equal(`InvalidName: Invalid Name: '${name}'`);
      }
      const long = "n".repeat(81);
      expect(await refused(start("passing", long))).to.equal(
        `ValidationException: 1 validation error detected: Value '${long}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80`,
      );
      expect(await refused(start("nowhere"))).to.equal(
        `StateMachineDoesNotExist: State Machine Does Not Exist: '${machineArn("nowhere")}'`,
      );
      const strange = (stateMachineArn: string) => refused(sfn.send(new StartExecutionCommand({ stateMachineArn })));
      expect(await strange("not_a_valid_arn")).to.equal(
        "InvalidArn: Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'",
      );
      expect(await strange("arn:aws:sqs:us-east-1:123456789012:q")).to.include(
        "InvalidArn: Invalid Arn: 'Invalid ARN service",
      );
      expect(await strange(executionArn("a", "b"))).to.equal(
        "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'",
      );
    });
  });

  describe("looking:", () => {
    it("describes an execution while it runs, and after it was stopped", async () => {
      const { executionArn: arn = "" } = await start("waiting", "looked-at");
      const running = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
      expect(running).to.include({
        status: "RUNNING",
        redriveStatus: "NOT_REDRIVABLE",
        stateMachineArn: machineArn("waiting"),
      });
      expect(running.redriveStatusReason).to.equal("Execution is RUNNING and cannot be redriven");
      expect(running.stopDate).to.equal(undefined);
      const stop = new StopExecutionCommand({ executionArn: arn, error: "Enough", cause: "by hand" });
      const { stopDate } = await sfn.send(stop);
      const stopped = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
      expect(stopped).to.include({ status: "ABORTED", error: "Enough", cause: "by hand", redriveStatus: "REDRIVABLE" });
      expect(stopped.stopDate).to.deep.equal(stopDate);
      expect((await sfn.send(stop)).stopDate).to.deep.equal(stopDate);
      expect(world.cloud.clock.next("work")).to.equal(undefined);
    });

    it("stops also what never waits, and nothing follows", async () => {
      const spinning = {
        Type: "Choice",
        Choices: [{ Variable: "$.a", IsPresent: true, Next: "End" }],
        Default: "Spin",
      };
      const arn = await world.machine("spins", {
        StartAt: "Spin",
        States: { Spin: spinning, End: { Type: "Succeed" } },
      });
      const executionArn = await world.start(arn);
      await sfn.send(new StopExecutionCommand({ executionArn }));
      const { status, events } = await world.finish(executionArn);
      expect(status).to.equal("ABORTED");
      expect(events.length).to.be.above(100).and.below(25_000);
      expect(events.at(-1)).to.include({ type: "ExecutionAborted", id: events.length });
    });

    it("gives the history by pages, from either end, with or without data", async () => {
      const { executionArn: arn = "" } = await start("passing", "paged", '{"a":1}');
      const page = (more: Record<string, unknown>) =>
        sfn.send(new GetExecutionHistoryCommand({ executionArn: arn, ...more }));
      const first = await page({ maxResults: 3 });
      const second = await page({ maxResults: 3, nextToken: first.nextToken });
      expect(typesOf([...(first.events ?? []), ...(second.events ?? [])])).to.deep.equal([
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
      ]);
      expect(second.nextToken).to.equal(undefined);
      const reverse = await page({ reverseOrder: true, maxResults: 1 });
      expect(typesOf(reverse.events ?? [])).to.deep.equal(["ExecutionSucceeded"]);
      const { events = [] } = await page({ includeExecutionData: false });
      expect(events[1]?.stateEnteredEventDetails).to.deep.equal({ name: "Only" });
      expect(await refused(page({ nextToken: "made up" }))).to.equal("InvalidToken: Invalid Token: 'made up'");
      expect(await refused(page({ maxResults: 1_001 }))).to.equal(
        "ValidationException: 1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
      );
    });

    it("lists executions, newest first, by status", async () => {
      await world.machine("listed", waiting);
      for (const name of ["one", "two", "three"]) await start("listed", name);
      await sfn.send(new StopExecutionCommand({ executionArn: executionArn("listed", "two") }));
      const list = (more: Record<string, unknown>) =>
        sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn("listed"), ...more }));
      const names = async (more: Record<string, unknown>) => (await list(more)).executions?.map(({ name }) => name);
      expect(await names({})).to.deep.equal(["three", "two", "one"]);
      expect(await names({ statusFilter: "RUNNING" })).to.deep.equal(["three", "one"]);
      expect(await names({ statusFilter: "ABORTED" })).to.deep.equal(["two"]);
      const { nextToken } = await list({ maxResults: 2 });
      expect(await names({ maxResults: 2, nextToken })).to.deep.equal(["one"]);
      expect(await refused(list({ statusFilter: "succeeded" }))).to.equal(
        "ValidationException: 1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
      );
    });

    it("describes and lists state machines", async () => {
      await world.declare("aws:cloudwatch/logGroup:LogGroup", "machine", { name: logGroup });
      const destination = `arn:aws:logs:us-east-1:123456789012:log-group:${logGroup}:*`;
      await world.machine("described", pass, {
        loggingConfiguration: { level: "ERROR", includeExecutionData: true, logDestination: destination },
        tracingConfiguration: { enabled: true },
      });
      const stateMachineArn = machineArn("described");
      const described = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
      expect(described).to.deep.include({
        stateMachineArn,
        name: "described",
        status: "ACTIVE",
        type: "STANDARD",
        roleArn,
        definition: JSON.stringify(pass),
        loggingConfiguration: {
          level: "ERROR",
          includeExecutionData: true,
          destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: destination } }],
        },
        tracingConfiguration: { enabled: true },
      });
      const { executionArn: arn } = await start("described");
      const forExecution = await sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn: arn }));
      expect(forExecution).to.include({ stateMachineArn, definition: JSON.stringify(pass) });
      const { stateMachines } = await sfn.send(new ListStateMachinesCommand({}));
      expect(stateMachines?.map(({ name }) => name)).to.include.members(["described", "passing", "waiting"]);
      const { tags } = await sfn.send(new ListTagsForResourceCommand({ resourceArn: machineArn("passing") }));
      expect(tags).to.deep.equal([{ key: "team", value: "signal9" }]);
    });

    it("refuses what is not there, and what is not an execution", async () => {
      const arn = executionArn("passing", "never");
      for (const command of [
        new DescribeExecutionCommand({ executionArn: arn }),
        new GetExecutionHistoryCommand({ executionArn: arn }),
        new StopExecutionCommand({ executionArn: arn }),
      ]) {
        const work = sfn.send(command as DescribeExecutionCommand);
        expect(await refused(work)).to.equal(`ExecutionDoesNotExist: Execution Does Not Exist: '${arn}'`);
      }
      const list = new ListExecutionsCommand({ stateMachineArn: machineArn("nowhere") });
      expect(await refused(sfn.send(list))).to.include("StateMachineDoesNotExist");
    });
  });

  it("refuses by name what is not supported", async () => {
    const token = new SendTaskSuccessCommand({ taskToken: "t", output: "{}" });
    expect(await refused(sfn.send(token))).to.equal(
      "NotImplemented: The embedded cloud does not support states:SendTaskSuccess.",
    );
    const redrive = new RedriveExecutionCommand({ executionArn: executionArn("passing", "x") });
    expect(await refused(sfn.send(redrive))).to.include("does not support states:RedriveExecution");
    const traced = new StartExecutionCommand({ stateMachineArn: machineArn("passing"), traceHeader: "Root=1-a-b" });
    expect(await refused(sfn.send(traced))).to.equal(
      "NotImplemented: The embedded cloud does not support parameter traceHeader of states:StartExecution.",
    );
    const sync = new StartSyncExecutionCommand({ stateMachineArn: machineArn("passing") });
    expect(await refused(sfn.send(sync))).to.equal(
      "StateMachineTypeNotSupported: This operation is not supported by this type of state machine",
    );
    const untyped = new StartExecutionCommand({ stateMachineArn: 5 as unknown as string });
    expect(await refused(sfn.send(untyped))).to.include("SerializationException: stateMachineArn must be string");
    const nothing = new StartExecutionCommand({} as { stateMachineArn: string });
    expect(await refused(sfn.send(nothing))).to.equal(
      "ValidationException: 1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null",
    );
  });

  it("asks each caller's policies, for the machine or the execution", async () => {
    const one = new SFNClient(world.asRole([{ Action: "states:StartExecution", Resource: machineArn("passing") }]));
    const command = (machine: string) => new StartExecutionCommand({ stateMachineArn: machineArn(machine) });
    const { executionArn: arn } = await one.send(command("passing"));
    const error = await failure(one.send(command("waiting")));
    const { name, message } = error;
    expect(name).to.equal("AccessDeniedException");
    expect(error).to.have.nested.property("$metadata.httpStatusCode", 400);
    expect(message).to.match(
      /is not authorized to perform: states:StartExecution on resource: .*:stateMachine:waiting because/,
    );
    expect(await refused(one.send(new DescribeExecutionCommand({ executionArn: arn })))).to.include(
      `not authorized to perform: states:DescribeExecution on resource: ${arn}`,
    );
  });

  it("forgets executions in a reset, and keeps the machines", async () => {
    await start("waiting", "to-forget");
    await world.reset();
    expect(world.cloud.clock.next("work")).to.equal(undefined);
    await world.cloud.activity.idle();
    const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn("waiting") }));
    expect(executions).to.deep.equal([]);
    expect((await start("waiting", "to-forget")).executionArn).to.equal(executionArn("waiting", "to-forget"));
  });
});

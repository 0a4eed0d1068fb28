import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { failure, logGroup, machineArn, machineType, only, roleArn, type StatesWorld, startStatesWorld } from "./world";

const destination = `arn:aws:logs:us-east-1:123456789012:log-group:${logGroup}:*`;
const definition = JSON.stringify(only({ Type: "Pass", Result: { Arg1: "argument1" } }));
const failing = { StartAt: "FailState", States: { FailState: { Type: "Fail", Error: "SomeFailure", Cause: "why" } } };

describe("a declared state machine", () => {
  let world: StatesWorld;
  before(async () => {
    world = await startStatesWorld();
    await world.declare("aws:cloudwatch/logGroup:LogGroup", "machine", { name: logGroup });
  });
  after(() => world.close());

  const declare = (name: string, inputs: Record<string, unknown>) => world.declare(machineType, name, inputs);
  const refusal = async (name: string, inputs: Record<string, unknown>) =>
    (await failure(declare(name, { definition, roleArn, ...inputs }))).message;
  const logs = async (pattern: string): Promise<Record<string, unknown>[]> => {
    const client = new CloudWatchLogsClient(world.client);
    const found = await client.send(new FilterLogEventsCommand({ logGroupName: logGroup, filterPattern: pattern }));
    return (found.events ?? []).map(({ message }) => JSON.parse(message ?? ""));
  };

  it("has an ARN, and is of the standard type unless it says otherwise", async () => {
    const { id, outputs } = await declare("plain", { definition, roleArn, tags: { a: "b" }, description: undefined });
    expect(id).to.equal(machineArn("plain"));
    expect(outputs).to.include({ arn: id, name: "plain", type: "STANDARD", status: "ACTIVE" });
    expect(outputs["creationDate"]).to.match(/^\d{4}-\d\d-\d\dT/);
  });

  it("is refused with what it may not say, under its name", async () => {
    const named = `${machineType} odd: `;
    expect(await refusal("odd", { encryptionConfiguration: {} })).to.equal(
      `${named}property encryptionConfiguration is not supported by the embedded cloud`,
    );
    expect(await refusal("odd", { loggingConfiguration: { level: "ALL", more: 1 } })).to.equal(
      `${named}property loggingConfiguration.more is not supported by the embedded cloud`,
    );
    expect(await refusal("odd", { publish: true })).to.include(`${named}property publish: `);
    expect(await refusal("odd", { type: "SLOW" })).to.include(`${named}property type: `);
    expect(await refusal("odd", { loggingConfiguration: { level: "ALL" } })).to.equal(
      `${named}loggingConfiguration.logDestination must be set where the level is not OFF`,
    );
    const bare = { loggingConfiguration: { level: "ALL", logDestination: destination.slice(0, -2) } };
    expect(await refusal("odd", bare)).to.include("must be the ARN of a log group with :* at its end");
    expect(await refusal("odd", { definition: "{}" })).to.equal(
      `${named}Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /, SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'`,
    );
    expect(await refusal("odd", { name: "a b" })).to.equal(`${named}Invalid Name: 'a b'`);
    expect(await refusal("plain", {})).to.equal(
      `${machineType} plain: State Machine Already Exists: '${machineArn("plain")}'`,
    );
  });

  it("needs a role that Step Functions may assume, and that may do what logging takes", async () => {
    const trust = (Service: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
      });
    for (const [name, service] of [
      ["stranger", "lambda.amazonaws.com"],
      ["mute", "states.amazonaws.com"],
    ] as const) {
      await world.declare("aws:iam/role:Role", name, { name, assumeRolePolicy: trust(service) });
    }
    const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
    expect(await refusal("odd", { roleArn: role("stranger") })).to.include("sts:AssumeRole on resource: ");
    const loud = { roleArn: role("mute"), loggingConfiguration: { level: "ALL", logDestination: destination } };
    expect(await refusal("odd", loud)).to.include("not authorized to perform: logs:CreateLogDelivery on resource: *");
  });

  it("logs what happens, as far as its level goes and with data where it may", async () => {
    const machine = async (
      name: string,
      loggingConfiguration: Record<string, unknown>,
      what: Record<string, unknown>,
    ) =>
      world.finish(
        await world.start(
          await world.machine(name, what, {
            loggingConfiguration: { logDestination: destination, ...loggingConfiguration },
          }),
        ),
      );
    const passing = only({ Type: "Pass", Result: { Arg1: "argument1" } });
    const full = await machine("loud", { level: "ALL", includeExecutionData: true }, passing);
    const entries = await logs(`{ $.execution_arn = "${full.executionArn}" }`);
    expect(entries.map(({ id, previous_event_id, type }) => [id, previous_event_id, type])).to.deep.equal([
      ["1", "0", "ExecutionStarted"],
      ["2", "0", "PassStateEntered"],
      ["3", "2", "PassStateExited"],
      ["4", "3", "ExecutionSucceeded"],
    ]);
    expect(entries[2]).to.deep.include({
      details: { name: "Only", output: '{"Arg1":"argument1"}', outputDetails: { truncated: false } },
      redrive_count: "0",
    });
    const discreet = await machine("discreet", { level: "ALL", includeExecutionData: false }, passing);
    const [started, entered] = await logs(`{ $.execution_arn = "${discreet.executionArn}" }`);
    expect(started?.["details"]).to.deep.equal({ roleArn });
    expect(entered?.["details"]).to.deep.equal({ name: "Only" });
    const errors = await machine("errors", { level: "ERROR" }, failing);
    const told = await logs(`{ $.execution_arn = "${errors.executionArn}" }`);
    expect(told.map(({ type }) => type)).to.deep.equal(["FailStateEntered", "ExecutionFailed"]);
    expect(told[1]?.["details"]).to.deep.equal({ error: "SomeFailure", cause: "why" });
    const fatal = await machine("fatal", { level: "FATAL" }, failing);
    expect((await logs(`{ $.execution_arn = "${fatal.executionArn}" }`)).map(({ type }) => type)).to.deep.equal([
      "ExecutionFailed",
    ]);
    const off = await machine("off", { level: "OFF" }, failing);
    expect(await logs(`{ $.execution_arn = "${off.executionArn}" }`)).to.deep.equal([]);
  });

  it("logs express executions, of which nothing else is left", async () => {
    const stateMachineArn = await world.machine("quick", only({ Type: "Pass" }), {
      type: "EXPRESS",
      loggingConfiguration: { level: "ALL", logDestination: destination },
    });
    const { executionArn } = await world.sfn.send(new StartSyncExecutionCommand({ stateMachineArn }));
    expect(await logs(`{ $.execution_arn = "${executionArn}" }`)).to.have.length(4);
  });

  it("goes on without its log group, should that be gone", async () => {
    const gone = destination.replace(logGroup, "/gone");
    const arn = await world.machine("unheard", only({ Type: "Pass" }), {
      loggingConfiguration: { level: "ALL", logDestination: gone },
    });
    expect((await world.finish(await world.start(arn))).status).to.equal("SUCCEEDED");
  });

  it("counts its executions, by how they end, and their time", async () => {
    const waiting = { ...only({ Type: "Wait", SecondsPath: "$.seconds" }), TimeoutSeconds: 60 };
    const arn = await world.machine("counted", waiting);
    const { clock } = world.cloud;
    const began = clock.now();
    await world.start(arn, { seconds: 30 });
    await world.start(arn, { seconds: 90 });
    await world.start(arn, {});
    await world.settle();
    const { CloudWatchClient, GetMetricStatisticsCommand } = await import("@aws-sdk/client-cloudwatch");
    const client = new CloudWatchClient(world.client);
    const total = async (MetricName: string, statistic: "Sum" | "Maximum" = "Sum") => {
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          Namespace: "AWS/States",
          MetricName,
          Dimensions: [{ Name: "StateMachineArn", Value: arn }],
          StartTime: new Date(began - 60_000),
          EndTime: new Date(clock.now() + 60_000),
          Period: 60,
          Statistics: [statistic],
        }),
      );
      const values = Datapoints.map((point) => point[statistic] ?? 0);
      return statistic === "Sum" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
    };
    expect(await total("ExecutionsStarted")).to.equal(3);
    expect(await total("ExecutionsSucceeded")).to.equal(1);
    expect(await total("ExecutionsTimedOut")).to.equal(1);
    expect(await total("ExecutionsFailed")).to.equal(1);
    expect(await total("ExecutionsAborted")).to.equal(0);
    expect(await total("ExecutionTime", "Maximum")).to.equal(60_000);
  });

  it("tells the default bus when an execution starts and ends", async () => {
    const { QueueUrl } = await world.sqsClient.send(new CreateQueueCommand({ QueueName: "changes" }));
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*" },
      ],
    });
    await world.sqsClient.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const eventPattern = JSON.stringify({ source: ["aws.states"], detail: { stateMachineArn: [machineArn("told")] } });
    await world.declare("aws:cloudwatch/eventRule:EventRule", "changes", { name: "changes", eventPattern });
    await world.declare("aws:cloudwatch/eventTarget:EventTarget", "changes", {
      rule: "changes",
      arn: "arn:aws:sqs:us-east-1:123456789012:changes",
    });
    const { executionArn } = await world.finish(await world.start(await world.machine("told", failing), { n: 1 }));
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    const events = ((await world.sqsClient.send(receive)).Messages ?? []).map(({ Body }) => JSON.parse(Body ?? ""));
    const byStatus = new Map(events.map((event) => [event.detail.status, event]));
    expect([...byStatus.keys()]).to.have.members(["RUNNING", "FAILED"]);
    expect(byStatus.get("FAILED")).to.deep.include({
      "detail-type": "Step Functions Execution Status Change",
      resources: [executionArn],
    });
    expect(byStatus.get("FAILED").detail).to.include({
      error: "SomeFailure",
      cause: "why",
      input: '{"n":1}',
      output: null,
    });
    expect(byStatus.get("RUNNING").detail.stopDate).to.equal(null);
  });
});

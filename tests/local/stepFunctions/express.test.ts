import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { failure, machineArn, only, type StatesWorld, startStatesWorld } from "./world";

describe("express state machines", () => {
  let world: StatesWorld;
  before(async () => {
    world = await startStatesWorld();
    await world.machine("quick", only({ Type: "Pass", Result: { Arg1: "argument1" } }), { type: "EXPRESS" });
    await world.machine("waits", only({ Type: "Wait", Seconds: 60 }), { type: "EXPRESS" });
    await world.machine("forever", only({ Type: "Wait", Seconds: 3_600 }), { type: "EXPRESS" });
    await world.machine(
      "fails",
      { StartAt: "F", States: { F: { Type: "Fail", Error: "Bad", Cause: "so" } } },
      { type: "EXPRESS" },
    );
  });
  after(() => world.close());

  const sync = (machine: string, name?: string) =>
    world.sfn.send(new StartSyncExecutionCommand({ stateMachineArn: machineArn(machine), name, input: '{"n":1}' }));

  it("answer with how they ended, and what is billed for it", async () => {
    const { $metadata: _, startDate, stopDate, executionArn, ...answer } = await sync("quick", "now");
    expect(executionArn).to.match(/^arn:aws:states:us-east-1:123456789012:express:quick:now:[\w-]{36}$/);
    expect(startDate).to.be.instanceOf(Date);
    expect(stopDate).to.be.instanceOf(Date);
    expect(answer).to.deep.equal({
      stateMachineArn: machineArn("quick"),
      name: "now",
      status: "SUCCEEDED",
      input: '{"n":1}',
      inputDetails: { included: true },
      output: '{"Arg1":"argument1"}',
      outputDetails: { included: true },
      billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: 100 },
    });
    expect(await sync("fails")).to.include({ status: "FAILED", error: "Bad", cause: "so" });
  });

  it("keep their caller waiting, and nobody else", async () => {
    const answer = sync("waits");
    await world.settle();
    const { status, billingDetails } = await answer;
    expect(status).to.equal("SUCCEEDED");
    expect(billingDetails?.billedDurationInMilliseconds).to.equal(60_000);
  });

  it("end after five minutes", async () => {
    const answer = sync("forever");
    await world.settle();
    const { status, startDate, stopDate } = await answer;
    expect(status).to.equal("TIMED_OUT");
    expect((stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0)).to.equal(300_000);
  });

  it("may have a name many times, and are not known afterwards", async () => {
    const start = () =>
      world.sfn.send(new StartExecutionCommand({ stateMachineArn: machineArn("quick"), name: "same", input: "{}" }));
    const [one, two] = [await start(), await start()];
    expect(one.executionArn).to.not.equal(two.executionArn);
    const refused = async (work: Promise<unknown>) => {
      const { name, message } = await failure(work);
      return `${name}: ${message}`;
    };
    expect(await refused(world.sfn.send(new DescribeExecutionCommand({ executionArn: one.executionArn })))).to.equal(
      "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'",
    );
    const list = new ListExecutionsCommand({ stateMachineArn: machineArn("quick") });
    expect(await refused(world.sfn.send(list))).to.equal(
      "StateMachineTypeNotSupported: This operation is not supported by this type of state machine",
    );
  });

  it("are billed by their number, time and memory, and standard ones by their steps", async () => {
    const amounts = () => Object.fromEntries(world.cloud.meter.bill().lines.map(({ what, amount }) => [what, amount]));
    world.cloud.meter.reset();
    await sync("quick");
    await sync("quick");
    const express = amounts();
    expect(express["stepfunctions express request"]).to.equal(2);
    expect(express["stepfunctions express GB-second"]).to.be.closeTo(2 * 0.1 * (64 / 1_024), 1e-9);
    expect(express).to.not.have.property("stepfunctions transition");
    const each = { StartAt: "A", States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Succeed" } } };
    await world.run(only({ Type: "Map", ItemProcessor: each }), [1, 2, 3]);
    const { "stepfunctions transition": steps, ...others } = amounts();
    expect(steps).to.equal(1 + 3 * 2);
    expect(others).to.deep.equal(express);
    const { lines } = world.cloud.meter.bill();
    expect(lines.find(({ what }) => what === "stepfunctions transition")?.dollars).to.be.closeTo(7 * 0.000025, 1e-12);
  });

  it("stop with the cloud, and with a reset", async () => {
    const late = await startStatesWorld();
    await late.machine("waits", only({ Type: "Wait", Seconds: 60 }), { type: "EXPRESS" });
    const client = new SFNClient({ ...late.client, disableHostPrefix: true });
    await client.send(new StartExecutionCommand({ stateMachineArn: machineArn("waits") }));
    await late.reset();
    expect(late.cloud.clock.next("work")).to.equal(undefined);
    await late.close();
  });
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { deadLettersArn, invokeConfigType, type LambdaWorld, startLambdaWorld } from "./serviceWorld";

const working = "async (event) => ({ heard: event })";
const endless = "() => new Promise((resolve) => setTimeout(resolve, 9_000))";
const failing = 'async () => { throw new Error("always"); }';
const hour = 3_600_000;

describe("asynchronous invocations that are kept in a file", () => {
  let folder: string;
  let worlds: LambdaWorld[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-invocations-"));
    worlds = [];
  });
  afterEach(async () => {
    await Promise.all(worlds.map((world) => world.close()));
    rmSync(folder, { recursive: true });
  });

  const file = () => readFileSync(join(folder, "invocations.jsonl"), "utf8");
  /** The same program over the same file; the one before it just stops being asked. */
  const open = async (handler?: string, turnedBy = 0): Promise<LambdaWorld> => {
    const world = await startLambdaWorld(join(folder, "invocations.jsonl"));
    worlds.push(world);
    await world.cloud.clock.turnTo(world.cloud.clock.now() + turnedBy);
    world.grant("send", "sqs:SendMessage", "*");
    if (handler !== undefined) {
      await world.makeFunction("job", handler);
      const destination = { destination: deadLettersArn };
      await world.declare(invokeConfigType, "job", {
        functionName: "job",
        destinationConfig: { onFailure: destination, onSuccess: destination },
      });
    }
    world.lambda.resume();
    return world;
  };
  const send = async (world: LambdaWorld, event: unknown): Promise<string | undefined> => {
    const invoke = new InvokeCommand({ FunctionName: "job", InvocationType: "Event", Payload: JSON.stringify(event) });
    return (await new LambdaClient(world.client).send(invoke)).$metadata.requestId;
  };
  const settle = ({ cloud }: LambdaWorld) => cloud.activity.settle(cloud.clock);
  const started = (world: LambdaWorld) => world.logs.filter(({ message }) => message.includes("platform.start"));
  const ends = (world: LambdaWorld) =>
    world.delivered.map(({ body }) => {
      const { requestContext, requestPayload } = JSON.parse(body);
      const { requestId, condition, approximateInvokeCount: runs } = requestContext;
      return { requestId, condition, runs, requestPayload };
    });

  it("run after a restart if they were acknowledged, and end once", async () => {
    const first = await open(endless);
    const requestId = await send(first, { order: "Ünïcode" });
    expect(file()).to.include(requestId);
    const second = await open(working);
    await second.cloud.activity.idle();
    const condition = "Success";
    expect(ends(second)).to.deep.equal([{ requestId, condition, runs: 1, requestPayload: { order: "Ünïcode" } }]);
    const third = await open(working);
    await settle(third);
    expect(started(third)).to.deep.equal([]);
  });

  it("remember how often they ran, and when they are due again", async () => {
    const first = await open(failing);
    const requestId = await send(first, {});
    await first.cloud.activity.idle();
    const second = await open(failing);
    const from = second.cloud.clock.now();
    await second.cloud.activity.idle();
    expect(started(second)).to.have.length(0);
    await settle(second);
    expect((second.cloud.clock.now() - from) / 1_000).to.be.within(175, 182);
    expect(started(second)).to.have.length(2);
    expect(ends(second)).to.deep.equal([{ requestId, condition: "RetriesExhausted", runs: 3, requestPayload: {} }]);
  });

  it("grow older while nothing runs", async () => {
    await send(await open(endless), {});
    const second = await open(working, 7 * hour);
    await second.cloud.activity.idle();
    expect(ends(second)).to.deep.include({ ...ends(second)[0], condition: "EventAgeExceeded", runs: 0 });
  });

  it("wait for their function to be declared again, until they are too old", async () => {
    await send(await open(endless), { n: 1 });
    await open();
    const third = await open(working);
    await third.cloud.activity.idle();
    expect(ends(third).map(({ requestPayload }) => requestPayload)).to.deep.equal([{ n: 1 }]);
    await send(await open(endless), { n: 2 });
    await open(undefined, 7 * hour);
    const last = await open(working);
    await settle(last);
    expect(ends(last)).to.deep.equal([]);
  });

  it("are not spent by a shutdown", async () => {
    const first = await open(endless);
    await send(first, { n: 1 });
    await first.lambda.close();
    const second = await open(working);
    await second.cloud.activity.idle();
    expect(ends(second).map(({ runs }) => runs)).to.deep.equal([1]);
  });

  it("are forgotten by a reset", async () => {
    const first = await open(endless);
    await send(first, {});
    await first.lambda.reset();
    expect(file()).to.equal("");
  });
});

import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { compilePolicy } from "../../../local/iam/policy";
import { until } from "./functions";
import { arnOf, failure, type LambdaWorld, mappingType, queueArn, roleArn, startLambdaWorld } from "./serviceWorld";

/** Tells of every batch in its log, and fails at what it is told to fail at. */
const batches = `async ({ Records }) => {
  console.log("batch " + Records.map(({ body }) => body).join("+"));
  if (Records.some(({ body }) => body === "explode")) throw new Error("exploded");
  return { batchItemFailures: Records.filter(({ body }) => body.startsWith("bad")).map(({ messageId }) => ({ itemIdentifier: messageId })) };
}`;

describe("an event source mapping", () => {
  let world: LambdaWorld;
  let client: LambdaClient;

  beforeEach(async () => {
    world = await startLambdaWorld();
    client = new LambdaClient(world.client);
    world.grant("poll", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queueArn);
  });
  afterEach(() => world.close());

  const map = async (more: Record<string, unknown> = {}): Promise<string> => {
    const inputs = { eventSourceArn: queueArn, functionName: arnOf("work"), ...more };
    return String((await world.declare(mappingType, "work", inputs)).id);
  };
  const settle = () => world.cloud.activity.settle(world.cloud.clock);
  const heard = (): string[][] =>
    world.logs.flatMap(({ message }) => {
      const [, said] = /"message":"batch ([^"]*)"/.exec(message) ?? [];
      return said === undefined ? [] : [said.split("+")];
    });
  const sendAll = (...bodies: string[]) => bodies.map((body) => world.queue.send(body));

  it("hands messages on as SQS records, in batches, and deletes them", async () => {
    await world.makeFunction(
      "work",
      'async (event) => { console.log("event " + Buffer.from(JSON.stringify(event)).toString("base64")); }',
    );
    await map({ scalingConfig: { maximumConcurrency: 2 } });
    const messageId = world.queue.send("hello", {
      kind: { dataType: "String", stringValue: "greeting" },
      bytes: { dataType: "Binary", binaryValue: "AAE=" },
    });
    await settle();
    expect(world.queue.left()).to.deep.equal([]);
    const [, event = ""] = /"message":"event ([^"]*)"/.exec(world.logs.map(({ message }) => message).join("\n")) ?? [];
    const [{ receiptHandle, ...record }] = JSON.parse(Buffer.from(event, "base64").toString()).Records;
    expect(receiptHandle).to.be.a("string");
    expect(record).to.deep.equal({
      messageId,
      body: "hello",
      attributes: { ApproximateReceiveCount: "1" },
      messageAttributes: {
        kind: { stringValue: "greeting", stringListValues: [], binaryListValues: [], dataType: "String" },
        bytes: { binaryValue: "AAE=", stringListValues: [], binaryListValues: [], dataType: "Binary" },
      },
      md5OfBody: "5d41402abc4b2a76b9719d911017c592",
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion: "us-east-1",
    });
  });

  it("leaves what the function says it failed at, and only that, to the queue", async () => {
    await world.makeFunction("work", batches);
    const mapping = await map({ functionResponseTypes: ["ReportBatchItemFailures"], enabled: false });
    const [, bad] = sendAll("one", "bad", "two");
    await client.send(new UpdateEventSourceMappingCommand({ UUID: mapping, Enabled: true }));
    await world.cloud.activity.idle();
    expect(world.queue.left()).to.deep.equal([bad]);
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 31_000, () => world.cloud.activity.idle());
    expect(heard()).to.deep.equal([["one", "bad", "two"], ["bad"]]);
  });

  it("leaves all of a batch whose function threw, and goes on with the others", async () => {
    await world.makeFunction("work", batches);
    const mapping = await map({ batchSize: 2 });
    sendAll("fine");
    await world.cloud.activity.idle();
    sendAll("explode");
    await world.cloud.activity.idle();
    expect(world.queue.left()).to.have.length(1);
    expect((await client.send(new GetEventSourceMappingCommand({ UUID: mapping }))).LastProcessingResult).to.equal(
      "PROBLEM: Function call failed",
    );
    sendAll("after");
    await world.cloud.activity.idle();
    expect(heard()).to.deep.equal([["fine"], ["explode"], ["after"]]);
    expect(world.sum("Errors", "work")).to.equal(1);
  });

  it("waits for a batch to fill up, by the cloud's clock", async () => {
    await world.makeFunction("work", batches);
    await map({ batchSize: 12, maximumBatchingWindowInSeconds: 20 });
    sendAll("a");
    await world.cloud.activity.idle();
    sendAll("b");
    await world.cloud.activity.idle();
    expect(heard()).to.deep.equal([]);
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 20_000, () => world.cloud.activity.idle());
    expect(heard()).to.deep.equal([["a", "b"]]);
    const many = Array.from({ length: 13 }, (_, at) => `m${at}`);
    sendAll(...many);
    await world.cloud.activity.idle();
    expect(heard().at(-1)).to.deep.equal(many.slice(0, 12));
    await settle();
    expect(heard().at(-1)).to.deep.equal(["m12"]);
  });

  it("deletes what its filters do not let through", async () => {
    await world.makeFunction("work", batches);
    const pattern = JSON.stringify({ body: { kind: ["news"] } });
    const uuid = await map({ filterCriteria: { filters: [{ pattern }] } });
    sendAll('{"kind":"news"}', '{"kind":"noise"}', "plain");
    await settle();
    expect(world.queue.left()).to.deep.equal([]);
    expect(world.lambda.stats().mappings[0]).to.include({ function: "work", messages: 1, filtered: 2, inFlight: 0 });
    const { FilterCriteria } = await client.send(new GetEventSourceMappingCommand({ UUID: uuid }));
    expect(FilterCriteria?.Filters).to.deep.equal([{ Pattern: pattern }]);
  });

  it("runs as many batches at once as it may, no more", async () => {
    await world.makeFunction("work", "async () => new Promise((resolve) => setTimeout(resolve, 60))");
    await map({ batchSize: 1, scalingConfig: { maximumConcurrency: 2 } });
    sendAll("a", "b", "c", "d");
    let most = 0;
    await until(() => {
      most = Math.max(most, world.lambda.stats().mappings[0]?.inFlight ?? 0);
      return world.queue.left().length === 0;
    });
    expect(most).to.equal(2);
    expect(world.lambda.stats().functions["work"]?.workers).to.equal(2);
  });

  it("backs off from a throttled function, and tries again later", async () => {
    await world.makeFunction("work", batches, { reservedConcurrentExecutions: 1 });
    await map({ batchSize: 1 });
    await world.cloud.activity.idle();
    sendAll("a", "b", "c");
    await world.cloud.activity.idle();
    expect(world.sum("Throttles", "work")).to.be.above(0);
    await settle();
    expect(world.queue.left()).to.deep.equal([]);
    expect(heard().flat().sort()).to.deep.equal(["a", "b", "c"]);
  });

  it("stops and starts, with another batch size, and gives back what it was still gathering", async () => {
    await world.makeFunction("work", batches);
    const UUID = await map({ maximumBatchingWindowInSeconds: 5 });
    const update = (more: object) => client.send(new UpdateEventSourceMappingCommand({ UUID, ...more }));
    sendAll("a");
    await world.cloud.activity.idle();
    expect(world.queue.visible()).to.equal(0);
    expect((await update({ Enabled: false })).State).to.equal("Disabled");
    await world.cloud.activity.idle();
    expect(world.queue.visible()).to.equal(1);
    sendAll("b");
    await settle();
    expect(heard()).to.deep.equal([]);
    const changed = await update({ Enabled: true, BatchSize: 1 });
    expect(changed).to.include({ State: "Enabled", BatchSize: 1 });
    await settle();
    expect(heard()).to.have.deep.members([["a"], ["b"]]);
    const names = async (change: object) => (await failure(update(change))).message;
    expect(await names({ MaximumRetryAttempts: 1 })).to.include(
      "MaximumRetryAttempts of lambda:UpdateEventSourceMapping",
    );
    expect(await names({ BatchSize: 0 })).to.equal(
      "1 validation error detected: Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    expect(await names({ Enabled: "yes" })).to.equal("STRING_VALUE can not be converted to an Boolean");
  });

  it("is found by its id, its queue and its function", async () => {
    await world.makeFunction("work", batches);
    await world.makeFunction("idle", batches);
    const UUID = await map({ functionName: "work", scalingConfig: { maximumConcurrency: 3 } });
    expect(await client.send(new GetEventSourceMappingCommand({ UUID }))).to.deep.include({
      UUID,
      FunctionArn: arnOf("work"),
      EventSourceArn: queueArn,
      BatchSize: 10,
      State: "Enabled",
      LastProcessingResult: "No records processed",
      ScalingConfig: { MaximumConcurrency: 3 },
    });
    const list = async (query: object) =>
      (await client.send(new ListEventSourceMappingsCommand(query))).EventSourceMappings?.map((one) => one.UUID);
    expect(await list({})).to.deep.equal([UUID]);
    expect(await list({ FunctionName: "work", EventSourceArn: queueArn })).to.deep.equal([UUID]);
    expect(await list({ FunctionName: "idle" })).to.deep.equal([]);
    expect(await list({ EventSourceArn: `${queueArn}-2` })).to.deep.equal([]);
    expect((await failure(client.send(new GetEventSourceMappingCommand({ UUID: "no" })))).name).to.equal(
      "ResourceNotFoundException",
    );
    expect((await failure(map())).message).to.include(`work already has a mapping from ${queueArn}`);
  });

  it("rests while its queue cannot be read or its role may not, and says why", async () => {
    await world.makeFunction("work", batches);
    const UUID = await map();
    await world.cloud.activity.idle();
    const result = async () => (await client.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult;
    const minuteLater = () =>
      world.cloud.clock.turnTo(world.cloud.clock.now() + 61_000, () => world.cloud.activity.idle());
    world.queue.breakWith(new Error("no such queue"));
    sendAll("a");
    await settle();
    expect(await result()).to.equal("PROBLEM: Error: no such queue");
    world.queue.breakWith(undefined);
    await minuteLater();
    expect(heard()).to.deep.equal([["a"]]);
    const denial = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "sqs:*", Resource: "*" }] };
    world.cloud.putRolePolicy(roleArn, "no", compilePolicy(denial, { name: "no", kind: "identity" }));
    sendAll("b");
    await settle();
    expect(await result()).to.match(/^PROBLEM: AccessDeniedException: .*sqs:ReceiveMessage/);
    expect(world.queue.visible()).to.equal(1);
  });

  it("is refused where AWS would refuse it, or where it is not understood", async () => {
    await world.makeFunction("work", batches);
    await world.makeFunction("long", batches, { timeout: 60 });
    const refused = async (more: Record<string, unknown>) => (await failure(map(more))).message;
    const table = "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2026-01-01T00:00:00.000";
    expect(await refused({ eventSourceArn: table })).to.include(`event source ${table} is not supported`);
    expect(await refused({ eventSourceArn: `${queueArn}-2` })).to.match(
      /^The provided execution role does not have permissions to call ReceiveMessage on SQS/,
    );
    expect(await refused({ functionName: "long" })).to.equal(
      "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds",
    );
    expect(await refused({ functionName: undefined })).to.include("functionName must be set");
    expect(await refused({ batchSize: 11 })).to.include("must be greater than 0 if maximum batch size");
    const fifo = `${queueArn}.fifo`;
    expect(await refused({ eventSourceArn: fifo, maximumBatchingWindowInSeconds: 1 })).to.include(
      "not supported for FIFO",
    );
    expect(await refused({ eventSourceArn: fifo, batchSize: 11 })).to.include("FIFO queue has 10");
    expect(await refused({ scalingConfig: { maximumConcurrency: 1 } })).to.include("from 2 to 1000");
    expect(await refused({ startingPosition: "LATEST" })).to.include("property startingPosition is not supported");
    expect(await refused({ functionResponseTypes: ["Else"] })).to.include("functionResponseTypes Else");
    expect(await refused({ filterCriteria: { filters: [{ pattern: "{" }] } })).to.include("Invalid JSON");
    expect(await refused({ filterCriteria: { filters: [{}] } })).to.include("need a pattern each");
    expect(await refused({ filterCriteria: { filters: [{ pattern: "{}", more: 1 }] } })).to.include(
      "filterCriteria.filters.more",
    );
  });

  it("moves thousands of messages, each once", async () => {
    await world.makeFunction("work", "async ({ Records }) => { for (const { body } of Records) console.log(body); }");
    await map({ scalingConfig: { maximumConcurrency: 2 } });
    const bodies = Array.from(
      { length: 2_000 },
      (_, at) => `message-${String(at).padStart(4, "0")}-${"x".repeat(500)}`,
    );
    sendAll(...bodies);
    await world.cloud.activity.idle();
    expect(world.queue.left()).to.deep.equal([]);
    const seen = world.logs.flatMap(({ message }) => /message-\d+-x+/.exec(message)?.[0] ?? []);
    expect(seen.sort()).to.deep.equal(bodies);
  });

  it("ends within seconds, also with a batch under way", async () => {
    await world.makeFunction("work", "async () => new Promise((resolve) => setTimeout(resolve, 9_000))");
    await map();
    sendAll("a");
    await until(() => (world.lambda.stats().functions["work"]?.busy ?? 0) > 0);
    const before = performance.now();
    await world.lambda.close();
    expect(performance.now() - before).to.be.below(5_000);
    expect(world.queue.left()).to.have.length(1);
  });
});

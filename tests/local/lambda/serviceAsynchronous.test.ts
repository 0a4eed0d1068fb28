import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { service } from "../../../local/iam/principal";
import {
  arnOf,
  deadLettersArn,
  failure,
  invokeConfigType,
  type LambdaWorld,
  permissionType,
  roleArn,
  startLambdaWorld,
} from "./serviceWorld";

const failing = 'async (event) => { console.log("ran"); throw new Error(event.why ?? "always"); }';
const okArn = "arn:aws:sqs:us-east-1:123456789012:fine";
const ruleArn = "arn:aws:events:us-east-1:123456789012:rule/hourly";
const busArn = "arn:aws:events:us-east-1:123456789012:event-bus/main";

describe("an asynchronous invocation", () => {
  let world: LambdaWorld;
  let client: LambdaClient;
  let startedAt: number;

  before(async () => {
    world = await startLambdaWorld();
    client = new LambdaClient(world.client);
    world.grant("send", ["sqs:SendMessage", "events:PutEvents", "lambda:InvokeFunction"], "*");
    await world.makeFunction("failing", failing);
    await world.makeFunction("fine", "async (event) => ({ heard: event })");
  });
  after(() => world.close());
  beforeEach(() => {
    world.delivered.length = 0;
    startedAt = world.cloud.clock.now();
  });
  afterEach(() => world.lambda.reset());

  const send = (FunctionName: string, event: unknown) =>
    client.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload: JSON.stringify(event) }));
  const configure = (functionName: string, more: Record<string, unknown>) =>
    world.declare(invokeConfigType, functionName, { functionName, ...more });
  const onFailure = (destination: string) => ({ destinationConfig: { onFailure: { destination } } });
  const settle = () => world.cloud.activity.settle(world.cloud.clock);
  const elapsedSeconds = () => Math.round((world.cloud.clock.now() - startedAt) / 1_000);
  const runsOf = (name: string) =>
    world.logs.filter(({ group, message }) => group === `/test/${name}` && message.includes("platform.report")).length;

  it("is accepted at once, tried three times within minutes, and then told to its destination", async () => {
    await configure("failing", onFailure(deadLettersArn));
    const { StatusCode, $metadata, Payload } = await send("failing", { order: 1 });
    expect({ StatusCode, length: Payload?.length ?? 0 }).to.deep.equal({ StatusCode: 202, length: 0 });
    await world.cloud.activity.idle();
    expect(runsOf("failing")).to.equal(1);
    expect(world.lambda.stats().waitingEvents).to.equal(1);
    await settle();
    expect(elapsedSeconds()).to.be.within(180, 182);
    expect(runsOf("failing")).to.equal(3);
    const [message] = world.delivered;
    expect(message).to.include({ to: deadLettersArn });
    expect(message?.from.arns).to.include(roleArn);
    const { timestamp, responsePayload, ...record } = JSON.parse(message?.body ?? "");
    expect(record).to.deep.equal({
      version: "1.0",
      requestContext: {
        requestId: $metadata.requestId,
        functionArn: `${arnOf("failing")}:$LATEST`,
        condition: "RetriesExhausted",
        approximateInvokeCount: 3,
      },
      requestPayload: { order: 1 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    });
    expect(responsePayload).to.include({ errorType: "Error", errorMessage: "always" });
    expect(new Date(timestamp).getTime()).to.be.above(startedAt);
    expect(world.sum("AsyncEventsDropped", "failing")).to.equal(1);
    expect(world.lambda.stats().waitingEvents).to.equal(0);
  });

  it("is tried as often as configured, and tells of success too", async () => {
    await configure("failing", { maximumRetryAttempts: 0, ...onFailure(deadLettersArn) });
    await configure("fine", { destinationConfig: { onSuccess: { destination: okArn } } });
    await send("failing", {});
    await send("fine", { a: 1 });
    await settle();
    expect(elapsedSeconds()).to.be.below(2);
    const records = world.delivered.map(({ to, body }) => ({ to, ...JSON.parse(body) }));
    expect(records.find(({ to }) => to === deadLettersArn).requestContext.approximateInvokeCount).to.equal(1);
    expect(records.find(({ to }) => to === okArn)).to.deep.include({
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST" },
      responsePayload: { heard: { a: 1 } },
    });
  });

  it("waits while it is throttled, until it is too old", async () => {
    await world.makeFunction("closed", "async () => 1", { reservedConcurrentExecutions: 0 });
    await configure("closed", { maximumEventAgeInSeconds: 60, ...onFailure(deadLettersArn) });
    await send("closed", { a: 1 });
    await settle();
    expect(elapsedSeconds()).to.be.within(61, 64);
    const { timestamp: _, requestContext, ...record } = JSON.parse(world.delivered[0]?.body ?? "");
    expect(requestContext).to.include({ condition: "EventAgeExceeded", approximateInvokeCount: 0 });
    expect(record).to.deep.equal({ version: "1.0", requestPayload: { a: 1 } });
  });

  it("does not flood the machine: a burst is worked off a few at a time", async () => {
    await world.makeFunction("slow", "async () => new Promise((resolve) => setTimeout(resolve, 20))");
    await Promise.all(Array.from({ length: 24 }, () => send("slow", {})));
    await settle();
    expect(runsOf("slow")).to.equal(24);
    expect(world.lambda.stats().functions["slow"]?.workers).to.be.at.most(10);
  });

  it("comes from other services, if the function's policy lets them", async () => {
    const from = service("events.amazonaws.com", { sourceArn: ruleArn });
    const deliver = (body: string) => world.cloud.deliver({ to: arnOf("fine"), from, body });
    const refused = await failure(deliver("{}"));
    expect(refused["code"]).to.equal("AccessDeniedException");
    await world.declare(permissionType, "hourly", {
      function: "fine",
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: ruleArn,
    });
    await configure("fine", { destinationConfig: { onSuccess: { destination: okArn } } });
    await deliver('{"from":"rule"}');
    await settle();
    expect(JSON.parse(world.delivered[0]?.body ?? "").requestPayload).to.deep.equal({ from: "rule" });
    expect((await failure(deliver("not json")))["code"]).to.equal("InvalidRequestContentException");
  });

  it("ends at another function, or on a bus with what makes an event of it", async () => {
    const onBus: { attributes?: Record<string, string>; body: string }[] = [];
    world.cloud.onDelivery("events", async (message) => {
      onBus.push(message);
    });
    await configure("failing", { maximumRetryAttempts: 0, ...onFailure(arnOf("fine")) });
    await configure("fine", { destinationConfig: { onSuccess: { destination: busArn } } });
    await send("failing", { why: "to another" });
    await settle();
    expect(onBus[0]?.attributes).to.deep.equal({
      source: "lambda",
      "detail-type": "Lambda Function Invocation Result - Success",
      resources: JSON.stringify([busArn, `${arnOf("fine")}:$LATEST`]),
    });
    const { requestPayload } = JSON.parse(onBus[0]?.body ?? "");
    expect(requestPayload.responsePayload.errorMessage).to.equal("to another");
  });

  it("is counted where its destination cannot be reached", async () => {
    world.grant("publish", "sns:Publish", "*");
    const nowhere = onFailure("arn:aws:sns:us-east-1:123456789012:gone");
    await configure("failing", { maximumRetryAttempts: 0, ...nowhere });
    await send("failing", {});
    await settle();
    expect(world.sum("DestinationDeliveryFailures", "failing")).to.equal(1);
  });

  it("is forgotten by a reset, also while it waits to be tried again", async () => {
    await configure("failing", onFailure(deadLettersArn));
    await send("failing", {});
    await world.cloud.activity.idle();
    const before = runsOf("failing");
    world.lambda.reset();
    await settle();
    expect(runsOf("failing")).to.equal(before);
    expect(world.lambda.stats().waitingEvents).to.equal(0);
    await send("failing", {});
    world.lambda.reset();
    await settle();
    expect(world.delivered).to.deep.equal([]);
  });
});

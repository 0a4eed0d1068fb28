import { expect } from "chai";
import { AwsError } from "../../../local/cloud/awsError";
import { Cloud } from "../../../local/cloud/cloud";
import { createEventBridge } from "../../../local/eventBridge/service";
import { declareRule, type EventBridgeWorld, queueArn, ruleArn, startsAt, startWorld } from "./serviceWorld";

describe("EventBridge on the embedded cloud: delivery", () => {
  let world: EventBridgeWorld;
  const deadLetterConfig = { arn: queueArn("dead") };
  const busEntry = { EventBusName: "events" };

  beforeEach(async () => {
    world = await startWorld();
    await world.declare("aws:cloudwatch/eventBus:EventBus", "events", { name: "events" });
  });
  afterEach(() => world.close());

  const refuse = (code: string, times = Number.POSITIVE_INFINITY) => {
    const attempts: number[] = [];
    world.refusals.set(queueArn("target"), () => {
      attempts.push(world.cloud.clock.now() - startsAt);
      return attempts.length <= times ? new AwsError(code, `refused by ${code}`) : undefined;
    });
    return attempts;
  };
  const rule = (retryPolicy?: object) =>
    declareRule(world, "target", { target: { deadLetterConfig, ...(retryPolicy && { retryPolicy }) } });

  it("tries again with growing waits until the target takes it", async () => {
    const attempts = refuse("ServiceUnavailable", 3);
    await rule();
    await world.put(busEntry);
    await world.settle();
    expect(attempts).to.deep.equal([0, 1_000, 3_000, 7_000]);
    expect(world.messagesTo("target")).to.have.length(1);
    expect(world.messagesTo("dead")).to.deep.equal([]);
    expect(world.counted("target")).to.deep.equal({ MatchedEvents: 1, Invocations: 1 });
    expect(world.metrics[0]?.dimensions).to.deep.equal({ EventBusName: "events", RuleName: "target" });
  });

  it("sends to the dead letters what used up its attempts, with AWS's attributes and the event as it came", async () => {
    const attempts = refuse("TooManyRequestsException");
    await declareRule(world, "target", {
      target: { deadLetterConfig, retryPolicy: { maximumRetryAttempts: 2 }, input: '"other"' },
    });
    const { Entries = [] } = await world.put(busEntry);
    await world.settle();
    expect(attempts).to.deep.equal([0, 1_000, 3_000]);
    const [letter] = world.messagesTo("dead");
    expect(JSON.parse(letter?.body ?? "").id).to.equal(Entries[0]?.EventId);
    expect(letter?.attributes).to.deep.equal({
      RULE_ARN: ruleArn("events/target"),
      TARGET_ARN: queueArn("target"),
      ERROR_CODE: "THROTTLING",
      ERROR_MESSAGE: "refused by TooManyRequestsException",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "2",
    });
    expect(world.counted("target")).to.deep.equal({
      MatchedEvents: 1,
      Invocations: 1,
      FailedInvocations: 1,
      InvocationsSentToDlq: 1,
    });
  });

  it("gives up when the event is too old, after a last attempt at that age", async () => {
    const attempts = refuse("ServiceUnavailable");
    await rule({ maximumEventAgeInSeconds: 60 });
    await world.put(busEntry);
    await world.settle();
    expect(attempts.at(-1)).to.equal(60_000);
    expect(world.messagesTo("dead")[0]?.attributes).to.include({
      ERROR_CODE: "ERROR_FROM_TARGET",
      EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
      RETRY_ATTEMPTS: "6",
    });
  });

  it("tries 185 times within a day where nothing is said", async () => {
    const attempts = refuse("ServiceUnavailable");
    await rule();
    await world.put(busEntry);
    await world.settle();
    expect(attempts).to.have.length(186);
    expect(attempts.at(-1)).to.be.within(20 * 3_600_000, 24 * 3_600_000);
  });

  for (const [code, expected] of [
    ["AccessDeniedException", "NO_PERMISSIONS"],
    ["AWS.SimpleQueueService.NonExistentQueue", "NO_RESOURCE"],
    ["InvalidParameterValue", "INVALID_PARAMETER"],
  ] as const) {
    it(`does not try again after ${code}`, async () => {
      const attempts = refuse(code);
      await rule();
      await world.put(busEntry);
      await world.settle();
      expect(attempts).to.deep.equal([0]);
      const attributes = world.messagesTo("dead")[0]?.attributes;
      expect(attributes).to.include({ ERROR_CODE: expected, RETRY_ATTEMPTS: "0" });
      expect(attributes).not.to.have.property("EXHAUSTED_RETRY_CONDITION");
    });
  }

  it("does not try again where the input cannot be made", async () => {
    const inputTransformer = { inputPaths: { t: "$.detail.t" }, inputTemplate: '{"text":"<t>"}' };
    await declareRule(world, "target", { target: { deadLetterConfig, inputTransformer } });
    await world.put({ ...busEntry, Detail: JSON.stringify({ t: 'a "quote"' }) });
    await world.settle();
    expect(world.messagesTo("dead")[0]?.attributes).to.include({ ERROR_CODE: "INVALID_JSON" });
  });

  it("counts what not even the dead letters take, and what has none", async () => {
    world.refusals.set(queueArn("target"), () => new Error("broken"));
    world.refusals.set(queueArn("dead"), () => new AwsError("AccessDeniedException", "no"));
    await rule({ maximumRetryAttempts: 0 });
    await world.put(busEntry);
    await world.settle();
    expect(world.counted("target")).to.deep.equal({
      MatchedEvents: 1,
      Invocations: 1,
      FailedInvocations: 1,
      InvocationsFailedToBeSentToDlq: 1,
    });
    await declareRule(world, "bare", { target: { arn: queueArn("target"), retryPolicy: { maximumRetryAttempts: 0 } } });
    await world.put(busEntry);
    await world.settle();
    expect(world.counted("bare")).to.deep.equal({ MatchedEvents: 1, Invocations: 1, FailedInvocations: 1 });
  });

  it("forgets on reset what waits to be delivered", async () => {
    refuse("ServiceUnavailable");
    await rule();
    await world.put(busEntry);
    await world.cloud.activity.idle();
    expect(world.cloud.clock.next("work")).to.equal(startsAt + 1_000);
    await world.bridge.reset();
    expect(world.cloud.clock.next("work")).to.equal(undefined);
    world.bridge.emit({ source: "signal9.test", detailType: "x", detail: {} });
    await declareRule(world, "again", { bus: "default" });
    world.bridge.emit({ source: "signal9.test", detailType: "x", detail: {} });
    await world.bridge.reset();
    await world.settle();
    expect(world.messagesTo("again")).to.deep.equal([]);
  });

  it("delivers thousands of events and lets calls through in between", async () => {
    const cloud = new Cloud();
    let delivered = 0;
    cloud.onDelivery("sqs", async () => {
      delivered++;
    });
    const bridge = createEventBridge(cloud);
    const declare = (type: string, name: string, inputs: Record<string, unknown>) =>
      bridge.resources[type]?.({ type, name, inputs });
    await declare("aws:cloudwatch/eventRule:EventRule", "all", { eventPattern: '{"source":["signal9.test"]}' });
    await declare("aws:cloudwatch/eventTarget:EventTarget", "all", { rule: "all", arn: queueArn("all") });
    const events = 5_000;
    for (let n = 0; n < events; n++) bridge.emit({ source: "signal9.test", detailType: "x", detail: { n } });
    let turns = 0;
    while (delivered < events) {
      await new Promise(setImmediate);
      turns++;
    }
    expect(turns).to.be.greaterThan(10);
    expect(delivered).to.equal(events);
    await bridge.close();
  });
});

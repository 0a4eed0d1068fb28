import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { externalAccount } from "../../../local/iam/principal";
import {
  anEntry,
  busArn,
  declareRule,
  type EventBridgeWorld,
  failure,
  queueArn,
  ruleArn,
  startsAt,
  startWorld,
} from "./serviceWorld";

describe("EventBridge on the embedded cloud: PutEvents", () => {
  let world: EventBridgeWorld;

  beforeEach(async () => {
    world = await startWorld();
    await world.declare("aws:cloudwatch/eventBus:EventBus", "events", { name: "events", tags: {} });
  });
  afterEach(() => world.close());

  const busEntry = { EventBusName: "events" };

  it("delivers a matched event to the rule's target on behalf of the rule, after the answer", async () => {
    await declareRule(world, "audit");
    const { Entries = [], FailedEntryCount } = await world.put(busEntry, { ...busEntry, Source: "other" });
    expect(FailedEntryCount).to.equal(0);
    await world.settle();
    const [message, ...others] = world.messagesTo("audit");
    expect(others).to.deep.equal([]);
    expect(JSON.parse(message?.body ?? "")).to.deep.equal({
      version: "0",
      id: Entries[0]?.EventId,
      "detail-type": "tested",
      source: "signal9.test",
      account: "123456789012",
      time: "2026-03-01T04:05:06Z",
      region: "us-east-1",
      resources: [],
      detail: { correlationId: "c-1", n: 1 },
    });
    expect(message?.from).to.deep.include({ kind: "service", name: "events.amazonaws.com" });
    expect(message?.from.facts).to.deep.include({
      "aws:SourceArn": ruleArn("events/audit"),
      "aws:SourceAccount": "123456789012",
    });
    expect(world.cloud.trace.of("c-1").map(({ operation, outcome }) => [operation, outcome])).to.deep.equal([
      ["PutEvents", "done"],
      ["Deliver", "done"],
    ]);
  });

  it("gives the target what its input settings make of the event", async () => {
    const inputTransformer = { inputPaths: { n: "$.detail.n" }, inputTemplate: '{"number":<n>}' };
    await declareRule(world, "transformed", { target: { inputTransformer } });
    await declareRule(world, "part", { target: { inputPath: "$.detail" } });
    await declareRule(world, "constant", { target: { input: '{"always":true}' } });
    await world.put({ EventBusName: busArn("events") });
    await world.settle();
    expect(world.messagesTo("transformed")[0]?.body).to.equal('{"number":1}');
    expect(world.messagesTo("part")[0]?.body).to.equal(anEntry.Detail);
    expect(world.messagesTo("constant")[0]?.body).to.equal('{"always":true}');
  });

  it("passes events from bus to bus where the second bus admits the service", async () => {
    await world.declare("aws:cloudwatch/eventBus:EventBus", "second", { name: "second" });
    await declareRule(world, "forward", {
      target: { arn: busArn("second"), deadLetterConfig: { arn: queueArn("dead") } },
    });
    await declareRule(world, "end", { bus: "second" });
    await world.put(busEntry);
    await world.settle();
    expect(world.messagesTo("end")).to.deep.equal([]);
    expect(world.messagesTo("dead")[0]?.attributes).to.deep.include({ ERROR_CODE: "NO_PERMISSIONS" });

    const statement = {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "events:PutEvents",
      Resource: busArn("second"),
      Condition: {
        ArnEquals: { "aws:SourceArn": ruleArn("events/forward") },
        StringEquals: { "events:source": "signal9.test" },
      },
    };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await world.declare("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "p", { eventBusName: "second", policy });
    const { Entries = [] } = await world.put(busEntry);
    await world.settle();
    expect(world.messagesTo("end").map(({ body }) => JSON.parse(body).id)).to.deep.equal([Entries[0]?.EventId]);
  });

  it("refuses what is delivered to a bus and is no event, or to a bus that is not there", async () => {
    const from = externalAccount("123456789012");
    for (const body of ["no JSON", "[]", '{"source":"a"}']) {
      expect(await failure(world.cloud.deliver({ to: busArn("events"), body, from }))).to.include({
        code: "ValidationException",
      });
    }
    const body = JSON.stringify({ source: "a", "detail-type": "b", detail: {} });
    expect(await failure(world.cloud.deliver({ to: busArn("none"), body, from }))).to.include({
      code: "ResourceNotFoundException",
    });
  });

  it("asks a role's permission by bus, source and detail type", async () => {
    const Resource = busArn("events");
    const role = world.asRole([{ Action: "events:PutEvents", Resource }]);
    const client = new EventBridgeClient(role);
    const send = (...Entries: object[]) =>
      client.send(new PutEventsCommand({ Entries: Entries.map((entry) => ({ ...anEntry, ...entry })) }));
    expect((await send(busEntry)).FailedEntryCount).to.equal(0);
    const denied = await failure(send(busEntry, {}));
    expect(denied.name).to.equal("AccessDeniedException");
    expect(denied.message).to.match(
      /not authorized to perform: events:PutEvents on resource: .*event-bus\/default because/,
    );
    client.destroy();
  });

  it("admits another account for what the bus policy says, under that account's number", async () => {
    await declareRule(world, "audit");
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::210987654321:root" },
          Action: "events:PutEvents",
          Resource: busArn("events"),
          Condition: { StringEquals: { "events:source": "signal9.test", "events:detail-type": "tested" } },
        },
      ],
    });
    await world.declare("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "p", { eventBusName: "events", policy });
    const { accessKeyId, secretAccessKey } = world.cloud.issueCredentials(externalAccount("210987654321"));
    const partner = new EventBridgeClient({ ...world.client, credentials: { accessKeyId, secretAccessKey } });
    const send = (entry: object) =>
      partner.send(new PutEventsCommand({ Entries: [{ ...anEntry, EventBusName: busArn("events"), ...entry }] }));
    await send({});
    expect((await failure(send({ Source: "signal9.other" }))).name).to.equal("AccessDeniedException");
    expect((await failure(send({ DetailType: "other" }))).name).to.equal("AccessDeniedException");
    await world.settle();
    expect(world.messagesTo("audit").map(({ body }) => JSON.parse(body).account)).to.deep.equal(["210987654321"]);
    partner.destroy();
  });

  it("answers entry by entry, and takes events for a bus that does not exist, as AWS does", async () => {
    const { FailedEntryCount, Entries = [] } = await world.put({ Detail: "no" }, { EventBusName: "nowhere" });
    expect(FailedEntryCount).to.equal(1);
    expect(Entries[0]).to.deep.equal({ ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." });
    expect(Entries[1]?.EventId).to.be.a("string");
    expect(world.cloud.trace.of("c-1").map(({ outcome }) => outcome)).to.include("lost: there is no such event bus");
  });

  it("refuses a request as a whole with AWS's code", async () => {
    const error = await failure(world.events.send(new PutEventsCommand({ Entries: [] })));
    expect(error.name).to.equal("ValidationException");
    expect(error.message).to.contain("Member must have length greater than or equal to 1");
  });

  it("fails a part of the entries when told to, and meters only the others", async () => {
    await declareRule(world, "audit");
    world.cloud.faults.inject({ kind: "partialFailure", service: "events", operation: "PutEvents", times: 2 });
    for (const _ of [1, 2]) {
      const before = world.messagesTo("audit").length;
      const { FailedEntryCount = 0, Entries = [] } = await world.put(...Array(10).fill(busEntry));
      expect(FailedEntryCount).to.be.within(1, 9);
      expect(Entries.filter(({ ErrorCode }) => ErrorCode === "ThrottlingException")).to.have.length(FailedEntryCount);
      await world.settle();
      expect(world.messagesTo("audit").length - before).to.equal(10 - FailedEntryCount);
    }
    expect((await world.put(busEntry)).FailedEntryCount).to.equal(0);
  });

  it("meters an event for each 64 KB of it", async () => {
    await world.put({}, { Detail: JSON.stringify({ text: "x".repeat(65_536) }) });
    expect(world.cloud.meter.bill().lines).to.deep.include({ what: "eventbridge event", amount: 3, dollars: 3e-6 });
  });

  it("puts the events of AWS's own services on the default bus", async () => {
    await declareRule(world, "alarms", { bus: "default", rule: { eventPattern: '{"source":["aws.cloudwatch"]}' } });
    world.bridge.emit({ source: "aws.cloudwatch", detailType: "Alarm", resources: ["arn:alarm"], detail: { a: 1 } });
    await world.settle();
    const [message] = world.messagesTo("alarms");
    expect(JSON.parse(message?.body ?? "")).to.deep.include({ source: "aws.cloudwatch", resources: ["arn:alarm"] });
    const [metric] = world.metrics;
    expect(metric).to.deep.equal({
      namespace: "AWS/Events",
      name: "MatchedEvents",
      dimensions: { RuleName: "alarms" },
      timestamp: startsAt,
      values: [1],
      counts: [1],
      unit: "Count",
    });
  });
});

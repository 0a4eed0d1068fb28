import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DisableRuleCommand, EnableRuleCommand, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetCommand, PutCommand, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { Clients } from "../../../commands/start/clients";
import { readDeadLetters, redrive } from "../../../commands/start/deadLetters";
import type { Signal9Outputs } from "../../../infra/outputs";
import type { EmbeddedCloud } from "../../../local/embedded";
import { compilePolicy } from "../../../local/iam/policy";
import { sharedCloud } from "./sharedCloud";

const calendar = "signal9-dev-earnings-calendar";
const role = "signal9-dev-mark-earnings-processed";
const day = "2026-10-29";
const minute = 60_000;
const sweeper = "signal9-dev-outbox-sweeper";

describe("the whole program on the embedded cloud", function () {
  this.timeout(30_000);
  let up: EmbeddedCloud;
  let clients: Clients;
  let outputs: Signal9Outputs;

  before(async () => {
    const shared = await sharedCloud();
    ({ up, clients, outputs } = shared);
    await shared.newDay();
    await clients.eventBridge.send(new EnableRuleCommand({ Name: sweeper }));
  });
  // The other suites turn the clock for hours: nothing shall run by it that they do not ask for.
  after(() => clients.eventBridge.send(new DisableRuleCommand({ Name: sweeper })));
  afterEach(async () => {
    up.cloud.faults.clear();
    await up.settle();
    await up.reset();
  });

  const expectReport = (asset: string) =>
    clients.dynamodb.send(
      new PutCommand({
        TableName: calendar,
        Item: { asset_id: `ASSET#${asset}`, earnings_date: day, status: "scheduled", version: 1, source_time: 0 },
      }),
    );
  const tell = (asset: string, more: Record<string, unknown> = {}) =>
    clients.eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: outputs.bus.name,
            Source: "signal9.advisor",
            DetailType: "earningsProcessed",
            Detail: JSON.stringify({
              eventId: `event-${asset}`,
              correlationId: `flow-${asset}`,
              assetId: asset,
              earningsDate: day,
              ...more,
            }),
          },
        ],
      }),
    );
  const entry = async (asset: string) =>
    (
      await clients.dynamodb.send(
        new GetCommand({ TableName: calendar, Key: { asset_id: `ASSET#${asset}`, earnings_date: day } }),
      )
    ).Item;
  const changes = async (asset: string) =>
    (
      await clients.dynamodb.send(
        new QueryCommand({
          TableName: outputs.tables.eventStore.name,
          IndexName: "by-entity",
          KeyConditionExpression: "entity = :entity",
          ExpressionAttributeValues: { ":entity": `EARNINGS#${asset}#${day}` },
        }),
      )
    ).Items ?? [];
  const logLines = async (functionName: string) =>
    (
      (await clients.logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` }))).events ??
      []
    ).map(({ message = "" }) => JSON.parse(message) as Record<string, unknown>);
  const alarmState = (name: string) =>
    up.services.cloudWatch.alarms().find((alarm) => alarm.name === `signal9-dev-${name}`)?.state;

  it("tells the whole way of an event by its correlation id", async () => {
    await expectReport("AAPL");
    await tell("AAPL");
    await up.idle();
    expect(await entry("AAPL")).to.include({ status: "processed", processed_event_id: "event-AAPL" });
    const steps = up.cloud.trace.of("flow-AAPL").map(({ service, operation }) => `${service}:${operation}`);
    expect(steps).to.include.members(["events:PutEvents", "events:Deliver", "dynamodb:TransactWriteItems"]);
  });

  it("fires a schedule when asked, and when the clock is turned past it", async () => {
    const runs = async () =>
      (await logLines("signal9-dev-outbox-sweeper")).filter(({ message }) => message === "swept the outbox").length;
    up.services.eventBridge.fire(sweeper);
    await up.idle();
    expect(await runs()).to.equal(1);
    await up.turn(11 * minute);
    expect(await runs()).to.be.within(3, 4);
  });

  it("handles an event once through throttling, a lost answer, and copies at the same moment", async () => {
    await expectReport("MSFT");
    const throttle = up.cloud.faults.inject({
      kind: "throttle",
      service: "dynamodb",
      operation: "GetItem",
      caller: role,
      times: 1,
    });
    const lost = up.cloud.faults.inject({
      kind: "lostAnswer",
      service: "dynamodb",
      operation: "TransactWriteItems",
      times: 1,
    });
    await Promise.all([tell("MSFT"), tell("MSFT"), tell("MSFT")]);
    await up.settle();
    expect([throttle.hits(), lost.hits()]).to.deep.equal([1, 1]);
    expect(await entry("MSFT")).to.include({ status: "processed", version: 2 });
    expect(await changes("MSFT")).to.have.length(1);
    expect(await readDeadLetters(clients, outputs)).to.deep.equal([]);
  });

  it("has an event's effect once when the function dies after it", async () => {
    await expectReport("IBM");
    const crash = up.cloud.faults.inject({
      kind: "crash",
      service: "lambda",
      operation: "Invoke",
      caller: role,
      times: 1,
    });
    await tell("IBM");
    await up.settle();
    expect(crash.hits()).to.equal(1);
    expect(await changes("IBM")).to.have.length(1);
    const outcomes = (await logLines(role))
      .filter(({ message }) => message === "handled")
      .map(({ outcome }) => outcome);
    expect(outcomes).to.deep.equal(["processed", "duplicate"]);
  });

  it("keeps an event through a missing permission: alarm, three deliveries, dead letter, and a redrive that works", async () => {
    await expectReport("GOOG");
    const arn = `arn:aws:iam::123456789012:role/${role}`;
    const taken = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Action: "dynamodb:PutItem", Resource: outputs.tables.eventStore.arn }],
    };
    up.cloud.putRolePolicy(arn, "taken", compilePolicy(taken, { name: "taken", kind: "identity" }));
    await tell("GOOG");
    await up.settle();
    expect(await entry("GOOG")).to.include({ status: "scheduled" });
    const denied = (await logLines(role)).filter(({ kind }) => kind === "Permission");
    expect(denied).to.have.length(3);
    expect(denied[0]?.["reason"])
      .to.include(`assumed-role/${role}/`)
      .and.include("dynamodb:PutItem")
      .and.include("event-store");
    expect(await readDeadLetters(clients, outputs)).to.have.length(1);
    await up.turn(2 * minute);
    expect(alarmState("mark-earnings-processed-denied")).to.equal("ALARM");
    const allowed = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "logs:PutLogEvents",
          Resource: "arn:aws:logs:us-east-1:123456789012:log-group:none",
        },
      ],
    };
    up.cloud.putRolePolicy(arn, "taken", compilePolicy(allowed, { name: "taken", kind: "identity" }));
    await up.turn(2 * minute);
    await redrive(clients, outputs, () => up.cloud.clock.now());
    await redrive(clients, outputs, () => up.cloud.clock.now()).catch(() => undefined);
    await up.settle();
    expect(await entry("GOOG")).to.include({ status: "processed", version: 2 });
    expect(await changes("GOOG")).to.have.length(1);
    await up.turn(30 * minute);
    expect(alarmState("mark-earnings-processed-denied")).to.equal("OK");
  });

  it("publishes after a failed PutEvents what is pending, by the sweeper's next run", async () => {
    const detail = JSON.stringify({ eventId: "pending-1", assetId: "NONE", earningsDate: day });
    await clients.dynamodb.send(
      new PutCommand({
        TableName: outputs.tables.eventStore.name,
        Item: {
          event_id: "pending-1",
          event_type: "earningsProcessed",
          source: "signal9.advisor",
          detail,
          occurred_at: new Date(up.cloud.clock.now() - 10 * minute).toISOString(),
          status: "pending",
          outbox: "PENDING#3",
        },
      }),
    );
    const refused = up.cloud.faults.inject({
      kind: "serverError",
      service: "events",
      operation: "PutEvents",
      times: 1,
    });
    await up.turn(6 * minute);
    await up.settle();
    expect(refused.hits()).to.equal(1);
    const stored =
      (await clients.dynamodb.send(new ScanCommand({ TableName: outputs.tables.eventStore.name }))).Items ?? [];
    expect(stored.find(({ event_id }) => event_id === "pending-1")).to.include({ status: "published" });
    expect((await readDeadLetters(clients, outputs))[0]?.reason).to.include("not in the earnings calendar of NONE");
  });

  it("forgets all data on reset, and bills what was done", async () => {
    await expectReport("AMZN");
    await tell("AMZN");
    await up.idle();
    const what = up.cloud.meter.bill().lines.map((line) => line.what);
    expect(what).to.include.members([
      "lambda GB-second",
      "lambda request",
      "sqs request",
      "eventbridge event",
      "dynamodb write unit",
    ]);
    await up.reset();
    expect(await entry("AMZN")).to.equal(undefined);
    expect(up.cloud.meter.bill().lines.filter((line) => line.what !== "dynamodb read unit")).to.deep.equal([]);
  });
});

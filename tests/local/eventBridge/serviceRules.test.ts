import {
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { externalAccount } from "../../../local/iam/principal";
import { busArn, declareRule, type EventBridgeWorld, failure, queueArn, ruleArn, startWorld } from "./serviceWorld";

const EventBusName = "events";
const EventPattern = '{"source":["signal9.test"]}';

describe("EventBridge on the embedded cloud: buses, rules and targets", () => {
  let world: EventBridgeWorld;
  let send: EventBridgeClient["send"];

  beforeEach(async () => {
    world = await startWorld();
    send = world.events.send.bind(world.events);
    await world.declare("aws:cloudwatch/eventBus:EventBus", "events", { name: "events", description: "all" });
  });
  afterEach(() => world.close());

  it("realises what is declared under AWS's ids and ARNs", async () => {
    const bus = await world.declare("aws:cloudwatch/eventBus:EventBus", "unnamed", {});
    expect(bus).to.deep.equal({ id: "unnamed", outputs: { name: "unnamed", arn: busArn("unnamed") } });
    const rule = { name: "audit", eventBusName: EventBusName, eventPattern: EventPattern };
    expect(await world.declare("aws:cloudwatch/eventRule:EventRule", "r", rule)).to.deep.equal({
      id: "audit",
      outputs: { ...rule, arn: ruleArn("events/audit") },
    });
    const scheduled = await world.declare("aws:cloudwatch/eventRule:EventRule", "s", {
      scheduleExpression: "rate(1 day)",
    });
    expect(scheduled.outputs).to.include({ name: "s", arn: ruleArn("s"), eventBusName: "default" });
    const target = { rule: "audit", eventBusName: EventBusName, arn: queueArn("q"), targetId: "to" };
    expect(await world.declare("aws:cloudwatch/eventTarget:EventTarget", "t", target)).to.deep.equal({
      id: "events-audit-to",
      outputs: target,
    });
    expect(world.bridge.buses().find(({ name }) => name === "events")?.rules).to.deep.equal([
      { name: "audit", arn: ruleArn("events/audit"), enabled: true, targets: [queueArn("q")] },
    ]);
  });

  it("refuses by name what is declared and not supported", async () => {
    const refused: [type: string, inputs: Record<string, unknown>, reason: string][] = [
      [
        "aws:cloudwatch/eventBus:EventBus",
        { logConfig: {} },
        "property logConfig is not supported by the embedded cloud",
      ],
      ["aws:cloudwatch/eventBus:EventBus", { name: "events" }, "Event bus events already exists."],
      ["aws:cloudwatch/eventBus:EventBus", { name: "a b" }, "is no name of an event bus"],
      [
        "aws:cloudwatch/eventRule:EventRule",
        { roleArn: "arn" },
        "property roleArn is not supported by the embedded cloud",
      ],
      ["aws:cloudwatch/eventRule:EventRule", { name: 1 }, "property name: "],
      ["aws:cloudwatch/eventRule:EventRule", { eventPattern: "{" }, "Event pattern is not valid"],
      ["aws:cloudwatch/eventRule:EventRule", {}, "EventPattern or ScheduleExpression must be specified."],
      [
        "aws:cloudwatch/eventRule:EventRule",
        { eventBusName: "events", scheduleExpression: "rate(1 day)" },
        "ScheduleExpression is supported only on the default event bus.",
      ],
      [
        "aws:cloudwatch/eventRule:EventRule",
        { name: "a b", eventPattern: EventPattern },
        "Parameter Name is not valid",
      ],
      ["aws:cloudwatch/eventRule:EventRule", { state: "ODD", eventPattern: EventPattern }, "the state ODD of a rule"],
      [
        "aws:cloudwatch/eventTarget:EventTarget",
        { arn: queueArn("q"), rule: "none" },
        "Rule none does not exist on EventBus default.",
      ],
      [
        "aws:cloudwatch/eventTarget:EventTarget",
        { arn: "a", rule: "r", roleArn: "x" },
        "property roleArn is not supported",
      ],
      [
        "aws:cloudwatch/eventTarget:EventTarget",
        { arn: "a", rule: "r", retryPolicy: { odd: 1 } },
        "property retryPolicy.odd is",
      ],
      ["aws:cloudwatch/eventBusPolicy:EventBusPolicy", { policy: "{}" }, "Version"],
    ];
    for (const [type, inputs, reason] of refused) {
      const error = await failure(world.declare(type, "odd", inputs));
      expect(error.message).to.contain(`${type} odd: `).and.contain(reason);
    }
    const statement = { Effect: "Deny", Principal: "*", Action: "events:*", Resource: busArn("events") };
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ ...statement, Condition: { StringEquals: { "aws:VpcSourceIp": "1" } } }],
    });
    expect(
      (await failure(world.declare("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "p", { policy }))).message,
    ).to.contain("condition key aws:vpcsourceip is not supported");
  });

  it("refuses targets that AWS refuses, and those that are not supported", async () => {
    await declareRule(world, "audit");
    const refused: [target: Record<string, unknown>, reason: string][] = [
      [{ arn: "queue" }, "Provided Arn is not in correct format."],
      [{ arn: "arn:aws:kinesis:us-east-1:123456789012:stream/s" }, "does not support the target arn:aws:kinesis"],
      [{ arn: queueArn("q.fifo") }, "Parameter(s) SqsParameters must be specified for target: to."],
      [{ arn: busArn("default"), input: "{}" }, "an input of target to, which is an event bus"],
      [{ deadLetterConfig: { arn: queueArn("q.fifo") } }, "It must be a standard SQS queue."],
      [{ retryPolicy: { maximumRetryAttempts: 186 } }, "Parameter RetryPolicy.MaximumRetryAttempts is not valid"],
      [{ input: "{" }, "JSON syntax error in input for target to."],
    ];
    for (const [target, reason] of refused) {
      expect((await failure(declareRule(world, "odd", { target }))).message).to.contain(reason);
    }
  });

  it("describes and lists buses, page by page", async () => {
    await world.declare("aws:cloudwatch/eventBus:EventBus", "more", { name: "more" });
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "events:PutEvents", Resource: busArn("events") }],
    });
    await world.declare("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "p", { eventBusName: "events", policy });
    const described = await send(new DescribeEventBusCommand({ Name: busArn("events") }));
    expect(described).to.deep.include({ Name: "events", Arn: busArn("events"), Description: "all", Policy: policy });
    expect((await send(new DescribeEventBusCommand({}))).Name).to.equal("default");
    const first = await send(new ListEventBusesCommand({ Limit: 2 }));
    const second = await send(new ListEventBusesCommand({ Limit: 2, NextToken: first.NextToken }));
    const names = [...(first.EventBuses ?? []), ...(second.EventBuses ?? [])].map(({ Name }) => Name);
    expect(names).to.deep.equal(["default", "events", "more"]);
    expect(second.NextToken).to.equal(undefined);
    const missing = await failure(send(new DescribeEventBusCommand({ Name: "none" })));
    expect(missing).to.include({ name: "ResourceNotFoundException", message: "Event bus none does not exist." });
    expect((await failure(send(new ListEventBusesCommand({ NextToken: "odd" })))).name).to.equal("ValidationException");
  });

  it("makes, describes, lists, disables and deletes rules over the wire", async () => {
    const made = await send(new PutRuleCommand({ Name: "wired", EventBusName, EventPattern, Description: "d" }));
    expect(made.RuleArn).to.equal(ruleArn("events/wired"));
    await send(
      new PutTargetsCommand({
        Rule: "wired",
        EventBusName,
        Targets: [{ Id: "one", Arn: queueArn("wired"), RetryPolicy: { MaximumRetryAttempts: 1 } }],
      }),
    );
    await send(new DisableRuleCommand({ Name: "wired", EventBusName }));
    await world.put({ EventBusName });
    await world.settle();
    expect(world.messagesTo("wired")).to.have.length(0);
    const described = await send(new DescribeRuleCommand({ Name: "wired", EventBusName }));
    expect(described).to.deep.include({ State: "DISABLED", EventPattern, Description: "d", CreatedBy: "123456789012" });
    await send(new EnableRuleCommand({ Name: "wired", EventBusName }));
    await world.put({ EventBusName });
    await world.settle();
    expect(world.messagesTo("wired")).to.have.length(1);
    const { Rules = [] } = await send(new ListRulesCommand({ EventBusName, NamePrefix: "wi" }));
    expect(Rules.map(({ Name, State }) => [Name, State])).to.deep.equal([["wired", "ENABLED"]]);
    const byTarget = await send(new ListRuleNamesByTargetCommand({ EventBusName, TargetArn: queueArn("wired") }));
    expect(byTarget.RuleNames).to.deep.equal(["wired"]);
    const { Targets } = await send(new ListTargetsByRuleCommand({ Rule: "wired", EventBusName }));
    expect(Targets).to.deep.equal([{ Id: "one", Arn: queueArn("wired"), RetryPolicy: { MaximumRetryAttempts: 1 } }]);
    const early = await failure(send(new DeleteRuleCommand({ Name: "wired", EventBusName })));
    expect(early.message).to.equal("Rule can't be deleted since it has targets.");
    await send(new RemoveTargetsCommand({ Rule: "wired", EventBusName, Ids: ["one"] }));
    await send(new DeleteRuleCommand({ Name: "wired", EventBusName }));
    await send(new DeleteRuleCommand({ Name: "wired", EventBusName }));
    const gone = await failure(send(new DescribeRuleCommand({ Name: "wired", EventBusName })));
    expect(gone).to.include({
      name: "ResourceNotFoundException",
      message: "Rule wired does not exist on EventBus events.",
    });
  });

  it("refuses what AWS refuses of rules and targets, and parameters it does not know by name", async () => {
    const many = Array.from({ length: 6 }, (_, n) => ({ Id: `t${n}`, Arn: queueArn("q") }));
    await send(new PutRuleCommand({ Name: "r", EventPattern }));
    expect((await failure(send(new PutTargetsCommand({ Rule: "r", Targets: many })))).name).to.equal(
      "LimitExceededException",
    );
    const role = await failure(send(new PutRuleCommand({ Name: "r", EventPattern, RoleArn: "arn:aws:iam::1:role/r" })));
    expect(role).to.include({ name: "NotImplemented" });
    expect(role.message).to.contain("parameter RoleArn of events:PutRule");
    const [first] = many;
    const target = { ...first, SqsParameters: { MessageGroupId: "g" } } as never;
    const odd = await failure(send(new PutTargetsCommand({ Rule: "r", Targets: [target] })));
    expect(odd.message).to.contain("parameter Targets.0.SqsParameters of events:PutTargets");
    const unnamed = await failure(send(new PutRuleCommand({ Name: undefined, EventPattern })));
    expect(unnamed.message).to.contain("Value null at 'name' failed to satisfy constraint: Member must not be null");
    const wrong = await failure(send(new PutRuleCommand({ Name: "r", EventPattern: 1 as never })));
    expect(wrong).to.include({ name: "SerializationException", message: "EventPattern must be string" });
  });

  it("tests patterns", async () => {
    const Event = JSON.stringify({
      id: "1",
      account: "1",
      source: "signal9.test",
      time: "2026-01-01T00:00:00Z",
      region: "us-east-1",
      resources: [],
      "detail-type": "x",
    });
    expect((await send(new TestEventPatternCommand({ EventPattern, Event }))).Result).to.equal(true);
    const error = await failure(send(new TestEventPatternCommand({ EventPattern: '{"a":1}', Event })));
    expect(error.name).to.equal("InvalidEventPatternException");
  });

  it("lets a role do to a rule only what it may", async () => {
    await declareRule(world, "ours");
    const client = new EventBridgeClient(
      world.asRole([{ Action: "events:DescribeRule", Resource: ruleArn("events/ours") }]),
    );
    expect((await client.send(new DescribeRuleCommand({ Name: "ours", EventBusName }))).Name).to.equal("ours");
    const denied = await failure(client.send(new DisableRuleCommand({ Name: "ours", EventBusName })));
    expect(denied.name).to.equal("AccessDeniedException");
    client.destroy();
  });

  it("lets a partner that the bus policy admits change rules of its own, and no others", async () => {
    await declareRule(world, "ours");
    const statement = {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::210987654321:root" },
      Action: ["events:PutRule", "events:DescribeRule", "events:DeleteRule"],
      Resource: ruleArn("events/*"),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable, not a template
      Condition: { StringEqualsIfExists: { "events:creatorAccount": "${aws:PrincipalAccount}" } },
    };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await world.declare("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "p", { eventBusName: "events", policy });
    const { accessKeyId, secretAccessKey } = world.cloud.issueCredentials(externalAccount("210987654321"));
    const partner = new EventBridgeClient({ ...world.client, credentials: { accessKeyId, secretAccessKey } });
    const theirs = { Name: "theirs", EventBusName: busArn("events") };
    expect((await partner.send(new PutRuleCommand({ ...theirs, EventPattern }))).RuleArn).to.equal(
      ruleArn("events/theirs"),
    );
    expect((await partner.send(new DescribeRuleCommand(theirs))).CreatedBy).to.equal("210987654321");
    const denied = await failure(partner.send(new PutRuleCommand({ ...theirs, Name: "ours", EventPattern })));
    expect(denied.name).to.equal("AccessDeniedException");
    expect((await failure(partner.send(new DescribeEventBusCommand({ Name: busArn("events") })))).name).to.equal(
      "AccessDeniedException",
    );
    partner.destroy();
  });

  it("goes by the default bus where none is named", async () => {
    await declareRule(world, "plain", { bus: "default" });
    const { Rules = [] } = await send(new ListRulesCommand({}));
    expect(Rules.map(({ Arn, EventBusName: bus }) => [Arn, bus])).to.deep.equal([[ruleArn("plain"), "default"]]);
    const nowhere = await failure(send(new DescribeRuleCommand({ Name: "plain", EventBusName: "none" })));
    expect(nowhere.message).to.equal("Event bus none does not exist.");
  });
});

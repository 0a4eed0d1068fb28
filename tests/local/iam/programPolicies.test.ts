import { expect } from "chai";
import type { Resource } from "../../../local/engine/program";
import type { Facts } from "../../../local/iam/context";
import { decide } from "../../../local/iam/decide";
import { type CompiledPolicy, compilePolicy } from "../../../local/iam/policy";
import { externalAccount, type Principal, roleSession, service } from "../../../local/iam/principal";
import type { PolicyKind } from "../../../local/iam/statement";
import { programOf } from "../../infra/program";
import { account, partner } from "./world";

interface Written {
  resource: Resource;
  policy: CompiledPolicy;
}

const kindOf = (type: string, element: string): PolicyKind => {
  if (element === "assumeRolePolicy") return "trust";
  return type.startsWith("aws:iam/") ? "identity" : "resource";
};

const writtenIn = (resource: Resource): Written[] =>
  Object.entries(resource.inputs)
    .filter(([, value]) => typeof value === "string" && value.includes('"Statement":'))
    .map(([element, text]) => ({
      resource,
      policy: compilePolicy(text, { name: resource.name, kind: kindOf(resource.type, element) }),
    }));

const arn = (service: string, rest: string): string => `arn:aws:${service}:us-east-1:${account}:${rest}`;
const name = "mark-earnings-processed";
const roleOfName = `arn:aws:iam::${account}:role/signal9-dev-${name}`;
const queue = arn("sqs", `signal9-dev-${name}`);
const topic = arn("sns", "signal9-dev-alarms");
const bus = arn("events", "event-bus/signal9-dev-events");
const rule = arn("events", `rule/signal9-dev-events/signal9-dev-${name}`);

describe("the program's policies", () => {
  let written: Written[] = [];
  const policyOf = (type: string, label: string): CompiledPolicy => {
    const found = written.find(({ resource }) => resource.type === type && resource.name === label);
    if (!found) throw new Error(`the program has no policy of ${type} ${label}`);
    return found.policy;
  };
  const may = (
    principal: Principal,
    action: string,
    resource: string,
    policy?: CompiledPolicy,
    context: Facts = {},
  ): boolean =>
    decide(
      { principal, action, resource, context: { "aws:SecureTransport": "true", ...context } },
      { identity: [policyOf("aws:iam/rolePolicy:RolePolicy", name)], resource: policy, sameAccount: true },
    ).allowed;

  before("are understood, every one", async () => {
    const run = await programOf({ stack: "dev", settings: { "signal9:partnerAccounts": JSON.stringify([partner]) } });
    written = run.resources.flatMap(writtenIn);
  });

  it("are of every kind", () => {
    expect(new Set(written.map(({ policy }) => policy.kind))).to.deep.equal(new Set(["identity", "resource", "trust"]));
  });

  it("depend on no key that neither callers nor requests bring", () => {
    const brought = [
      "aws:principalaccount",
      "aws:securetransport",
      "aws:sourceaccount",
      "aws:sourcearn",
      "events:creatoraccount",
      "events:source",
    ];
    const asked = new Set(written.flatMap(({ policy }) => [...policy.keys]));
    expect([...asked].filter((key) => !brought.includes(key))).to.deep.equal([]);
  });

  it("let a function do what it needs, and no more", () => {
    const role = roleSession(roleOfName, "1");
    const onQueue = policyOf("aws:sqs/queuePolicy:QueuePolicy", name);
    expect(may(role, "sqs:ReceiveMessage", queue, onQueue)).to.equal(true);
    expect(may(role, "sqs:ReceiveMessage", queue, onQueue, { "aws:SecureTransport": "false" })).to.equal(false);
    expect(may(role, "sqs:PurgeQueue", queue, onQueue)).to.equal(false);
    expect(may(role, "dynamodb:PutItem", arn("dynamodb", "table/signal9-dev-event-store"))).to.equal(true);
    expect(may(role, "dynamodb:DeleteTable", arn("dynamodb", "table/signal9-dev-event-store"))).to.equal(false);
    expect(may(role, "xray:PutTraceSegments", "*")).to.equal(true);
    const group = arn("logs", `log-group:/aws/lambda/signal9-dev-${name}`);
    expect(may(role, "logs:PutLogEvents", `${group}:log-stream:1`)).to.equal(true);
    expect(may(role, "logs:PutLogEvents", `${group}-2:log-stream:1`)).to.equal(false);
  });

  it("let the rule send to its queue, and no other", () => {
    const onQueue = policyOf("aws:sqs/queuePolicy:QueuePolicy", name);
    const maySend = (from: string, sourceArn: string): boolean =>
      may(service(from, { sourceArn, sourceAccount: account }), "sqs:SendMessage", queue, onQueue);
    expect(maySend("events.amazonaws.com", rule)).to.equal(true);
    expect(maySend("events.amazonaws.com", `${rule}-2`)).to.equal(false);
    expect(maySend("sns.amazonaws.com", rule)).to.equal(false);
  });

  it("let alarms through topic and key, of this account only", () => {
    const onTopic = policyOf("aws:sns/topicPolicy:TopicPolicy", "alarms");
    const [onKey] = written.flatMap(({ resource, policy }) => (resource.type === "aws:kms/key:Key" ? [policy] : []));
    const key = arn("kms", "key/1");
    const ours = service("cloudwatch.amazonaws.com", { sourceAccount: account });
    const theirs = service("cloudwatch.amazonaws.com", { sourceAccount: partner });
    expect(may(ours, "sns:Publish", topic, onTopic)).to.equal(true);
    expect(may(theirs, "sns:Publish", topic, onTopic)).to.equal(false);
    expect(may(ours, "kms:GenerateDataKeyWithoutPlaintext", key, onKey)).to.equal(true);
    expect(may(ours, "kms:ScheduleKeyDeletion", key, onKey)).to.equal(false);
  });

  it("let partners publish our events, and keep rules of their own on the bus", () => {
    const onBus = policyOf("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "events-partners");
    const team = externalAccount(partner);
    const ours = { "events:source": "signal9.advisor" };
    const theirRule = `${bus.replace(":event-bus/", ":rule/")}/theirs`;
    expect(may(team, "events:PutEvents", bus, onBus, ours)).to.equal(true);
    expect(may(team, "events:PutEvents", bus, onBus, { "events:source": "other" })).to.equal(false);
    // What happened in somebody's books is only the ledger's to say.
    expect(may(team, "events:PutEvents", bus, onBus, { "events:source": "signal9.ledger" })).to.equal(false);
    expect(may(externalAccount("999999999999"), "events:PutEvents", bus, onBus, ours)).to.equal(false);
    const mayMake = (context: Facts) => may(team, "events:PutRule", theirRule, onBus, context);
    expect(mayMake(ours)).to.equal(true);
    expect(mayMake({ ...ours, "events:creatorAccount": partner })).to.equal(true);
    expect(mayMake({ ...ours, "events:creatorAccount": account })).to.equal(false);
    // Nor are they to hear it, be it by a rule that names no source at all.
    expect(mayMake({ "events:source": "signal9.ledger" })).to.equal(false);
    expect(mayMake({})).to.equal(false);
    expect(may(team, "events:PutTargets", theirRule, onBus)).to.equal(true);
    expect(may(team, "events:PutTargets", theirRule, onBus, { "events:creatorAccount": account })).to.equal(false);
  });

  it("let Lambda, and nobody else, assume a function's role", () => {
    const trust = policyOf("aws:iam/role:Role", name);
    expect(may(service("lambda.amazonaws.com"), "sts:AssumeRole", roleOfName, trust)).to.equal(true);
    expect(may(service("events.amazonaws.com"), "sts:AssumeRole", roleOfName, trust)).to.equal(false);
    expect(may(roleSession(roleOfName, "1"), "sts:AssumeRole", roleOfName, trust)).to.equal(false);
  });
});

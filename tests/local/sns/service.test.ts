import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect } from "chai";
import type { Message } from "../../../local/cloud/cloud";
import { service } from "../../../local/iam/principal";
import { createKms } from "../../../local/kms/service";
import { createSns, type Sns } from "../../../local/sns/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { failure } from "./world";

const site = "us-east-1:123456789012";
const queue = `arn:aws:sqs:${site}:inbox`;
const fn = `arn:aws:lambda:${site}:function:listener`;
const alarm = service("cloudwatch.amazonaws.com", {
  sourceArn: `arn:aws:cloudwatch:${site}:alarm:a`,
  sourceAccount: "123456789012",
});

const allow = (principal: string, action: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: principal }, Action: action, Resource: "*" }],
  });

describe("SNS on the embedded cloud", () => {
  let world: TestCloud;
  let sns: Sns;
  let client: SNSClient;
  /** What queues and functions were handed. */
  let delivered: Message[];

  beforeEach(async () => {
    delivered = [];
    world = await startTestCloud((cloud) => {
      const kms = createKms(cloud);
      sns = createSns(cloud, { canUseKey: kms.canUseKey });
      const take = async (message: Message) => {
        delivered.push(message);
      };
      cloud.onDelivery("sqs", take);
      cloud.onDelivery("lambda", take);
      return [sns, kms];
    });
    client = new SNSClient(world.client);
  });
  afterEach(() => world.close());

  const topic = async (name: string, more: Record<string, unknown> = {}) =>
    String((await world.declare("aws:sns/topic:Topic", name, { name, ...more })).outputs["arn"]);
  const subscribe = (TopicArn: string, Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}) =>
    client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }));
  const publish = (TopicArn: string, more: object = {}) =>
    client.send(new PublishCommand({ TopicArn, Message: "hello", ...more }));
  it("brings a message to every subscriber in the form it asked for", async () => {
    const arn = await topic("news");
    await subscribe(arn, "sqs", queue);
    await subscribe(arn, "sqs", `${queue}-raw`, { RawMessageDelivery: "true" });
    await subscribe(arn, "lambda", fn);
    await subscribe(arn, "email", "someone@example.com");
    const { MessageId } = await publish(arn, {
      Subject: "Greeting",
      MessageAttributes: { kind: { DataType: "String", StringValue: "a" } },
    });
    await world.cloud.activity.idle();
    const byTarget = new Map(delivered.map((message) => [message.to, message]));
    const wrapped = JSON.parse(byTarget.get(queue)?.body ?? "") as Record<string, unknown>;
    expect(wrapped).to.include({
      Type: "Notification",
      MessageId,
      TopicArn: arn,
      Subject: "Greeting",
      Message: "hello",
    });
    expect(wrapped["MessageAttributes"]).to.deep.equal({ kind: { Type: "String", Value: "a" } });
    expect(byTarget.get(`${queue}-raw`)).to.deep.include({
      body: "hello",
      messageAttributes: { kind: { DataType: "String", StringValue: "a" } },
    });
    const [event] = (
      JSON.parse(byTarget.get(fn)?.body ?? "") as { Records: { EventSource: string; Sns: { Message: string } }[] }
    ).Records;
    expect([event?.EventSource, event?.Sns.Message]).to.deep.equal(["aws:sns", "hello"]);
    expect(sns.mailbox()).to.have.length(1);
    expect(sns.mailbox()[0]).to.include({
      to: "someone@example.com",
      subject: "Greeting",
      text: "hello",
      topicArn: arn,
    });
    expect(byTarget.get(queue)?.from.facts["aws:SourceArn"]).to.equal(arn);
    await sns.reset();
    expect(sns.mailbox()).to.deep.equal([]);
  });

  it("filters by attributes or by the body", async () => {
    const arn = await topic("filtered");
    await subscribe(arn, "sqs", queue, {
      FilterPolicy: JSON.stringify({ kind: ["a"], size: [{ numeric: [">", 5] }] }),
    });
    await subscribe(arn, "sqs", `${queue}-body`, {
      FilterPolicy: JSON.stringify({ deep: { kind: [{ prefix: "x" }] } }),
      FilterPolicyScope: "MessageBody",
    });
    const attributes = (kind: string, size: string) => ({
      MessageAttributes: {
        kind: { DataType: "String", StringValue: kind },
        size: { DataType: "Number", StringValue: size },
      },
    });
    await publish(arn, { ...attributes("a", "9"), Message: "first" });
    await publish(arn, { ...attributes("a", "3"), Message: JSON.stringify({ deep: { kind: "xy" } }) });
    await publish(arn, { ...attributes("b", "9"), Message: "third" });
    await world.cloud.activity.idle();
    expect(delivered.map(({ to }) => to)).to.deep.equal([queue, `${queue}-body`]);
  });

  it("asks the topic's policy, and its key's, whether a service may publish", async () => {
    const arn = await topic("guarded");
    const deliver = () =>
      world.cloud.deliver({ to: arn, body: "alarm", from: alarm, attributes: { Subject: "ALARM" } });
    expect((await failure(deliver())).message).to.equal(
      `User: cloudwatch.amazonaws.com is not authorized to perform: SNS:Publish on resource: ${arn} because no resource-based policy allows the SNS:Publish action`,
    );
    await world.declare("aws:sns/topicPolicy:TopicPolicy", "guarded", {
      arn,
      policy: allow("cloudwatch.amazonaws.com", "sns:Publish"),
    });
    await world.declare("aws:sns/topicSubscription:TopicSubscription", "mail", {
      topic: arn,
      protocol: "email",
      endpoint: "oncall@example.com",
    });
    await deliver();
    expect(sns.mailbox()[0]).to.include({ subject: "ALARM", text: "alarm" });
    const closed = await world.declare("aws:kms/key:Key", "closed", { policy: allow("events.amazonaws.com", "kms:*") });
    const encrypted = await topic("encrypted", { kmsMasterKeyId: closed.outputs["arn"] });
    await world.declare("aws:sns/topicPolicy:TopicPolicy", "encrypted", {
      arn: encrypted,
      policy: allow("cloudwatch.amazonaws.com", "sns:Publish"),
    });
    const refused = await failure(world.cloud.deliver({ to: encrypted, body: "alarm", from: alarm }));
    expect(refused.message).to.include("cloudwatch.amazonaws.com").and.include("kms:GenerateDataKey");
  });

  it("manages topics and subscriptions", async () => {
    const { TopicArn = "" } = await client.send(new CreateTopicCommand({ Name: "made" }));
    expect((await client.send(new CreateTopicCommand({ Name: "made" }))).TopicArn).to.equal(TopicArn);
    expect((await client.send(new ListTopicsCommand({}))).Topics).to.deep.equal([{ TopicArn }]);
    const { SubscriptionArn = "" } = await subscribe(TopicArn, "sqs", queue, { FilterPolicy: '{"a":["b"]}' });
    const attributes = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(attributes.Attributes).to.include({
      Protocol: "sqs",
      Endpoint: queue,
      FilterPolicy: '{"a":["b"]}',
      RawMessageDelivery: "false",
    });
    expect((await client.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes).to.include({
      SubscriptionsConfirmed: "1",
      Owner: "123456789012",
    });
    expect((await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).to.have.length(1);
    await client.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect((await client.send(new ListSubscriptionsCommand({}))).Subscriptions ?? []).to.deep.equal([]);
    expect((await failure(client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })))).name).to.match(
      /NotFound/,
    );
  });

  it("takes attributes that are set later, and gives what was declared back on reset", async () => {
    const arn = await topic("declared", { displayName: "Declared" });
    const declared = await world.declare("aws:sns/topicSubscription:TopicSubscription", "mail", {
      topic: arn,
      protocol: "email",
      endpoint: "oncall@example.com",
    });
    const SubscriptionArn = String(declared.outputs["arn"]);
    const { TopicArn = "" } = await client.send(new CreateTopicCommand({ Name: "made" }));
    await subscribe(TopicArn, "sqs", queue);
    const set = (AttributeName: string, AttributeValue: string) =>
      client.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName, AttributeValue }));
    await set("DisplayName", "Renamed");
    await set("KmsMasterKeyId", "alias/none");
    await set("Policy", allow("events.amazonaws.com", "sns:Publish"));
    const FilterPolicy = JSON.stringify({ kind: ["a"] });
    await client.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: "FilterPolicy",
        AttributeValue: FilterPolicy,
      }),
    );
    const attributes = async () => (await client.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes;
    const filter = async () =>
      (await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes?.["FilterPolicy"];
    expect(await attributes()).to.include({
      DisplayName: "Renamed",
      KmsMasterKeyId: "alias/none",
      Policy: allow("events.amazonaws.com", "sns:Publish"),
    });
    expect(await filter()).to.equal(FilterPolicy);

    await world.reset();

    expect(await attributes())
      .to.include({ DisplayName: "Declared" })
      .and.not.to.have.any.keys("Policy", "KmsMasterKeyId");
    expect(await filter()).to.equal(undefined);
    expect((await client.send(new ListTopicsCommand({}))).Topics).to.deep.equal([{ TopicArn: arn }]);
    expect((await client.send(new ListSubscriptionsCommand({}))).Subscriptions).to.have.length(1);
  });

  it("lists by the hundred", async () => {
    for (let at = 0; at < 101; at++) await topic(`t${at}`);
    const first = await client.send(new ListTopicsCommand({}));
    const second = await client.send(new ListTopicsCommand({ NextToken: first.NextToken }));
    expect([first.Topics?.length, second.Topics?.length, second.NextToken]).to.deep.equal([100, 1, undefined]);
    expect(await failure(client.send(new ListTopicsCommand({ NextToken: "eA==" })))).to.include({
      message: "Invalid parameter: NextToken",
    });
  });

  it("takes the texts of a structure by protocol, and a batch as a whole", async () => {
    const arn = await topic("structured");
    await subscribe(arn, "sqs", queue, { RawMessageDelivery: "true" });
    await subscribe(arn, "email", "a@example.com");
    const Message = JSON.stringify({ default: "for all", email: "for mail", odd: 1 });
    await publish(arn, { Message, MessageStructure: "json" });
    await client.send(
      new PublishBatchCommand({
        TopicArn: arn,
        PublishBatchRequestEntries: [
          { Id: "a", Message, MessageStructure: "json" },
          { Id: "b", Message: "plain", Subject: "Plain" },
        ],
      }),
    );
    await world.cloud.activity.idle();
    expect(delivered.map(({ body }) => body)).to.deep.equal(["for all", "for all", "plain"]);
    expect(sns.mailbox().map(({ subject, text }) => [subject, text])).to.deep.equal([
      ["AWS Notification Message", "for mail"],
      ["AWS Notification Message", "for mail"],
      ["Plain", "plain"],
    ]);
  });

  it("lets a role publish where its policy says so", async () => {
    const arn = await topic("roles");
    const as = (Action: string) => new SNSClient(world.asRole([{ Action, Resource: arn }]));
    await as("sns:Publish").send(new PublishCommand({ TopicArn: arn, Message: "m" }));
    expect(
      (await failure(as("sns:Subscribe").send(new PublishCommand({ TopicArn: arn, Message: "m" })))).message,
    ).to.match(
      /^User: arn:aws:sts::123456789012:assumed-role\/tester-\d+\/test is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:123456789012:roles because no identity-based policy allows the SNS:Publish action$/,
    );
    const refused = await failure(as("sns:Subscribe").send(new ListTopicsCommand({})));
    expect(refused).to.include({ name: "AuthorizationErrorException" });
  });
});

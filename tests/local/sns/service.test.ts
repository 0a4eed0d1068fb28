import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect } from "chai";
import { AwsError } from "../../../local/cloud/awsError";
import type { Message } from "../../../local/cloud/cloud";
import { service } from "../../../local/iam/principal";
import { createKms } from "../../../local/kms/service";
import { createSns, type Sns } from "../../../local/sns/service";
import { startTestCloud, type TestCloud } from "../cloud";

const site = "us-east-1:123456789012";
const queue = `arn:aws:sqs:${site}:inbox`;
const deadLetters = `arn:aws:sqs:${site}:dead`;
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
  let broken: AwsError | undefined;

  beforeEach(async () => {
    delivered = [];
    broken = undefined;
    world = await startTestCloud((cloud) => {
      const kms = createKms(cloud);
      sns = createSns(cloud, { canUseKey: kms.canUseKey });
      const take = async (message: Message) => {
        if (broken && message.to !== deadLetters) throw broken;
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
  const failure = (work: Promise<unknown>): Promise<Error> =>
    work.then(
      () => Promise.reject(new Error("it succeeded")),
      (error) => error,
    );

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
    expect(byTarget.get(`${queue}-raw`)).to.deep.include({ body: "hello", attributes: { kind: "a" } });
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
    expect((await failure(subscribe(arn, "sqs", queue, { FilterPolicy: "{" }))).name).to.match(/InvalidParameter/);
  });

  it("tries again, and keeps in a dead letter queue what it cannot deliver", async () => {
    const arn = await topic("troubled");
    await subscribe(arn, "lambda", fn, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters }) });
    broken = new AwsError("ServiceUnavailable", "not now", 503);
    await publish(arn);
    await world.cloud.activity.idle();
    expect(delivered).to.deep.equal([]);
    await world.cloud.activity.settle(world.cloud.clock);
    expect(delivered.map(({ to }) => to)).to.deep.equal([deadLetters]);
    delivered.length = 0;
    await publish(arn);
    await world.cloud.activity.idle();
    broken = undefined;
    await world.cloud.activity.settle(world.cloud.clock);
    expect(delivered.map(({ to }) => to)).to.deep.equal([fn]);
  });

  it("says in the trace what was lost for want of a dead letter queue", async () => {
    const arn = await topic("lossy");
    await subscribe(arn, "sqs", queue);
    broken = new AwsError("AccessDeniedException", "you may not", 403);
    await publish(arn);
    await world.cloud.activity.idle();
    expect(world.cloud.trace.recent(5).map(({ outcome }) => outcome)).to.include("lost: you may not");
  });

  it("asks the topic's policy, and its key's, whether a service may publish", async () => {
    const arn = await topic("guarded");
    const deliver = () =>
      world.cloud.deliver({ to: arn, body: "alarm", from: alarm, attributes: { Subject: "ALARM" } });
    expect((await failure(deliver())).message).to.include("sns:Publish");
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

  it("takes batches, and refuses what is too large, unknown or not supported, naming it", async () => {
    const arn = await topic("limits");
    await subscribe(arn, "email", "a@example.com");
    const entries = (count: number) => Array.from({ length: count }, (_, at) => ({ Id: `e${at}`, Message: `m${at}` }));
    const { Successful } = await client.send(
      new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries: entries(3) }),
    );
    expect(Successful?.map(({ Id }) => Id)).to.deep.equal(["e0", "e1", "e2"]);
    expect(sns.mailbox()).to.have.length(3);
    expect(
      (await failure(client.send(new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries: entries(11) }))))
        .name,
    ).to.match(/TooManyEntries/);
    const mixed = [
      { Id: "good", Message: "m" },
      { Id: "large", Message: "x".repeat(262_145) },
    ];
    const answer = await client.send(new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries: mixed }));
    expect(answer.Successful?.map(({ Id }) => Id)).to.deep.equal(["good"]);
    expect(answer.Failed?.map(({ Id, Code }) => [Id, Code])).to.deep.equal([["large", "InvalidParameter"]]);
    const twice = [
      { Id: "same", Message: "a" },
      { Id: "same", Message: "b" },
    ];
    expect(
      (await failure(client.send(new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries: twice }))))
        .message,
    ).to.include("same Id");
    expect((await failure(publish(arn, { MessageStructure: "json" }))).message).to.include(
      "does not support the parameter MessageStructure of Publish",
    );
    expect((await failure(subscribe(arn, "sqs", queue, { DeliveryPolicy: "{}" }))).message).to.include(
      "the subscription attribute DeliveryPolicy",
    );
    expect((await failure(topic("a.fifo"))).message).to.include("FIFO");
    expect((await failure(publish(arn, { Message: "x".repeat(262_145) }))).message).to.equal(
      "Invalid parameter: Message too long",
    );
    expect((await failure(publish(`${arn}-nowhere`))).name).to.match(/NotFound/);
    expect((await failure(subscribe(arn, "sms", "+1"))).message).to.include("does not support the protocol sms");
    expect((await failure(client.send(new CreateTopicCommand({ Name: "a.fifo" })))).message).to.include("FIFO");
    expect((await failure(topic("odd", { fifoTopic: true }))).message).to.equal(
      "aws:sns/topic:Topic odd: property fifoTopic is not supported by the embedded cloud",
    );
  });

  it("lets a role publish where its policy says so", async () => {
    const arn = await topic("roles");
    const as = (Action: string) => new SNSClient(world.asRole([{ Action, Resource: arn }]));
    await as("sns:Publish").send(new PublishCommand({ TopicArn: arn, Message: "m" }));
    expect(
      (await failure(as("sns:Subscribe").send(new PublishCommand({ TopicArn: arn, Message: "m" })))).message,
    ).to.include("is not authorized to perform: sns:Publish");
  });
});

import { isDeepStrictEqual } from "node:util";
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  PublishCommand,
  type PublishCommandInput,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { createKms } from "../../../local/kms/service";
import { createSns } from "../../../local/sns/service";
import { createSqs } from "../../../local/sqs/service";
import { startFauxqs } from "../../wire/fauxqs";
import { startTestCloud, type TestCloud } from "../cloud";
import { openInbox } from "./world";

/** What two engines may say differently: ids, moments, and what only real SNS can sign. */
const ownMatters = new Set([
  "$metadata",
  "MessageId",
  "ReceiptHandle",
  "MD5OfBody",
  "Timestamp",
  "Signature",
  "SigningCertURL",
]);

/** Lists have no order that is promised. */
const inOrder = (list: unknown[]): unknown[] => list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

const comparable = (value: unknown): unknown => {
  if (Array.isArray(value)) return inOrder(value.map(comparable));
  if (typeof value === "string") {
    const neutral = value
      .replaceAll("000000000000", "123456789012")
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, "ID");
    return neutral.startsWith('{"Type"') ? comparable(JSON.parse(neutral)) : neutral;
  }
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !ownMatters.has(name) && inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, comparable(inner)]),
  );
};

type Ends = Map<string, unknown>;

/** The same calls, with every kind of end; later ones use what earlier ones answered. */
const play = async (sns: SNSClient, sqs: SQSClient, endpoint: string, idle: () => Promise<void>): Promise<Ends> => {
  const ends: Ends = new Map();
  const call = async <T>(what: string, work: Promise<T>): Promise<T | undefined> => {
    if (ends.has(what)) throw new Error(`${what} is played twice`);
    try {
      const output = await work;
      ends.set(what, comparable(output));
      return output;
    } catch (error) {
      const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
      ends.set(what, { refused: name, status: $metadata?.httpStatusCode });
      return undefined;
    }
  };
  const wrapped = await openInbox(sqs, endpoint, "wrapped");
  const raw = await openInbox(sqs, endpoint, "raw");
  const arrived = async (what: string): Promise<void> => {
    await idle();
    ends.set(`${what}: wrapped`, comparable(await wrapped.take()));
    ends.set(`${what}: raw`, comparable(await raw.take()));
  };

  const create = (what: string, Name: string, Attributes: Record<string, string> = {}) =>
    call(what, sns.send(new CreateTopicCommand({ Name, Attributes })));
  const { TopicArn = "" } = (await create("a topic", "news")) ?? {};
  await create("the same again", "news");
  await create("a named one", "named", { DisplayName: "A name" });
  await create("a named one again, without its name", "named");
  await create("a named one by another name", "named", { DisplayName: "Another" });
  await create("a topic with a space", "a b");
  await create("a topic without a name", "");
  await create("a topic with a long name", "a".repeat(257));
  await call("topics", sns.send(new ListTopicsCommand({})));
  const attributes = (what: string, arn: string) =>
    call(what, sns.send(new GetTopicAttributesCommand({ TopicArn: arn })));
  await attributes("attributes", TopicArn);
  await attributes("attributes of none", `${TopicArn}-none`);
  await attributes("attributes of no ARN", "news");
  const set = (what: string, AttributeName: string, AttributeValue: string) =>
    call(what, sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue })));
  await set("a display name", "DisplayName", "News");
  await set("an unknown attribute", "Colour", "red");
  await attributes("attributes after that", TopicArn);

  const subscribe = (what: string, Endpoint: string, Attributes: Record<string, string> = {}, Protocol = "sqs") =>
    call(what, sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes })));
  const { SubscriptionArn = "" } = (await subscribe("a queue", wrapped.arn)) ?? {};
  await subscribe("the same queue", wrapped.arn);
  await subscribe("the same queue otherwise", wrapped.arn, { RawMessageDelivery: "true" });
  await subscribe("another queue", raw.arn, { RawMessageDelivery: "true" });
  await subscribe("by pigeon", "loft", {}, "pigeon");
  await subscribe("a queue by its URL", wrapped.url);
  await subscribe("with an unknown attribute", `${raw.arn}-1`, { Colour: "red" });
  await subscribe("raw, perhaps", `${raw.arn}-2`, { RawMessageDelivery: "perhaps" });
  await subscribe("with seven keys to filter by", `${raw.arn}-3`, {
    FilterPolicy: JSON.stringify(Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`k${at}`, ["v"]]))),
  });
  const elsewhere = new SubscribeCommand({ TopicArn: `${TopicArn}-none`, Protocol: "sqs", Endpoint: raw.arn });
  await call("to no topic", sns.send(elsewhere));
  await call("subscriptions of the topic", sns.send(new ListSubscriptionsByTopicCommand({ TopicArn })));
  const describe = (what: string, arn = SubscriptionArn) =>
    call(what, sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn })));
  await describe("a subscription");
  await describe("no subscription", SubscriptionArn.replace(/.{8}$/, "00000000"));
  const change = (what: string, AttributeName: string, AttributeValue?: string) =>
    call(what, sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue })));
  await change("an unknown attribute of a subscription", "Colour", "red");

  const publish = (what: string, more: Partial<PublishCommandInput> = {}) =>
    call(what, sns.send(new PublishCommand({ TopicArn, Message: "hello", ...more })));
  await publish("a message", {
    Subject: "Greeting",
    MessageAttributes: {
      kind: { DataType: "String", StringValue: "a" },
      size: { DataType: "Number", StringValue: "12.5" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
    },
  });
  await arrived("a message");
  await publish("a plain message");
  await arrived("a plain message");
  await publish("by target", { TopicArn: undefined, TargetArn: TopicArn });
  await arrived("by target");
  await publish("to a topic that is not there", { TopicArn: `${TopicArn}-none` });
  await publish("an empty message", { Message: "" });
  await publish("a long message", { Message: "x".repeat(262_145) });
  await publish("a message long by its attribute", {
    Message: "x".repeat(262_140),
    MessageAttributes: { kind: { DataType: "String", StringValue: "a" } },
  });
  await publish("an empty subject", { Subject: "" });
  await publish("a subject of two lines", { Subject: "a\nb" });
  await publish("a subject of 100 characters", { Subject: "s".repeat(100) });
  await publish("an attribute of no type", { MessageAttributes: { a: { DataType: "Map", StringValue: "1" } } });
  await idle();
  await Promise.all([wrapped.take(), raw.take()]);
  await publish("a text for each", {
    Message: JSON.stringify({ default: "for others", sqs: "for queues" }),
    MessageStructure: "json",
  });
  await arrived("a text for each");
  await publish("a text for none", { Message: JSON.stringify({ sqs: "x" }), MessageStructure: "json" });
  await publish("a structure that is no JSON", { Message: "{", MessageStructure: "json" });
  await idle();
  await Promise.all([wrapped.take(), raw.take()]);

  await change(
    "a filter",
    "FilterPolicy",
    JSON.stringify({ kind: ["a", { prefix: "b" }], size: [{ numeric: [">", 3] }] }),
  );
  const sized = (kind: string, size: string) => ({
    Message: `${kind} ${size}`,
    MessageAttributes: {
      kind: { DataType: "String", StringValue: kind },
      size: { DataType: "Number", StringValue: size },
    },
  });
  for (const [kind, size] of [
    ["a", "9"],
    ["a", "3"],
    ["bc", "4"],
    ["c", "9"],
  ] as const) {
    await publish(`${kind} ${size}`, sized(kind, size));
    await arrived(`${kind} ${size}`);
  }
  await publish("nothing to filter by");
  await arrived("nothing to filter by");
  await change("a filter for the body", "FilterPolicyScope", "MessageBody");
  await publish("a body that passes", { Message: JSON.stringify({ kind: "a", size: 4 }) });
  await arrived("a body that passes");
  await publish("a body that does not", { Message: JSON.stringify({ kind: "a", size: 2 }) });
  await arrived("a body that does not");
  await describe("a filtered subscription");
  await change("no filter", "FilterPolicy", "");

  const batch = (what: string, PublishBatchRequestEntries: PublishBatchRequestEntry[]) =>
    call(what, sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries })));
  await batch("a batch", [
    { Id: "one", Message: "1", Subject: "First" },
    { Id: "two", Message: "2", MessageAttributes: { kind: { DataType: "String", StringValue: "b" } } },
  ]);
  await idle();
  ends.set("a batch: raw", (await raw.take()).map(({ Body }) => Body).sort());
  ends.set("a batch: wrapped", (await wrapped.take()).length);
  await batch(
    "eleven entries",
    Array.from({ length: 11 }, (_, at) => ({ Id: `e${at}`, Message: "m" })),
  );
  await batch("one id twice", [
    { Id: "same", Message: "1" },
    { Id: "same", Message: "2" },
  ]);
  await batch("an id with a dot", [{ Id: "a.b", Message: "1" }]);
  await batch("no entries", []);
  await batch("a batch that is too long together", [
    { Id: "a", Message: "x".repeat(150_000) },
    { Id: "b", Message: "x".repeat(150_000) },
  ]);
  await batch("a batch with a long entry", [
    { Id: "a", Message: "x" },
    { Id: "b", Message: "x".repeat(262_145) },
  ]);
  await batch("a batch with a wrong attribute", [
    { Id: "a", Message: "x" },
    { Id: "b", Message: "x", MessageAttributes: { a: { DataType: "Map", StringValue: "1" } } },
  ]);

  const unsubscribe = (what: string, arn: string) =>
    call(what, sns.send(new UnsubscribeCommand({ SubscriptionArn: arn })));
  await unsubscribe("an end", SubscriptionArn);
  await unsubscribe("the same end", SubscriptionArn);
  await unsubscribe("the end of no ARN", "x");
  const drop = (what: string) => call(what, sns.send(new DeleteTopicCommand({ TopicArn })));
  await drop("no topic any more");
  await drop("no topic, again");
  await call("subscriptions that are left", sns.send(new ListSubscriptionsCommand({})));
  await publish("a message to no topic");
  return ends;
};

const invalid = { refused: "InvalidParameterException", status: 400 };
const invalidAttribute = { refused: "InvalidParameterValueException", status: 400 };
const tooLong = { refused: "BatchRequestTooLongException", status: 400 };

/** Where this cloud and the other engine differ: why, and what this one answers where that is a refusal or short. */
const deliberate: readonly { why: string; calls: Readonly<Record<string, unknown>> }[] = [
  {
    why: "the other engine shows a delivery policy, which is about HTTP alone: that is refused here",
    calls: { attributes: undefined, "attributes after that": undefined },
  },
  {
    why: "AWS looks at the form of an ARN before it looks for what it names",
    calls: { "attributes of no ARN": invalid, "a queue by its URL": invalid, "the end of no ARN": invalid },
  },
  {
    why: "AWS checks a subscription's attributes at Subscribe as it does later",
    calls: { "with an unknown attribute": invalid, "raw, perhaps": invalid },
  },
  {
    why: "the other engine lists the three subscriptions that it should have refused",
    calls: { "subscriptions of the topic": undefined },
  },
  {
    why: "Publish takes a topic's ARN as TargetArn too",
    calls: { "by target": {}, "by target: wrapped": undefined, "by target: raw": [{ Body: "hello" }] },
  },
  {
    why: "a subject is checked, whatever the protocols of the subscribers",
    calls: {
      "an empty subject": invalid,
      "a subject of two lines": invalid,
      "a subject of 100 characters": invalid,
    },
  },
  {
    why: "a message attribute's type is checked",
    calls: { "an attribute of no type": invalidAttribute, "a batch with a wrong attribute": invalidAttribute },
  },
  {
    why: "the other engine knows no message structure",
    calls: {
      "a text for each: wrapped": undefined,
      "a text for each: raw": [{ Body: "for queues" }],
      "a text for none": invalid,
      "a structure that is no JSON": invalid,
    },
  },
  {
    why: "AWS's model has a name for it, but what AWS answers is a validation error",
    calls: { "no entries": { refused: "ValidationError", status: 400 } },
  },
  {
    why: "the size of a batch is that of its messages together",
    calls: { "a batch that is too long together": tooLong, "a batch with a long entry": tooLong },
  },
];

describe("topics beside another engine", () => {
  let ours: TestCloud;
  let other: Awaited<ReturnType<typeof startFauxqs>>;
  before(async () => {
    const start = startTestCloud((cloud) => {
      const kms = createKms(cloud);
      return [createSqs(cloud), createSns(cloud, { canUseKey: kms.canUseKey }), kms];
    });
    [ours, other] = await Promise.all([start, startFauxqs()]);
  });
  after(() => Promise.all([ours.close(), other.stop()]));

  it("answer every call alike, save where it is meant", async () => {
    const played = async (endpoint: string, idle: () => Promise<void>) => {
      const config = { ...ours.client, endpoint };
      const [sns, sqs] = [new SNSClient(config), new SQSClient(config)];
      const ends = await play(sns, sqs, endpoint, idle);
      sns.destroy();
      sqs.destroy();
      return ends;
    };
    const found = await played(ours.gateway.url, () => ours.cloud.activity.idle());
    const expected = await played(other.endpoint, async () => undefined);
    expect([...found.keys()]).to.deep.equal([...expected.keys()]);
    const meant = deliberate.flatMap(({ calls }) => Object.entries(calls));
    const differing = [...found.keys()].filter((what) => !isDeepStrictEqual(found.get(what), expected.get(what)));
    expect(differing.sort()).to.deep.equal(meant.map(([what]) => what).sort());
    for (const [what, answer] of meant) {
      if (answer !== undefined) expect(found.get(what), what).to.deep.equal(answer);
    }
    expect(found.size).to.be.greaterThan(80);
  });
});

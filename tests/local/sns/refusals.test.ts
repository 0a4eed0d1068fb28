import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  type MessageAttributeValue,
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
import { expect } from "chai";
import { createKms } from "../../../local/kms/service";
import { createSns } from "../../../local/sns/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { failure } from "./world";

const TopicArn = "arn:aws:sns:us-east-1:123456789012:news";
const queue = "arn:aws:sqs:us-east-1:123456789012:inbox";
const invalid = (what: string) => ["InvalidParameterException", `Invalid parameter: ${what}`];
const invalidAttribute = (message: string) => ["InvalidParameterValueException", message];
const notImplemented = (what: string) => ["NotImplemented", `The embedded cloud does not support ${what}.`];

describe("what SNS refuses, in its own words", () => {
  let world: TestCloud;
  let client: SNSClient;
  let SubscriptionArn: string;
  before(async () => {
    world = await startTestCloud((cloud) => {
      const kms = createKms(cloud);
      const sns = createSns(cloud, { canUseKey: kms.canUseKey });
      return [sns, kms];
    });
    client = new SNSClient(world.client);
    await client.send(new CreateTopicCommand({ Name: "news", Attributes: { DisplayName: "News" } }));
    SubscriptionArn = (await subscribe("sqs", queue)).SubscriptionArn ?? "";
  });
  after(async () => {
    client.destroy();
    await world.close();
  });

  const subscribe = (Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}) =>
    client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }));
  const create = (Name: string, Attributes: Record<string, string> = {}) =>
    client.send(new CreateTopicCommand({ Name, Attributes }));
  const setTopic = (AttributeName: string, AttributeValue: string, arn = TopicArn) =>
    client.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName, AttributeValue }));
  const set = (AttributeName: string, AttributeValue?: string) =>
    client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
  const publish = (input: Partial<PublishCommandInput>) =>
    client.send(new PublishCommand({ TopicArn, Message: "m", ...input }));
  const batch = (PublishBatchRequestEntries: PublishBatchRequestEntry[]) =>
    client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));

  const refused = async (work: Promise<unknown>) => {
    const { name, message } = await failure(work);
    return [name, message];
  };

  it("is a topic that is not there, or cannot be", async () => {
    const attributes = (arn: string) => client.send(new GetTopicAttributesCommand({ TopicArn: arn }));
    const unknown = await failure(attributes(`${TopicArn}-none`));
    expect(unknown).to.include({ name: "NotFoundException", message: "Topic does not exist" });
    expect(unknown["$metadata"]).to.include({ httpStatusCode: 404 });
    const parts = (count: number) => invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${count}`);
    expect(await refused(attributes("news"))).to.deep.equal(parts(1));
    expect(await refused(publish({ TopicArn: "a:b" }))).to.deep.equal(parts(2));
    expect(await refused(publish({ TopicArn: "" }))).to.deep.equal(parts(1));
    expect(await refused(publish({ TopicArn: SubscriptionArn }))).to.deep.equal(invalid("Topic Name"));
    expect(await refused(publish({ TopicArn: TopicArn.replace("east-1", "west-2") }))).to.deep.equal(
      invalid("TopicArn"),
    );
    expect(await refused(client.send(new PublishCommand({ Message: "m" })))).to.deep.equal(
      invalid("TopicArn or TargetArn Reason: no value for required parameter"),
    );
    expect(await refused(client.send(new DeleteTopicCommand({ TopicArn: "x" })))).to.deep.equal(parts(1));
  });

  it("is a topic's name or attribute", async () => {
    expect(await refused(create("a b"))).to.deep.equal(invalid("Topic Name"));
    expect(await refused(create("a".repeat(257)))).to.deep.equal(invalid("Topic Name"));
    expect(await refused(create("news", { DisplayName: "Other" }))).to.deep.equal(
      invalid("Attributes Reason: Topic already exists with different attributes"),
    );
    expect(await refused(setTopic("Colour", "red"))).to.deep.equal(invalid("AttributeName"));
    for (const name of ["DeliveryPolicy", "TracingConfig", "HTTPSuccessFeedbackRoleArn"]) {
      expect(await refused(setTopic(name, "x"))).to.deep.equal(notImplemented(`the topic attribute ${name}`));
    }
    expect(await refused(create("a.fifo"))).to.deep.equal(notImplemented("FIFO topics (a.fifo)"));
    expect(await refused(create("a", { FifoTopic: "true" }))).to.deep.equal(
      notImplemented("FIFO topics (attribute FifoTopic)"),
    );
    await create("plain", { FifoTopic: "false" });
  });

  it("is a topic's policy that AWS would not take", async () => {
    const policy = (more: object) =>
      setTopic(
        "Policy",
        JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "events.amazonaws.com" },
              Action: "sns:Publish",
              Resource: TopicArn,
              ...more,
            },
          ],
        }),
      );
    await policy({});
    expect(await refused(policy({ Action: "sns:*" }))).to.deep.equal(
      invalid("Policy statement action out of service scope!"),
    );
    expect(await refused(policy({ Resource: [TopicArn, `${TopicArn}-2`] }))).to.deep.equal(
      invalid("Policy statement must apply to a single resource!"),
    );
    const [name, message] = await refused(policy({ Effect: "Perhaps" }));
    expect(name).to.equal("InvalidParameterException");
    expect(message).to.match(/^Invalid parameter: Policy Error: .*Effect must be/);
    expect((await refused(policy({ Condition: { Odd: { "aws:SourceArn": "x" } } })))[0]).to.equal("NotImplemented");
  });

  it("is a subscriber that it cannot reach", async () => {
    expect(await refused(subscribe("pigeon", "loft"))).to.deep.equal(
      invalid("Amazon SNS does not support this protocol string: pigeon"),
    );
    expect(await refused(subscribe("sms", "+1"))).to.deep.equal(notImplemented("the protocol sms"));
    expect(await refused(subscribe("sqs", "http://127.0.0.1/123456789012/inbox"))).to.deep.equal(
      invalid("SQS endpoint ARN"),
    );
    expect(await refused(subscribe("lambda", queue))).to.deep.equal(invalid("Lambda endpoint ARN"));
    expect(await refused(subscribe("email", "this is not an email"))).to.deep.equal(invalid("Email address"));
    expect(await refused(subscribe("sqs", `${queue}.fifo`))).to.deep.equal(
      invalid("Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"),
    );
    expect(await refused(subscribe("sqs", queue, { RawMessageDelivery: "true" }))).to.deep.equal(
      invalid("Attributes Reason: Subscription already exists with different attributes"),
    );
    expect((await subscribe("sqs", queue, { RawMessageDelivery: "false" })).SubscriptionArn).to.equal(SubscriptionArn);
  });

  it("is a subscription that is not there, or cannot be", async () => {
    const describe = (arn: string) => client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }));
    expect(await refused(describe(`${TopicArn}:8f7d`))).to.deep.equal([
      "NotFoundException",
      "Subscription does not exist",
    ]);
    const unsubscribe = (arn: string) => client.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
    await unsubscribe(`${TopicArn}:8f7d`);
    expect(await refused(unsubscribe("x"))).to.deep.equal(
      invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"),
    );
    expect(await refused(unsubscribe(TopicArn))).to.deep.equal(invalid("SubscriptionId"));
  });

  it("is a subscription's attribute, at either call", async () => {
    const both = async (name: string, value: string, what: string) => {
      expect(await refused(set(name, value))).to.deep.equal(invalid(what));
      expect(await refused(subscribe("sqs", `${queue}-2`, { [name]: value }))).to.deep.equal(
        invalid(`Attributes Reason: ${what}`),
      );
    };
    await both("Colour", "red", "AttributeName");
    await both("RawMessageDelivery", "perhaps", "RawMessageDelivery: Invalid value [perhaps]. Must be true or false.");
    await both(
      "FilterPolicyScope",
      "Colour",
      "FilterPolicyScope: Invalid value [Colour]. Please use either MessageBody or MessageAttributes",
    );
    await both(
      "RedrivePolicy",
      '{"deadLetterTargetArn":"dead"}',
      "RedrivePolicy: deadLetterTargetArn is an invalid arn",
    );
    const filters: [string, string][] = [
      ['{"key":[["value"]]}', "FilterPolicy: Match value must be String, number, true, false, or null"],
      ['{"key":[{"wrong-operator":true}]}', "FilterPolicy: Unrecognized match type wrong-operator"],
      ['{"key":[{"suffix":"a","prefix":"b"}]}', "FilterPolicy: Only one key allowed in match expression"],
      ['{"key":[{"suffix":100}]}', "FilterPolicy: suffix match pattern must be a string"],
      ['{"key":[{"numeric":[1,"<="]}]}', "FilterPolicy: Invalid member in numeric match: 1"],
      ['{"key":[{"numeric":["<",100,">",10]}]}', "FilterPolicy: Too many elements in numeric expression"],
      ['{"key":[{"numeric":[">",3,"<",1]}]}', "FilterPolicy: Bottom must be less than top"],
      ['{"key":[{"exists":"no"}]}', "FilterPolicy: exists match pattern must be either true or false."],
      ['{"key":"value"}', 'FilterPolicy: "key" must be an object or an array'],
      ['{"key":[]}', "FilterPolicy: Empty arrays are not allowed"],
      ['{"key":{"deeper":["value"]}}', "Filter policy scope MessageAttributes does not support nested filter policy"],
      [
        JSON.stringify(Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((key) => [key, ["v"]]))),
        "FilterPolicy: Filter policy can not have more than 5 keys",
      ],
      [
        JSON.stringify({ key: Array.from({ length: 151 }, (_, at) => `v${at}`) }),
        "FilterPolicy: Filter policy is too complex",
      ],
    ];
    for (const [policy, what] of filters) await both("FilterPolicy", policy, what);
    for (const [name, text] of [
      ["RedrivePolicy", "RedrivePolicy"],
      ["FilterPolicy", "FilterPolicy"],
    ] as const) {
      expect((await refused(set(name, "{invalidjson}")))[1]).to.match(
        new RegExp(`^Invalid parameter: ${text}: failed to parse JSON\\. `),
      );
    }
    expect(await refused(set("RawMessageDelivery"))).to.deep.equal(
      invalid("RawMessageDelivery: Invalid value []. Must be true or false."),
    );
    expect(await refused(set("DeliveryPolicy", "{}"))).to.deep.equal(
      notImplemented("the subscription attribute DeliveryPolicy"),
    );
    expect(await refused(subscribe("email", "a@example.com", { RawMessageDelivery: "true" }))).to.deep.equal(
      invalid("Attributes Reason: Delivery protocol [email] does not support raw message delivery."),
    );
  });

  it("counts a filter policy's nested values by their depth, and what $or joins together", async () => {
    const body = (policy: object) =>
      refused(
        subscribe("sqs", `${queue}-3`, {
          FilterPolicyScope: "MessageBody",
          FilterPolicy: JSON.stringify(policy),
        }),
      );
    const values = (count: number) => Array.from({ length: count }, (_, at) => at);
    const tooComplex = invalid("Attributes Reason: FilterPolicy: Filter policy is too complex");
    expect(await body({ a: { b: { c: values(4) } }, d: { e: values(7) } })).to.deep.equal(tooComplex);
    expect(await body({ $or: [{ a: values(80) }, { b: values(80) }] })).to.deep.equal(tooComplex);
    await subscribe("sqs", `${queue}-4`, {
      FilterPolicyScope: "MessageBody",
      FilterPolicy: JSON.stringify({ a: { b: { c: values(4) } }, d: { e: values(3) } }),
    });
  });

  it("is a message", async () => {
    for (const Subject of ["", "two\nlines", "a\u0007bell", "s".repeat(100)]) {
      expect(await refused(publish({ Subject })), JSON.stringify(Subject)).to.deep.equal(invalid("Subject"));
    }
    await publish({ Subject: "ü".repeat(99) });
    expect(await refused(publish({ Message: "" }))).to.deep.equal(invalid("Empty message"));
    expect(await refused(publish({ Message: undefined }))).to.deep.equal([
      "ValidationError",
      "1 validation error detected: Value null at 'message' failed to satisfy constraint: Member must not be null",
    ]);
    expect(await refused(publish({ Message: "x".repeat(262_145) }))).to.deep.equal(invalid("Message too long"));
    expect(await refused(publish({ Message: "[]", MessageStructure: "json" }))).to.deep.equal(
      invalid("Message Structure - No default entry in JSON message body"),
    );
    expect(await refused(publish({ Message: '{"default":{}}', MessageStructure: "json" }))).to.deep.equal(
      invalid("Message Structure - No default entry in JSON message body"),
    );
    expect(await refused(publish({ Message: "{invalidjson", MessageStructure: "json" }))).to.deep.equal(
      invalid("Message Structure - JSON message body failed to parse"),
    );
    expect(await refused(publish({ MessageDeduplicationId: "d" }))).to.deep.equal(
      invalid(
        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
      ),
    );
    expect(await refused(publish({ MessageGroupId: "g" }))).to.deep.equal(
      notImplemented("the parameter MessageGroupId of Publish"),
    );
  });

  it("is a message's attribute, alone and in a batch", async () => {
    const text = { DataType: "String", StringValue: "x" };
    const bytes = new Uint8Array([1]);
    const cases: [string, Partial<MessageAttributeValue>, string][] = [
      [
        "attr1",
        { DataType: "String", StringValue: "" },
        "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.",
      ],
      [
        "attr1",
        { DataType: "String" },
        "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.",
      ],
      [
        "attr1",
        { DataType: "String", BinaryValue: bytes },
        "The message attribute 'attr1' with type 'String' must use field 'String'.",
      ],
      [
        "attr1",
        { DataType: "Number", BinaryValue: bytes },
        "The message attribute 'attr1' with type 'Number' must use field 'String'.",
      ],
      [
        "attr1",
        { DataType: "Binary", StringValue: "x" },
        "The message attribute 'attr1' with type 'Binary' must use field 'Binary'.",
      ],
      [
        "attr1",
        { DataType: "InvalidType", StringValue: "x" },
        "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
      ],
      ["a".repeat(257), text, "Length of message attribute name must be less than 256 bytes."],
      [
        "a^a",
        text,
        "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
      ],
      [".a", text, "Invalid message attribute name starting with character '.' was found."],
      ["a.", text, "Invalid message attribute name ending with character '.' was found."],
      ["a..b", text, "Message attribute name can not have successive '.' character."],
    ];
    for (const [name, value, message] of cases) {
      const MessageAttributes = { [name]: value as MessageAttributeValue };
      expect(await refused(publish({ MessageAttributes }))).to.deep.equal(invalidAttribute(message));
      expect(await refused(batch([{ Id: "1", Message: "m", MessageAttributes }]))).to.deep.equal(
        invalidAttribute(message),
      );
    }
    const untyped = { attr1: { StringValue: "x" } as MessageAttributeValue };
    const missing = (place: string) => [
      "ValidationError",
      `1 validation error detected: Value null at '${place}messageAttributes.attr1.member.dataType' failed to satisfy constraint: Member must not be null`,
    ];
    expect(await refused(publish({ MessageAttributes: untyped }))).to.deep.equal(missing(""));
    expect(await refused(batch([{ Id: "1", Message: "m", MessageAttributes: untyped }]))).to.deep.equal(
      missing("publishBatchRequestEntries.1.member."),
    );
  });

  it("is a batch", async () => {
    const entries = (...ids: string[]) => ids.map((Id) => ({ Id, Message: "m" }));
    expect(await refused(batch(entries(..."abcdefghijk")))).to.deep.equal([
      "TooManyEntriesInBatchRequestException",
      "The batch request contains more entries than permissible.",
    ]);
    expect(await refused(batch(entries("same", "same")))).to.deep.equal([
      "BatchEntryIdsNotDistinctException",
      "Two or more batch entries in the request have the same Id.",
    ]);
    expect(await refused(batch(entries("a.b")))).to.deep.equal([
      "InvalidBatchEntryIdException",
      "The Id of a batch entry in the batch request contains an impermissible character: a.b",
    ]);
    expect(await refused(batch(entries("a".repeat(81))))).to.deep.equal([
      "InvalidBatchEntryIdException",
      `The Id of a batch entry in the batch request is too long: ${"a".repeat(81)}`,
    ]);
    expect((await refused(batch([])))[0]).to.equal("ValidationError");
    const half = "x".repeat(131_073);
    expect(
      await refused(
        batch([
          { Id: "a", Message: half },
          { Id: "b", Message: half },
        ]),
      ),
    ).to.deep.equal([
      "BatchRequestTooLongException",
      "The length of all the messages put together is more than the limit.",
    ]);
    expect(await refused(batch([{ Id: "a", Message: "m", MessageGroupId: "g" }]))).to.deep.equal(
      notImplemented("the parameter MessageGroupId of a batch entry"),
    );
  });

  it("is a declared resource, by its name", async () => {
    const declare = async (type: string, inputs: Record<string, unknown>) =>
      (await failure(world.declare(`aws:sns/${type}`, "odd", inputs))).message;
    expect(await declare("topic:Topic", { name: "odd", fifoTopic: true })).to.equal(
      "aws:sns/topic:Topic odd: property fifoTopic is not supported by the embedded cloud",
    );
    expect(await declare("topic:Topic", { name: "a.fifo" })).to.equal(
      "aws:sns/topic:Topic odd: The embedded cloud does not support FIFO topics (a.fifo).",
    );
    expect(
      await declare("topicSubscription:TopicSubscription", { topic: TopicArn, protocol: "sqs", endpoint: "x" }),
    ).to.equal("aws:sns/topicSubscription:TopicSubscription odd: Invalid parameter: SQS endpoint ARN");
    expect(await declare("topicPolicy:TopicPolicy", { arn: `${TopicArn}-none`, policy: "{}" })).to.equal(
      "aws:sns/topicPolicy:TopicPolicy odd: Topic does not exist",
    );
  });
});

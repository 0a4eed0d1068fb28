import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { failure, startWorld, type World } from "./world";

describe("messages of a queue", () => {
  let world: World;
  let url: string;

  before(async () => {
    world = await startWorld();
    url = await world.queue("jobs");
  });
  after(() => world.close());
  afterEach(() => {
    world.cloud.faults.clear();
    return world.sqs.reset();
  });

  const send = (MessageBody: string, more = {}) =>
    world.api.send(new SendMessageCommand({ QueueUrl: url, MessageBody, ...more }));
  const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);
  const counts = async () => {
    const { Attributes = {} } = await world.api.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
    );
    return [
      Attributes["ApproximateNumberOfMessages"],
      Attributes["ApproximateNumberOfMessagesNotVisible"],
      Attributes["ApproximateNumberOfMessagesDelayed"],
    ].map(Number);
  };
  const handleOf = (messages: Message[]) => String(messages[0]?.ReceiptHandle);

  it("are waited for by a long poll, which keeps nobody from being idle", async () => {
    const { queues } = world.sqs;
    const poll = queues.poll.bind(queues);
    const waits = new Promise<void>((reached) => {
      queues.poll = (...args) => {
        reached();
        return poll(...args);
      };
    });
    const polling = world.receive(url, { WaitTimeSeconds: 20 });
    await waits;
    queues.poll = poll;
    await world.cloud.activity.idle();
    await send("at last");
    expect(bodies(await polling)).to.deep.equal(["at last"]);
  });

  it("are received with digests and the attributes asked for", async () => {
    const attributes = {
      timestamp: { DataType: "Number", StringValue: "1493147359900" },
      "audit.by": { DataType: "String", StringValue: "ann" },
      raw: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
    };
    const sent = await send("hello", {
      MessageAttributes: attributes,
      MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: "Root=1" } },
    });

    const [all] = await world.receive(url, {
      VisibilityTimeout: 0,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    });
    const [some] = await world.receive(url, {
      VisibilityTimeout: 0,
      MessageAttributeNames: ["audit.*"],
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    });
    const [timestamp] = await world.receive(url, { MessageAttributeNames: ["timestamp"] });

    expect(all?.MessageId).to.equal(sent.MessageId);
    expect(all?.MD5OfMessageAttributes).to.equal(sent.MD5OfMessageAttributes);
    expect(all?.MessageAttributes?.["raw"]?.BinaryValue).to.deep.equal(new Uint8Array([1, 2]));
    expect(all?.Attributes).to.include({ ApproximateReceiveCount: "1", AWSTraceHeader: "Root=1" });
    expect(all?.Attributes).to.have.keys([
      "AWSTraceHeader",
      "ApproximateFirstReceiveTimestamp",
      "ApproximateReceiveCount",
      "SenderId",
      "SentTimestamp",
    ]);
    expect(some?.MessageAttributes).to.have.keys(["audit.by"]);
    expect(some?.Attributes).to.deep.equal({ ApproximateReceiveCount: "2" });
    expect(timestamp?.MD5OfMessageAttributes).to.equal("235c5c510d26fb653d073faed50ae77c");
  });

  it("stay hidden for the visibility timeout, then come back", async () => {
    await send("again");
    const first = await world.receive(url);
    expect(await world.receive(url)).to.deep.equal([]);
    expect(await counts()).to.deep.equal([0, 1, 0]);

    await world.later(30);

    const second = await world.receive(url);
    expect(bodies(second)).to.deep.equal(["again"]);
    await world.api.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handleOf(first) }));
    expect(await counts(), "a stale handle deletes nothing").to.deep.equal([0, 1, 0]);
    await world.api.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handleOf(second) }));
    expect(await counts()).to.deep.equal([0, 0, 0]);
  });

  it("can be hidden for longer, or shown at once", async () => {
    await send("longer");
    const ReceiptHandle = handleOf(await world.receive(url));
    const change = (VisibilityTimeout: number) =>
      world.api.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout }));
    await change(100);
    await world.later(90);
    expect(await world.receive(url)).to.deep.equal([]);
    expect((await failure(change(43_200))).message).to.contain("beyond the limit [43200 seconds]");

    await change(0);

    expect(await counts()).to.deep.equal([1, 0, 0]);
    await change(10);
    expect(await counts(), "its last handle still hides it").to.deep.equal([0, 1, 0]);
    await world.later(10);
    await world.receive(url);
    const refused = await failure(change(10));
    expect(refused).to.include({ name: "InvalidParameterValue" });
    expect(refused.message).to.equal(
      `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  });

  it("wait for their own delay or the queue's", async () => {
    await send("late", { DelaySeconds: 60 });
    expect(await counts()).to.deep.equal([0, 0, 1]);
    await world.later(59);
    expect(await world.receive(url)).to.deep.equal([]);
    await world.later(1);
    expect(bodies(await world.receive(url))).to.deep.equal(["late"]);
  });

  it("wake whoever waits for them", async () => {
    const waiting = world.receive(url, { WaitTimeSeconds: 20 });
    const started = performance.now();
    await send("awaited");
    expect(bodies(await waiting)).to.deep.equal(["awaited"]);
    expect(performance.now() - started).to.be.lessThan(2_000);
  });

  it("are waited for until the clock says that it is enough", async () => {
    const polling = world.sqs.queues.receive(world.sqs.queues.all()[0] ?? "", { max: 1, waitMs: 20_000 });
    await world.later(20);
    expect(await polling).to.deep.equal([]);
  });

  it("are gone after the retention period", async () => {
    await send("old");
    await world.later(2 * 86_400);
    expect(world.sqs.queues.oldestAgeMs(world.sqs.queues.all()[0] ?? "")).to.be.within(172_800_000, 172_805_000);
    await send("newer");
    await world.later(2 * 86_400 + 1);
    expect(bodies(await world.receive(url))).to.deep.equal(["newer"]);
  });

  it("fail one by one in a batch", async () => {
    const { Successful, Failed } = await world.api.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: "good", MessageBody: "good" },
          { Id: "bad", MessageBody: "bad\u0000" },
          { Id: "empty", MessageBody: "" },
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).to.deep.equal(["good"]);
    expect(Failed?.[0]).to.include({ Id: "bad", Code: "InvalidMessageContents", SenderFault: true });
    expect(Failed?.[1]).to.include({ Id: "empty", Code: "EmptyValue", SenderFault: true });

    const ReceiptHandle = handleOf(await world.receive(url));
    const shown = await world.api.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: "a", ReceiptHandle, VisibilityTimeout: 5 },
          { Id: "b", ReceiptHandle, VisibilityTimeout: 50_000 },
          { Id: "c", ReceiptHandle },
        ],
      }),
    );
    expect([shown.Successful?.length, shown.Failed?.map(({ Code }) => Code)]).to.deep.equal([
      1,
      ["InvalidParameterValue", "MissingParameter"],
    ]);
    const deleted = await world.api.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: "a", ReceiptHandle },
          { Id: "b", ReceiptHandle: "nonsense" },
        ],
      }),
    );
    const Message = 'The input receipt handle "nonsense" is not a valid receipt handle.';
    expect(deleted.Failed?.[0]).to.include({ Id: "b", Code: "ReceiptHandleIsInvalid", Message });
    const alone = await failure(world.api.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: "nonsense" })));
    expect(alone).to.include({ name: "ReceiptHandleIsInvalid", message: Message });
    expect(alone["$metadata"]).to.include({ httpStatusCode: 404 });
    expect(await counts()).to.deep.equal([0, 0, 0]);
  });

  it("fail in part where a fault says so", async () => {
    world.cloud.faults.inject({ kind: "partialFailure", times: 1 });
    const { Successful, Failed } = await world.api.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: ["a", "b"].map((Id) => ({ Id, MessageBody: Id })),
      }),
    );
    expect(Failed?.[0]).to.include({ Id: "a", SenderFault: false });
    expect(Successful?.[0]).to.include({ Id: "b" });
  });

  for (const [what, entries, code, message] of [
    [
      "no entries",
      [],
      "EmptyBatchRequest",
      "There should be at least one SendMessageBatchRequestEntry in the request.",
    ],
    [
      "eleven entries",
      Array.from({ length: 11 }, (_, at) => `e${at}`),
      "TooManyEntriesInBatchRequest",
      "Maximum number of entries per request are 10. You have sent 11.",
    ],
    ["one id twice", ["a", "a"], "BatchEntryIdsNotDistinct", "Id a repeated."],
    [
      "an id with a dot",
      ["a.b"],
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    ],
  ] as const) {
    it(`refuse a batch with ${what}`, async () => {
      const Entries = entries.map((Id) => ({ Id, MessageBody: "x" }));
      const error = await failure(world.api.send(new SendMessageBatchCommand({ QueueUrl: url, Entries })));
      expect(error).to.include({ name: code, Code: `AWS.SimpleQueueService.${code}`, message });
    });
  }

  it("have a size limit, alone and together", async () => {
    const QueueUrl = await world.queue("large", { maxMessageSize: 1_048_576 });
    const half = "x".repeat(600 * 1024);
    const alone = await failure(send("x".repeat(1024 * 1024 + 1), { QueueUrl }));
    expect(alone.message).to.equal(
      "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
    );
    const together = await failure(
      world.api.send(
        new SendMessageBatchCommand({
          QueueUrl,
          Entries: ["a", "b"].map((Id) => ({ Id, MessageBody: half })),
        }),
      ),
    );
    expect(together.message).to.equal(
      "Batch requests cannot be longer than 1048576 bytes. You have sent 1228800 bytes.",
    );
  });

  const oneAttribute = (name: string, attribute: object) => ({ MessageAttributes: { [name]: attribute } });
  const aText = { DataType: "String", StringValue: "x" };
  const invalid = "InvalidParameterValue";
  for (const [what, more, name, message] of [
    [
      "a delay of 901 s",
      { DelaySeconds: 901 },
      invalid,
      "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
    ],
    [
      "a message group",
      { MessageGroupId: "g" },
      "NotImplemented",
      "The embedded cloud does not support sqs:SendMessage with MessageGroupId.",
    ],
    [
      "an unknown type",
      oneAttribute("a", { DataType: "Map", StringValue: "1" }),
      invalid,
      "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
    ],
    [
      "a long type",
      oneAttribute("a", { DataType: `String.${"x".repeat(250)}`, StringValue: "1" }),
      invalid,
      "Message (user) attribute type must be shorter than 256 bytes.",
    ],
    [
      "no type",
      oneAttribute("a", { DataType: "", StringValue: "1" }),
      invalid,
      "The message (user) attribute 'a' must contain a non-empty message attribute type.",
    ],
    [
      "no value",
      oneAttribute("a", { DataType: "String" }),
      invalid,
      "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    ],
    [
      "an empty value",
      oneAttribute("a", { DataType: "String", StringValue: "" }),
      invalid,
      "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    ],
    [
      "a text in bytes' place",
      oneAttribute("a", { DataType: "Binary", StringValue: "1" }),
      invalid,
      "Message (user) attribute 'a' with type 'Binary' must use field 'Binary'.",
    ],
    [
      "no number",
      oneAttribute("a", { DataType: "Number", StringValue: "x" }),
      invalid,
      "Can't cast the value of message (user) attribute 'a' to a number.",
    ],
    [
      "a dot before",
      oneAttribute(".a", aText),
      invalid,
      "Message (user) attribute name must not begin with character '.'.",
    ],
    [
      "a dot behind",
      oneAttribute("a.", aText),
      invalid,
      "Message (user) attribute name must not end with character '.'.",
    ],
    [
      "two dots",
      oneAttribute("a..b", aText),
      invalid,
      "Message (user) attribute name must not have successive '.' characters.",
    ],
    [
      "a space in a name",
      oneAttribute("a b", aText),
      invalid,
      "Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ",
    ],
    [
      "a long name",
      oneAttribute("a".repeat(257), aText),
      invalid,
      "Message (user) attribute name must be shorter than 256 bytes.",
    ],
    [
      "a reserved name",
      oneAttribute("AWS.a", aText),
      invalid,
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.",
    ],
    [
      "a list",
      oneAttribute("a", { DataType: "String", StringListValues: ["x"] }),
      "UnsupportedOperation",
      "Message attribute list values in SendMessage operation are not supported.",
    ],
    [
      "eleven attributes",
      { MessageAttributes: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`a${at}`, aText])) },
      invalid,
      "Number of message attributes [11] exceeds the allowed maximum [10].",
    ],
    [
      "a foreign system attribute",
      { MessageSystemAttributes: { Other: aText } },
      invalid,
      "Message system attribute name 'Other' is invalid.",
    ],
    ["no body", { MessageBody: "" }, "MissingParameter", "The request must contain the parameter MessageBody."],
    [
      "a body that is a number",
      { MessageBody: 1 },
      "MalformedInput",
      "The parameter MessageBody has a value of the wrong type.",
    ],
    [
      "a body that is an object",
      { MessageBody: {} },
      "MalformedInput",
      "Start of structure or map found where not expected.",
    ],
    [
      "a delay that is a text",
      { DelaySeconds: "1" },
      "MalformedInput",
      "STRING_VALUE can not be converted to an Integer",
    ],
  ] as const) {
    it(`cannot be sent with ${what}`, async () => {
      expect(await failure(send("x", more as object))).to.include({ name, message });
    });
  }

  it("are refused on the wire under the codes of both protocols", async () => {
    const refusal = async (body: object) => {
      const answer = await fetch(world.client.endpoint, {
        method: "POST",
        headers: {
          authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sqs/aws4_request",
          "x-amz-target": "AmazonSQS.SendMessage",
        },
        body: JSON.stringify(body),
      });
      const { __type } = (await answer.json()) as { __type: string };
      return [answer.status, __type, answer.headers.get("x-amzn-query-error")];
    };
    expect(await refusal({ QueueUrl: url, MessageBody: "x", DelaySeconds: 901 })).to.deep.equal([
      400,
      "com.amazon.coral.service#InvalidParameterValueException",
      "InvalidParameterValue;Sender",
    ]);
    expect(await refusal({ QueueUrl: `${url}-nowhere`, MessageBody: "x" })).to.deep.equal([
      400,
      "com.amazonaws.sqs#QueueDoesNotExist",
      "AWS.SimpleQueueService.NonExistentQueue;Sender",
    ]);
  });

  it("cannot be received with what no queue has", async () => {
    const messageOf = async (input: object) => (await failure(world.receive(url, input))).message;
    expect(await messageOf({ MaxNumberOfMessages: 11 })).to.equal(
      "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    );
    expect(await messageOf({ WaitTimeSeconds: 50 })).to.equal(
      "Value 50 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
    );
    expect(await messageOf({ VisibilityTimeout: 43_201 })).to.equal(
      "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.",
    );
    expect((await failure(world.receive(url, { ReceiveRequestAttemptId: "a" }))).message).to.contain(
      "ReceiveRequestAttemptId",
    );
    const names = "All" as unknown as [];
    expect((await failure(world.receive(url, { MessageAttributeNames: names }))).message).to.contain("wrong type");
  });

  it("belong to a queue that exists", async () => {
    const error = await failure(world.receive(url.replace("jobs", "nowhere")));
    expect(error).to.be.instanceOf(QueueDoesNotExist);
    expect(error["Code"]).to.equal("AWS.SimpleQueueService.NonExistentQueue");
    expect(error.message).to.equal("The specified queue does not exist.");
    expect(await failure(world.receive(url.replace("123456789012", "999999999999")))).to.be.instanceOf(
      QueueDoesNotExist,
    );
    expect(await failure(world.receive(""))).to.be.instanceOf(QueueDoesNotExist);
  });

  it("are billed by 64 KB", async () => {
    world.cloud.meter.reset();
    await send("x".repeat(130 * 1024));
    expect(world.cloud.meter.bill().lines[0]).to.include({ what: "sqs request", amount: 3 });
  });
});

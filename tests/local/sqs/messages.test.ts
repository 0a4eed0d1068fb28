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
    const refused = await failure(change(10));
    expect(refused).to.include({ name: "InvalidParameterValue" });
    expect(refused.message).to.contain("not available for visibility timeout change");
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
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).to.deep.equal(["good"]);
    expect(Failed?.[0]).to.include({ Id: "bad", Code: "InvalidMessageContents", SenderFault: true });

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
    expect(deleted.Failed?.[0]).to.include({ Id: "b", Code: "ReceiptHandleIsInvalid" });
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

  for (const [what, entries, code] of [
    ["no entries", [], "EmptyBatchRequest"],
    ["eleven entries", Array.from({ length: 11 }, (_, at) => `e${at}`), "TooManyEntriesInBatchRequest"],
    ["one id twice", ["a", "a"], "BatchEntryIdsNotDistinct"],
    ["an id with a dot", ["a.b"], "InvalidBatchEntryId"],
  ] as const) {
    it(`refuse a batch with ${what}`, async () => {
      const Entries = entries.map((Id) => ({ Id, MessageBody: "x" }));
      const error = await failure(world.api.send(new SendMessageBatchCommand({ QueueUrl: url, Entries })));
      expect(error["Code"] ?? error.name).to.contain(code);
    });
  }

  it("have a size limit, alone and together", async () => {
    const half = "x".repeat(600 * 1024);
    const alone = await failure(send("x".repeat(1024 * 1024 + 1)));
    expect(alone.message).to.equal(
      "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
    );
    const together = await failure(
      world.api.send(
        new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: ["a", "b"].map((Id) => ({ Id, MessageBody: half })),
        }),
      ),
    );
    expect(together.message).to.equal(
      "Batch requests cannot be longer than 1048576 bytes. You have sent 1228800 bytes.",
    );
  });

  for (const [what, more, message] of [
    ["a delay of 901 s", { DelaySeconds: 901 }, "Must be >= 0 and <= 900"],
    ["a message group", { MessageGroupId: "g" }, "does not support sqs:SendMessage with MessageGroupId"],
    ["an unknown type", { MessageAttributes: { a: { DataType: "Map", StringValue: "1" } } }, "supported type prefixes"],
    ["no type", { MessageAttributes: { a: { DataType: "", StringValue: "1" } } }, "non-empty message attribute type"],
    ["no value", { MessageAttributes: { a: { DataType: "String" } } }, "non-empty message attribute value"],
    ["no number", { MessageAttributes: { a: { DataType: "Number", StringValue: "x" } } }, "to a number"],
    ["a bad name", { MessageAttributes: { ".a": { DataType: "String", StringValue: "x" } } }, "Invalid attribute name"],
    ["a reserved name", { MessageAttributes: { "AWS.a": { DataType: "String", StringValue: "x" } } }, "reserved"],
    [
      "a list",
      { MessageAttributes: { a: { DataType: "String", StringListValues: ["x"] } } },
      "does not support StringListValues",
    ],
    [
      "eleven attributes",
      {
        MessageAttributes: Object.fromEntries(
          Array.from({ length: 11 }, (_, at) => [`a${at}`, { DataType: "String", StringValue: "x" }]),
        ),
      },
      "exceeds the allowed maximum [10]",
    ],
    [
      "a foreign system attribute",
      { MessageSystemAttributes: { Other: { DataType: "String", StringValue: "x" } } },
      "Only AWSTraceHeader",
    ],
    ["no body", { MessageBody: "" }, "must contain the parameter MessageBody"],
    ["a body that is a number", { MessageBody: 1 }, "wrong type"],
    ["a delay that is a text", { DelaySeconds: "1" }, "wrong type"],
  ] as const) {
    it(`cannot be sent with ${what}`, async () => {
      expect((await failure(send("x", more))).message).to.contain(message);
    });
  }

  it("cannot be received with what no queue has", async () => {
    expect((await failure(world.receive(url, { MaxNumberOfMessages: 11 }))).message).to.contain(
      "Value 11 for parameter MaxNumberOfMessages is invalid.",
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
  });

  it("are billed by 64 KB", async () => {
    world.cloud.meter.reset();
    await send("x".repeat(130 * 1024));
    expect(world.cloud.meter.bill().lines[0]).to.include({ what: "sqs request", amount: 3 });
  });
});

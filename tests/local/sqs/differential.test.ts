import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { startFauxqs } from "../../wire/fauxqs";
import { startWorld, type World } from "./world";

/** What two engines may say differently: ids, handles and moments. */
const ownMatters = new Set([
  "MessageId",
  "ReceiptHandle",
  "$metadata",
  "SentTimestamp",
  "ApproximateFirstReceiveTimestamp",
  "SenderId",
  "Message",
]);

const comparable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value === "string") return value.replace("000000000000", "123456789012");
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !ownMatters.has(name) && inner !== undefined)
      .map(([name, inner]) => [name, comparable(inner)]),
  );
};

/** The same calls, with every kind of end; later ones use what earlier ones answered. */
const play = async (client: SQSClient, ownUrl: (url: string) => string): Promise<unknown[]> => {
  const ends: unknown[] = [];
  const call = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      const output = await work;
      ends.push(comparable(output));
      return output;
    } catch (error) {
      // The other engine gives every code of the older protocol the prefix that only some have.
      ends.push({ refused: (error as { Code?: string }).Code?.replace("AWS.SimpleQueueService.", "") });
      return undefined;
    }
  };
  const { QueueUrl: dead = "" } = await client.send(new CreateQueueCommand({ QueueName: "dead" }));
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: ownUrl(dead), AttributeNames: ["QueueArn"] }),
  );
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.["QueueArn"], maxReceiveCount: 2 });
  const { QueueUrl: made = "" } = await client.send(
    new CreateQueueCommand({ QueueName: "jobs", Attributes: { RedrivePolicy, VisibilityTimeout: "60" } }),
  );
  const QueueUrl = ownUrl(made);
  const receive = (more = {}) =>
    call(
      client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["ApproximateReceiveCount"],
          ...more,
        }),
      ),
    );
  const hide = (ReceiptHandle: string, VisibilityTimeout: number) =>
    call(client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout })));

  await call(
    client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: "first",
        MessageAttributes: {
          kind: { DataType: "String", StringValue: "a" },
          size: { DataType: "Number", StringValue: "3" },
          raw: { DataType: "Binary", BinaryValue: Buffer.from("xyz") },
        },
      }),
    ),
  );
  const first = await receive();
  const handle = first?.Messages?.[0]?.ReceiptHandle ?? "";
  await receive();
  await hide(handle, 0);
  const second = await receive();
  await hide(second?.Messages?.[0]?.ReceiptHandle ?? "", 0);
  await receive();
  await call(client.send(new ReceiveMessageCommand({ QueueUrl: ownUrl(dead), MessageAttributeNames: ["All"] })));
  await call(
    client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "one", MessageBody: "1" },
          { Id: "two", MessageBody: "2", DelaySeconds: 30 },
        ],
      }),
    ),
  );
  await call(
    client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "x", MessageBody: "1" },
          { Id: "x", MessageBody: "2" },
        ],
      }),
    ),
  );
  await call(client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })));
  await call(
    client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: [
          "ApproximateNumberOfMessages",
          "ApproximateNumberOfMessagesDelayed",
          "VisibilityTimeout",
          "RedrivePolicy",
        ],
      }),
    ),
  );
  const one = await receive();
  await call(
    client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [{ Id: "d", ReceiptHandle: one?.Messages?.[0]?.ReceiptHandle }],
      }),
    ),
  );
  await call(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: one?.Messages?.[0]?.ReceiptHandle })));
  await receive();
  await receive({ MaxNumberOfMessages: 11 });
  await receive({ VisibilityTimeout: -1 });
  await call(client.send(new GetQueueUrlCommand({ QueueName: "nowhere" })));
  await call(client.send(new SendMessageCommand({ QueueUrl: `${QueueUrl}-nowhere`, MessageBody: "m" })));
  await call(client.send(new PurgeQueueCommand({ QueueUrl })));
  return ends;
};

describe("queues beside another engine", () => {
  let ours: World;
  let other: Awaited<ReturnType<typeof startFauxqs>>;
  before(async () => {
    [ours, other] = await Promise.all([startWorld(), startFauxqs()]);
  });
  after(() => Promise.all([ours.close(), other.stop()]));

  it("answer every call alike", async () => {
    const theirs = new SQSClient({ ...ours.client, endpoint: other.endpoint });
    const at = (endpoint: string) => (url: string) => url.replace(/^https?:\/\/[^/]+/, endpoint);
    const [found, expected] = [await play(ours.api, (url) => url), await play(theirs, at(other.endpoint))];
    expect(found).to.deep.equal(expected);
    expect(found.length).to.be.greaterThan(18);
    theirs.destroy();
  });
});

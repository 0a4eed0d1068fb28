import { DeleteTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { DeleteQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { AwsError } from "../../../local/cloud/awsError";
import { Cloud, type Message } from "../../../local/cloud/cloud";
import { createKms } from "../../../local/kms/service";
import { Distribution } from "../../../local/sns/distribution";
import { allRetries, quickRetries, waitBefore } from "../../../local/sns/retries";
import { createSns, type Sns } from "../../../local/sns/service";
import { createSqs } from "../../../local/sqs/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { type Inbox, openInbox } from "./world";

const fn = "arn:aws:lambda:us-east-1:123456789012:function:listener";
const minute = 60_000;

describe("deliveries of SNS", () => {
  let world: TestCloud;
  let sns: Sns;
  let client: SNSClient;
  let queues: SQSClient;
  let inbox: Inbox;
  let deadLetters: Inbox;
  let TopicArn: string;
  /** What the function got, and at which moments it was tried. */
  let invoked: Message[];
  let triedAt: number[];
  let broken: Error | undefined;

  beforeEach(async () => {
    [invoked, triedAt, broken] = [[], [], undefined];
    world = await startTestCloud((cloud) => {
      const kms = createKms(cloud);
      sns = createSns(cloud, { canUseKey: kms.canUseKey });
      cloud.onDelivery("lambda", async (message) => {
        triedAt.push(cloud.clock.now());
        if (broken) throw broken;
        invoked.push(message);
      });
      return [sns, createSqs(cloud), kms];
    });
    client = new SNSClient(world.client);
    queues = new SQSClient(world.client);
    [inbox, deadLetters] = (await Promise.all(
      ["inbox", "dead"].map((name) => openInbox(queues, world.gateway.url, name)),
    )) as [Inbox, Inbox];
    TopicArn = String((await world.declare("aws:sns/topic:Topic", "news", { name: "news" })).outputs["arn"]);
  });
  afterEach(async () => {
    client.destroy();
    queues.destroy();
    await world.close();
  });

  const subscribe = (Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}) =>
    client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }));
  const withDeadLetters = (more: Record<string, string> = {}) => ({
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn }),
    ...more,
  });
  const publish = async () => {
    const MessageAttributes = {
      size: { DataType: "Number", StringValue: "1" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([2, 3, 4]) },
    };
    await client.send(new PublishCommand({ TopicArn, Message: "hello", MessageAttributes }));
    await world.cloud.activity.idle();
  };
  const traced = () => world.cloud.trace.recent(20).map(({ outcome }) => outcome);
  const settle = () => world.cloud.activity.settle(world.cloud.clock);

  it("keep the types of attributes where a queue wants the message alone", async () => {
    await subscribe("sqs", inbox.arn, { RawMessageDelivery: "true" });
    await publish();
    const [message] = await inbox.take();
    expect(message?.Body).to.equal("hello");
    expect(message?.MessageAttributes).to.deep.equal({
      size: { DataType: "Number", StringValue: "1" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([2, 3, 4]) },
    });
  });

  it("end in the dead letter queue at once where the queue is gone, in the form that was asked for", async () => {
    await subscribe("sqs", inbox.arn, withDeadLetters({ RawMessageDelivery: "true" }));
    await queues.send(new DeleteQueueCommand({ QueueUrl: inbox.url }));
    await publish();
    const [message] = await deadLetters.take();
    expect(message?.Body).to.equal("hello");
    expect(message?.MessageAttributes).to.have.keys("size", "bytes");
  });

  it("end there at once where the subscriber refuses the topic", async () => {
    await subscribe("lambda", fn, withDeadLetters());
    broken = new AwsError("AccessDeniedException", "you may not", 403);
    await publish();
    expect(triedAt).to.have.length(1);
    const [message] = await deadLetters.take();
    expect(JSON.parse(message?.Body ?? "")).to.include({ Type: "Notification", Message: "hello", TopicArn });
  });

  it("say in the trace what was lost for want of a dead letter queue, or with it", async () => {
    await subscribe("lambda", fn);
    broken = new AwsError("AccessDeniedException", "you may not", 403);
    await publish();
    expect(traced()).to.include("lost: you may not");
    await client.send(new DeleteTopicCommand({ TopicArn }));
    await world.declare("aws:sns/topic:Topic", "news", { name: "news" });
    await subscribe("lambda", fn, withDeadLetters());
    await queues.send(new DeleteQueueCommand({ QueueUrl: deadLetters.url }));
    await publish();
    expect(traced()).to.include("lost: The specified queue does not exist.");
  });

  it("are tried again while the subscriber fails: three times at once, then ever more slowly", async () => {
    await subscribe("lambda", fn, withDeadLetters());
    broken = new AwsError("ServiceUnavailable", "not now", 503);
    await publish();
    await settle();
    const waits = triedAt.slice(1).map((at, before) => Math.round((at - (triedAt[before] ?? 0)) / 1_000));
    expect(waits).to.deep.equal([0, 0, 0, 1, 1, 1, 1, 2, 3, 4, 5, 7, 10, 14, 20]);
    expect(await deadLetters.take()).to.deep.equal([]);
    expect(traced()).to.include("tried again for 23 days: not now");
    broken = undefined;
    await world.cloud.clock.turnTo(world.cloud.clock.now() + minute, () => world.cloud.activity.idle());
    expect(invoked.map(({ to }) => to)).to.deep.equal([fn]);
    expect(triedAt).to.have.length(17);
  });

  it("are tried again where the subscriber is throttled, or fails in a way of its own", async () => {
    await subscribe("lambda", fn);
    for (const error of [new AwsError("TooManyRequestsException", "Rate Exceeded.", 429), new Error("odd")]) {
      broken = error;
      await publish();
      broken = undefined;
      await settle();
    }
    expect(invoked).to.have.length(2);
  });

  it("are forgotten by a reset", async () => {
    await subscribe("lambda", fn);
    broken = new AwsError("ServiceUnavailable", "not now", 503);
    await publish();
    await sns.reset();
    broken = undefined;
    await settle();
    expect(invoked).to.deep.equal([]);
  });

  it("are tried 100,015 times, over 23 days", () => {
    const waits = Array.from({ length: allRetries }, (_, at) => waitBefore(at + 1) ?? Number.NaN);
    expect([allRetries, waitBefore(allRetries + 1)]).to.deep.equal([100_015, undefined]);
    expect(waits.slice(0, 6)).to.deep.equal([0, 0, 0, 1_000, 1_000, 1_000]);
    expect([waits[quickRetries - 1], waits[quickRetries], waits.at(-1)]).to.deep.equal([20_000, 20_000, 20_000]);
    const days = waits.reduce((sum, ms) => sum + ms, 0) / 86_400_000;
    expect(Math.floor(days)).to.equal(23);
  });

  it("end in the dead letter queue after the last try", async () => {
    const cloud = new Cloud();
    const got: Message[] = [];
    cloud.onDelivery("lambda", async () => {
      throw new AwsError("ServiceUnavailable", "not now", 503);
    });
    cloud.onDelivery("sqs", async (message) => {
      got.push(message);
    });
    const distribution = new Distribution(cloud, (retry) => (retry <= 2 ? 10 : undefined));
    const publication = {
      messageId: "m",
      topicArn: TopicArn,
      message: "hello",
      subject: undefined,
      attributes: {},
      at: 0,
    };
    distribution.distribute({ ...publication, byProtocol: {}, size: 5 }, [
      {
        arn: `${TopicArn}:s`,
        topicArn: TopicArn,
        protocol: "lambda",
        endpoint: fn,
        principal: "me",
        attributes: {},
        settings: { raw: false, filter: undefined, deadLetterArn: deadLetters.arn },
      },
    ]);
    await cloud.activity.settle(cloud.clock);
    expect(got.map(({ to }) => to)).to.deep.equal([deadLetters.arn]);
    cloud.clock.stop();
  });
});

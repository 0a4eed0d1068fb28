import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  QueueNameExists,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { arnOf, failure, startWorld, type World } from "./world";

describe("queues", () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const create = (QueueName: string, Attributes: Record<string, string> = {}) =>
    world.api.send(new CreateQueueCommand({ QueueName, Attributes }));
  const attributes = (QueueUrl: string, ...AttributeNames: string[]) =>
    world.api
      .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: AttributeNames as "All"[] }))
      .then((answer) => answer.Attributes);

  it("are declared with their properties, under AWS's ARN and the gateway's URL", async () => {
    const { id, outputs } = await world.declare("aws:sqs/queue:Queue", "label", {
      name: "signal9-dev-jobs",
      visibilityTimeoutSeconds: 180,
      messageRetentionSeconds: 1_209_600,
      receiveWaitTimeSeconds: 20,
      maxMessageSize: 2_048,
      sqsManagedSseEnabled: true,
      fifoQueue: false,
      tags: { a: "b" },
    });
    const url = `${world.cloud.endpoint}/123456789012/signal9-dev-jobs`;
    expect(id).to.equal(url);
    expect(outputs).to.include({ url, arn: arnOf("signal9-dev-jobs"), name: "signal9-dev-jobs" });
    expect(await attributes(url, "All")).to.include({
      QueueArn: arnOf("signal9-dev-jobs"),
      VisibilityTimeout: "180",
      MessageRetentionPeriod: "1209600",
      ReceiveMessageWaitTimeSeconds: "20",
      MaximumMessageSize: "2048",
      DelaySeconds: "0",
    });
    expect(world.sqs.queues.visibilitySeconds(arnOf("signal9-dev-jobs"))).to.equal(180);
    const silent = await world.declare("aws:sqs/queue:Queue", "silent", { name: "silent" });
    const created = (await create("created")).QueueUrl ?? "";
    expect([
      await attributes(String(silent.id), "MaximumMessageSize"),
      await attributes(created, "MaximumMessageSize"),
    ]).to.deep.equal([{ MaximumMessageSize: "262144" }, { MaximumMessageSize: "1048576" }]);
    expect(world.sqs.queues.visibilitySeconds(arnOf("nowhere"))).to.equal(undefined);
  });

  it("refuse properties that are not supported, by name", async () => {
    expect((await failure(world.queue("a", { fifoQueue: true }))).message).to.equal(
      "aws:sqs/queue:Queue a: property fifoQueue is not supported by the embedded cloud",
    );
    expect((await failure(world.queue("a.fifo"))).message).to.contain("FIFO queues (a.fifo)");
    expect((await failure(world.queue("a b"))).message).to.contain("Can only include alphanumeric");
    expect((await failure(world.queue("a", { visibilityTimeoutSeconds: 50_000 }))).message).to.contain(
      "Invalid value for the parameter VisibilityTimeout.",
    );
  });

  it("are created once", async () => {
    const first = await create("one", { DelaySeconds: "5" });
    const second = await create("one", { DelaySeconds: "5" });
    expect(second.QueueUrl).to.equal(first.QueueUrl);
    const error = await failure(create("one", { DelaySeconds: "6" }));
    expect(error).to.be.instanceOf(QueueNameExists);
    expect(error["Code"]).to.equal("QueueAlreadyExists");
    expect(error.message).to.equal(
      "A queue already exists with the same name and a different value for attribute DelaySeconds",
    );
  });

  it("are found by name, listed by page and deleted", async () => {
    for (const name of ["a-1", "a-2", "a-3", "b-1"]) await create(name);
    const list = (NextToken?: string) =>
      world.api.send(new ListQueuesCommand({ QueueNamePrefix: "a-", MaxResults: 2, NextToken }));
    const first = await list();
    const second = await list(first.NextToken);
    expect([first.QueueUrls?.length, second.QueueUrls?.length, second.NextToken]).to.deep.equal([2, 1, undefined]);
    expect((await failure(list("eA=="))).message).to.contain("Invalid pagination token.");

    const { QueueUrl } = await world.api.send(new GetQueueUrlCommand({ QueueName: "b-1" }));
    await world.api.send(new DeleteQueueCommand({ QueueUrl }));
    expect((await failure(world.api.send(new GetQueueUrlCommand({ QueueName: "b-1" })))).name).to.equal(
      "QueueDoesNotExist",
    );
    const foreign = new GetQueueUrlCommand({ QueueName: "a-1", QueueOwnerAWSAccountId: "999999999999" });
    expect((await failure(world.api.send(foreign))).message).to.contain("queues of account 999999999999");
  });

  it("end a wait for their messages when they are deleted", async () => {
    const url = await world.queue("gone");
    const waiting = failure(world.sqs.queues.receive(arnOf("gone"), { max: 1, waitMs: 20_000 }));
    await world.api.send(new DeleteQueueCommand({ QueueUrl: url }));
    expect((await waiting).message).to.contain("does not exist");
  });

  it("are purged once a minute", async () => {
    const url = await world.queue("full");
    const purge = () => world.api.send(new PurgeQueueCommand({ QueueUrl: url }));
    await world.api.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "x" }));
    await purge();
    expect(await world.receive(url)).to.deep.equal([]);
    const tooSoon = await failure(purge());
    expect(tooSoon).to.include({
      name: "PurgeQueueInProgress",
      message: "Only one PurgeQueue operation on full is allowed every 60 seconds.",
    });
    expect(tooSoon["$metadata"]).to.include({ httpStatusCode: 403 });
    await world.later(60);
    await purge();
  });

  it("answer for the attributes asked for, and for those there are", async () => {
    const url = await world.queue("some");
    expect(await attributes(url, "DelaySeconds", "Policy")).to.deep.equal({ DelaySeconds: "0" });
    expect(await attributes(url)).to.equal(undefined);
    expect((await failure(attributes(url, "Colour"))).message).to.equal("Unknown Attribute Colour.");
    const set = (Attributes: Record<string, string>) =>
      world.api.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
    expect((await failure(set({ Colour: "red" }))).message).to.equal("Unknown Attribute Colour.");
    expect(await failure(set({ KmsMasterKeyId: "alias/aws/sqs", SqsManagedSseEnabled: "true" }))).to.include({
      name: "InvalidAttributeName",
      message:
        "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
    });
    await set({ KmsMasterKeyId: "alias/aws/sqs" });
    expect(await attributes(url, "All")).to.include({
      SqsManagedSseEnabled: "false",
      KmsMasterKeyId: "alias/aws/sqs",
      KmsDataKeyReusePeriodSeconds: "300",
    });
    const unreadable = await failure(set({ Policy: "{" }));
    expect(unreadable.name).to.equal("InvalidAttributeValue");
    expect(unreadable.message).to.match(/^Invalid value for the parameter Policy\. /);
    const strange = { Version: "2012-10-17", Statement: { Effect: "Allow", Principal: { Federated: "x" } } };
    expect((await failure(set({ Policy: JSON.stringify(strange) }))).name).to.match(/Invalid|NotImplemented/);
    expect((await failure(set({ ContentBasedDeduplication: "true" }))).message).to.contain("FIFO queues");
    expect((await failure(set([] as unknown as Record<string, string>))).message).to.contain("wrong type");
    expect((await failure(world.api.send(new ListQueueTagsCommand({ QueueUrl: url })))).message).to.contain(
      "does not support sqs:ListQueueTags",
    );
  });
});

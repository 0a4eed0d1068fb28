import {
  CancelMessageMoveTaskCommand,
  DeleteQueueCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { arnOf, failure, startWorld, type World } from "./world";

const redriveTo = (name: string, maxReceiveCount = 2) =>
  JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount });

describe("redrive", () => {
  let world: World;
  let source: string;
  let dead: string;

  beforeEach(async () => {
    world = await startWorld();
    dead = await world.queue("dead");
    source = await world.queue("source", { redrivePolicy: redriveTo("dead"), visibilityTimeoutSeconds: 10 });
    await world.declare("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "dead", {
      queueUrl: dead,
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [arnOf("source")] }),
    });
  });
  afterEach(() => world.close());

  const send = (QueueUrl: string, MessageBody: string) =>
    world.api.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const bury = async (body: string) => {
    await send(source, body);
    for (let round = 0; round < 2; round++) {
      await world.receive(source);
      await world.later(10);
    }
    await world.receive(source);
  };
  const set = (QueueUrl: string, Attributes: Record<string, string>) =>
    world.api.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  const start = (input = {}) => world.api.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf("dead"), ...input }));
  const tasks = async () =>
    (await world.api.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf("dead"), MaxResults: 10 }))).Results ?? [];

  it("moves what was received too often, and says from where", async () => {
    await bury("poison");
    expect(await world.receive(source)).to.deep.equal([]);
    const [message] = await world.receive(dead, { MessageSystemAttributeNames: ["All"] });
    expect(message?.Attributes).to.include({
      DeadLetterQueueSourceArn: arnOf("source"),
      ApproximateReceiveCount: "3",
    });
  });

  it("leaves it where the target does not take it any more", async () => {
    await set(dead, { RedriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }) });
    await bury("stays");
    await world.later(10);
    expect(await world.receive(source)).to.have.length(1);
    expect(await world.receive(dead)).to.deep.equal([]);
  });

  it("must be allowed by the target", async () => {
    const error = await failure(world.queue("stranger", { redrivePolicy: redriveTo("dead") }));
    expect(error.message).to.contain("aws:sqs/queue:Queue stranger: ").and.to.contain("redrive allow policy");
    await set(dead, { RedriveAllowPolicy: JSON.stringify({ redrivePermission: "allowAll" }) });
    await world.queue("stranger", { redrivePolicy: redriveTo("dead") });
    expect((await failure(world.queue("lost", { redrivePolicy: redriveTo("nowhere") }))).message).to.contain(
      "Dead letter target does not exist.",
    );
  });

  it("ends with an empty policy", async () => {
    await set(source, { RedrivePolicy: "" });
    await bury("kept");
    await world.later(10);
    expect(await world.receive(source)).to.have.length(1);
  });

  it("tells whose dead letters a queue takes", async () => {
    const { queueUrls } = await world.api.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
    expect(queueUrls).to.deep.equal([source]);
  });

  for (const [policy, reason] of [
    ["no JSON", "not a valid JSON map"],
    ["[]", "not a valid JSON map"],
    ['{"maxReceiveCount":1}', "mandatory attributes"],
    [redriveTo("dead", 0), "valid values are from 1 to 1000"],
    ['{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:1:x","maxReceiveCount":1}', "owner should be same"],
    ['{"other":1}', "Unknown field: other"],
  ]) {
    it(`refuses the policy ${policy}`, async () => {
      expect((await failure(set(source, { RedrivePolicy: String(policy) }))).message).to.contain(reason);
    });
  }

  it("refuses an allow policy that makes no sense", async () => {
    const refused = (policy: unknown) =>
      failure(set(dead, { RedriveAllowPolicy: JSON.stringify(policy) })).then(({ message }) => message);
    expect(await refused({ redrivePermission: "some" })).to.contain("must be one of");
    expect(await refused({ redrivePermission: "byQueue" })).to.contain("with 1 to 10 ARNs");
  });

  it("moves dead letters back as new messages", async () => {
    await bury("back");
    await start();
    expect((await tasks())[0]).to.include({ Status: "RUNNING", ApproximateNumberOfMessagesToMove: 1 });
    expect((await failure(start())).message).to.contain("already a task running");
    await world.cloud.activity.settle(world.cloud.clock);

    expect((await tasks())[0]).to.include({ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 });
    const [message] = await world.receive(source, { MessageSystemAttributeNames: ["All"] });
    expect(message?.Attributes).to.include({ ApproximateReceiveCount: "1" });
    expect(message?.Attributes).not.to.have.property("DeadLetterQueueSourceArn");
  });

  it("moves them elsewhere, so many a second, until it is cancelled", async () => {
    const other = await world.queue("other");
    for (const body of ["a", "b", "c"]) await send(dead, body);
    const { TaskHandle } = await start({ DestinationArn: arnOf("other"), MaxNumberOfMessagesPerSecond: 1 });
    await world.later(2);
    const cancelled = await world.api.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    await world.later(5);

    expect(cancelled.ApproximateNumberOfMessagesMoved).to.equal(2);
    expect((await tasks())[0])
      .to.include({ Status: "CANCELLED" })
      .and.not.to.have.property("TaskHandle");
    expect(await world.receive(other)).to.have.length(2);
    const again = await failure(world.api.send(new CancelMessageMoveTaskCommand({ TaskHandle })));
    expect(again.message).to.contain("Only active tasks");
  });

  it("fails where it is not known whence a message came, or where it can go", async () => {
    await send(dead, "sent here");
    await start();
    await world.later(1);
    expect((await tasks())[0]).to.include({ Status: "FAILED", FailureReason: "CouldNotDetermineMessageSource" });

    const other = await world.queue("other");
    await start({ DestinationArn: arnOf("other") });
    await world.api.send(new DeleteQueueCommand({ QueueUrl: other }));
    await world.later(1);
    expect((await tasks()).map(({ FailureReason }) => FailureReason)).to.deep.equal([
      "AWS.SimpleQueueService.NonExistentQueue",
      "CouldNotDetermineMessageSource",
    ]);
    await start({ DestinationArn: arnOf("source") });
    await world.api.send(new DeleteQueueCommand({ QueueUrl: dead }));
    await world.later(1);
    expect((await failure(tasks())).message).to.contain("does not exist");
  });

  it("refuses tasks that make no sense", async () => {
    const messageOf = async (work: Promise<unknown>) => (await failure(work)).message;
    expect(await messageOf(start({ SourceArn: arnOf("source") }))).to.contain("must be configured as a Dead Letter");
    expect(await messageOf(start({ DestinationArn: arnOf("dead") }))).to.contain("must be different");
    const cancel = (text: string) =>
      world.api.send(new CancelMessageMoveTaskCommand({ TaskHandle: Buffer.from(text).toString("base64") }));
    expect(await messageOf(cancel("x"))).to.contain("TaskHandle is not valid");
    expect(await messageOf(cancel("{}"))).to.contain("TaskHandle is not valid");
    expect(await messageOf(cancel(JSON.stringify({ sourceArn: arnOf("dead") })))).to.equal("Task does not exist.");
  });

  it("takes the permissions of a receiver and of a sender", async () => {
    const role = new SQSClient(
      world.asRole([
        {
          Action: ["sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          Resource: arnOf("dead"),
        },
      ]),
    );
    const error = await failure(role.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf("dead") })));
    role.destroy();
    expect(error.message).to.contain("sqs:SendMessage").and.to.contain(arnOf("source"));
  });
});

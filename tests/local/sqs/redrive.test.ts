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

  const valued = (policy: string, reason: string) =>
    `Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`;
  for (const [policy, message] of [
    ["no JSON", "Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map."],
    ["[]", "Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map."],
    ["{}", valued("{}", "Redrive policy does not contain mandatory attribute: maxReceiveCount.")],
    ...[
      ['{"maxReceiveCount":1}', "Redrive policy does not contain mandatory attribute: deadLetterTargetArn."],
      [redriveTo("dead", 0), "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive."],
      ['{"deadLetterTargetArn":"dummy","maxReceiveCount":42}', "Invalid value for deadLetterTargetArn."],
      [
        '{"deadLetterTargetArn":"arn:aws:sns:us-east-1:123456789012:topic","maxReceiveCount":5}',
        "Only SQS queues are valid resources for deadLetterTargetArn.",
      ],
      [
        '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:1:x","maxReceiveCount":1}',
        "Dead-letter target owner should be same as the source.",
      ],
      [
        `{"deadLetterTargetArn":"${arnOf("dead")}","maxReceiveCount":5,"other":1}`,
        "Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].",
      ],
      [redriveTo("nowhere"), "Dead letter target does not exist."],
    ].map(([given = "", reason = ""]) => [given, valued(given, reason)]),
  ]) {
    it(`refuses the policy ${policy}`, async () => {
      expect((await failure(set(source, { RedrivePolicy: String(policy) }))).message).to.equal(message);
    });
  }

  it("refuses an allow policy that makes no sense", async () => {
    const refused = (policy: unknown) =>
      failure(set(dead, { RedriveAllowPolicy: JSON.stringify(policy) })).then(({ message }) => message);
    const unreadable =
      "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.";
    const refusal = (policy: unknown, reason: string) =>
      `Value ${JSON.stringify(policy)} for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the redrive allow policy. ${reason}`;
    for (const policy of [{ redrivePermission: "some" }, { redrivePermission: "allowAll", other: 1 }, []]) {
      expect(await refused(policy)).to.equal(unreadable);
    }
    const none = { redrivePermission: "byQueue" };
    expect(await refused(none)).to.equal(
      refusal(
        none,
        "When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.",
      ),
    );
    const all = { redrivePermission: "denyAll", sourceQueueArns: [arnOf("source")] };
    expect(await refused(all)).to.equal(
      refusal(all, "To specify one or more source queue ARNs, you must set redrivePermission to byQueue."),
    );
    const many = {
      redrivePermission: "byQueue",
      sourceQueueArns: Array.from({ length: 11 }, (_, at) => arnOf(`x${at}`)),
    };
    expect(await refused(many)).to.equal(
      refusal(many, "The maximum number of source queue ARNs you can specify is 10."),
    );
  });

  it("moves dead letters back as new messages", async () => {
    await bury("back");
    await start();
    expect((await tasks())[0]).to.include({ Status: "RUNNING", ApproximateNumberOfMessagesToMove: 1 });
    const second = await failure(start());
    expect([second.name, second.message]).to.deep.equal([
      "InvalidParameterValue",
      "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
    ]);
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
    expect(await failure(tasks())).to.include({
      name: "ResourceNotFoundException",
      message: "The resource that you specified for the SourceArn parameter doesn't exist.",
    });
  });

  it("refuses tasks that make no sense", async () => {
    const messageOf = async (work: Promise<unknown>) => (await failure(work)).message;
    expect(await messageOf(start({ SourceArn: arnOf("source") }))).to.equal(
      "Source queue must be configured as a Dead Letter Queue.",
    );
    expect(await messageOf(start({ DestinationArn: arnOf("nowhere") }))).to.equal(
      "The resource that you specified for the DestinationArn parameter doesn't exist.",
    );
    expect(await messageOf(start({ DestinationArn: arnOf("dead") }))).to.contain("must be different");
    const cancel = (text: string) =>
      world.api.send(new CancelMessageMoveTaskCommand({ TaskHandle: Buffer.from(text).toString("base64") }));
    expect(await messageOf(cancel("x"))).to.equal("Value for parameter TaskHandle is invalid.");
    expect(await messageOf(cancel("{}"))).to.equal("Value for parameter TaskHandle is invalid.");
    expect(await messageOf(cancel(JSON.stringify({ sourceArn: arnOf("nowhere") })))).to.equal(
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    );
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
    expect(error.message).to.contain("sqs:sendmessage").and.to.contain(arnOf("source"));
  });
});

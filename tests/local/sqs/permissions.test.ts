import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { service } from "../../../local/iam/principal";
import { arnOf, failure, startWorld, type World } from "./world";

const ruleArn = "arn:aws:events:us-east-1:123456789012:rule/bus/rule";

describe("permissions on queues", () => {
  let world: World;
  let url: string;

  const policy = (condition: Record<string, unknown>) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: arnOf("target"),
          Condition: condition,
        },
      ],
    });
  const rule = (sourceArn: string) => service("events.amazonaws.com", { sourceArn });
  const declarePolicy = (document: string) =>
    world.declare("aws:sqs/queuePolicy:QueuePolicy", "target", { queueUrl: url, policy: document });

  before(async () => {
    world = await startWorld();
    url = await world.queue("target");
    await declarePolicy(policy({ ArnEquals: { "aws:SourceArn": ruleArn } }));
  });
  after(() => world.close());
  afterEach(() => world.sqs.reset());

  it("let a service deliver for the resource that the queue's policy names", async () => {
    await world.cloud.deliver({
      to: arnOf("target"),
      body: "event",
      from: rule(ruleArn),
      attributes: { RULE_ARN: ruleArn },
    });
    const [message] = await world.receive(url, { MessageAttributeNames: ["All"] });
    expect(message?.Body).to.equal("event");
    expect(message?.MessageAttributes?.["RULE_ARN"]).to.deep.include({ DataType: "String", StringValue: ruleArn });
  });

  it("refuse a delivery for another resource", async () => {
    const delivery = world.cloud.deliver({ to: arnOf("target"), body: "event", from: rule(`${ruleArn}2`) });
    expect(await failure(delivery)).to.include({ code: "AccessDeniedException" });
    expect(world.sqs.queues.attributes(arnOf("target"))["ApproximateNumberOfMessages"]).to.equal("0");
  });

  it("are a role's own", async () => {
    const role = new SQSClient(world.asRole([{ Action: "sqs:SendMessage", Resource: arnOf("target") }]));
    await role.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "x" }));
    const error = await failure(role.send(new ReceiveMessageCommand({ QueueUrl: url })));
    role.destroy();
    expect(error.name).to.contain("AccessDenied");
    expect(error).to.include({ name: "AccessDenied" });
    expect(error.message).to.match(
      /^User: arn:aws:sts::123456789012:assumed-role\/tester-\d+\/test is not authorized to perform: sqs:receivemessage on resource: arn:aws:sqs:us-east-1:123456789012:target because no identity-based policy allows the sqs:receivemessage action$/,
    );
  });

  it("refuse a policy on facts that no request here carries", async () => {
    const error = await failure(declarePolicy(policy({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } })));
    expect(error.message).to.contain("aws:sqs/queuePolicy:QueuePolicy target").and.to.contain("aws:sourceip");
  });

  it("refuse properties of policies that are not supported", async () => {
    const declared = world.declare("aws:sqs/queuePolicy:QueuePolicy", "target", {
      queueUrl: url,
      policy: "",
      region: "x",
    });
    expect((await failure(declared)).message).to.contain("property region is not supported");
  });
});

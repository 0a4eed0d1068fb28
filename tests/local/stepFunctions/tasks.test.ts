import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { functionArn, only, type StatesWorld, startStatesWorld, typesOf } from "./world";

const allowed = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sqs:SendMessage", Resource: "*" }],
  });

describe("what a state machine calls", () => {
  let world: StatesWorld;
  before(async () => {
    world = await startStatesWorld({ dynamodb: true });
    world.grant(["lambda:InvokeFunction"], functionArn("known"));
    world.grant("lambda:InvokeFunction", functionArn("missing"));
    await world.makeFunction(
      "known",
      `async (event) => {
      if (event.hang) await new Promise((resolve) => setTimeout(resolve, 9_000));
      if (event.exit) process.exit(1);
      if (event.throws) throw Object.assign(new Error("a reason"), { name: event.throws });
      return event.nothing ? undefined : { heard: event };
    }`,
      { timeout: 1 },
    );
    await world.makeFunction("forbidden", "async () => 1");
    await world.makeFunction("busy", "async () => 1", { reservedConcurrentExecutions: 0 });
    world.grant("lambda:InvokeFunction", functionArn("busy"));
  });
  after(() => world.close());

  const calling = (api: string, Parameters: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    only({ Type: "Task", Resource: `arn:aws:states:::${api}`, Parameters, ...more });
  const invoke = (FunctionName: string, Payload?: unknown) =>
    world.run(calling("lambda:invoke", { FunctionName, ...(Payload !== undefined && { Payload }) }));
  const openQueue = async (name: string, service?: string) => {
    const { QueueUrl } = await world.sqsClient.send(new CreateQueueCommand({ QueueName: name }));
    if (service) {
      await world.sqsClient.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: allowed(service) } }));
    }
    const arn = `arn:aws:sqs:us-east-1:123456789012:${name}`;
    const receive = async () =>
      (await world.sqsClient.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }))).Messages ??
      [];
    return { QueueUrl, arn, receive };
  };

  describe("functions:", () => {
    it("answers with the payload, and what the SDK has beside it", async () => {
      const { output } = await invoke("known", { a: [1] });
      expect(output).to.deep.include({ StatusCode: 200, ExecutedVersion: "$LATEST", Payload: { heard: { a: [1] } } });
      expect(output).to.have.nested.property("SdkHttpMetadata.HttpStatusCode", 200);
      expect(output)
        .to.have.nested.property("SdkResponseMetadata.RequestId")
        .that.matches(/^[\w-]{36}$/);
      expect((await invoke("known")).output).to.deep.include({ Payload: { heard: {} } });
      expect((await invoke("known", { nothing: true })).output).to.deep.include({ Payload: null });
    });

    it("fail by the name of their own error", async () => {
      const { error, cause } = await invoke("known", { throws: "Failure" });
      expect(error).to.equal("Failure");
      expect(JSON.parse(cause ?? "")).to.include({ errorType: "Failure", errorMessage: "a reason" });
      expect((await invoke("known", { exit: true })).error).to.equal("Runtime.ExitError");
      expect((await invoke("known", { hang: true })).error).to.equal("Sandbox.Timedout");
    });

    it("are not called without the role's permission", async () => {
      const { error, cause } = await invoke("forbidden");
      expect(error).to.equal("Lambda.AWSLambdaException");
      expect(cause).to.match(
        /^User: arn:aws:sts::123456789012:assumed-role\/machine\/machine-\d+ is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:123456789012:function:forbidden because no identity-based policy allows the lambda:InvokeFunction action \(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: [\w-]+; Proxy: null\)$/,
      );
    });

    it("refuse when they are busy, and when the network breaks them", async () => {
      expect((await invoke("busy")).error).to.equal("Lambda.TooManyRequestsException");
      const strike = (kind: "throttle" | "serverError" | "lostAnswer") =>
        world.cloud.faults.inject({ kind, service: "lambda", operation: "Invoke", caller: "role/machine", times: 1 });
      const retried = (ErrorEquals: string[]) =>
        calling("lambda:invoke", { FunctionName: "known" }, { Retry: [{ ErrorEquals }] });
      for (const [kind, error] of [
        ["throttle", "Lambda.TooManyRequestsException"],
        ["serverError", "Lambda.ServiceException"],
        ["lostAnswer", "Lambda.ServiceException"],
      ] as const) {
        const fault = strike(kind);
        const { status, events } = await world.run(retried([error]));
        expect([status, fault.hits()]).to.deep.equal(["SUCCEEDED", 1]);
        expect(events.find(({ type }) => type === "TaskFailed")?.taskFailedEventDetails?.error).to.equal(error);
        fault.remove();
      }
    });

    it("must be named by a text", async () => {
      const { error, cause } = await invoke("$", undefined);
      expect([error, cause?.includes("functionName")]).to.deep.equal(["Lambda.AWSLambdaException", true]);
      const number = await world.run(calling("lambda:invoke", { "FunctionName.$": "$.n" }), { n: 1 });
      expect(number.cause).to.include("The value of the field 'FunctionName' must be a string");
    });
  });

  it("sends to queues, with any JSON as the body", async () => {
    const queue = await openQueue("work");
    const Parameters = {
      QueueUrl: queue.QueueUrl,
      "MessageBody.$": "$",
      MessageAttributes: { kind: { DataType: "String", StringValue: "test" } },
    };
    const denied = await world.run(calling("sqs:sendMessage", Parameters), { n: 1 });
    expect(denied.error).to.equal("SQS.AmazonSQSException");
    expect(denied.cause).to.include("sqs:sendmessage").and.include("Status Code: 403");
    world.grant("sqs:SendMessage", queue.arn);
    const { output } = await world.run(calling("sqs:sendMessage", Parameters), { n: 1 });
    expect(output).to.have.property("MessageId");
    const [message] = await queue.receive();
    expect(message).to.deep.include({ Body: '{"n":1}', MessageId: (output as { MessageId: string }).MessageId });
    expect(message?.MessageAttributes?.["kind"]?.StringValue).to.equal("test");
    const plain = calling("sqs:sendMessage", { QueueUrl: queue.QueueUrl, MessageBody: "as it is" });
    await world.run(plain);
    expect((await queue.receive())[0]?.Body).to.equal("as it is");
    const nowhere = calling("sqs:sendMessage", { QueueUrl: `${queue.QueueUrl}-not`, MessageBody: "x" });
    world.grant("sqs:SendMessage");
    expect((await world.run(nowhere)).error).to.equal("SQS.QueueDoesNotExistException");
  });

  it("publishes to topics", async () => {
    const inbox = await openQueue("inbox", "sns.amazonaws.com");
    const { outputs } = await world.declare("aws:sns/topic:Topic", "news", { name: "news" });
    const TopicArn = String(outputs["arn"]);
    await world.declare("aws:sns/topicSubscription:TopicSubscription", "news", {
      topic: TopicArn,
      protocol: "sqs",
      endpoint: inbox.arn,
    });
    const publishing = calling("sns:publish", {
      TopicArn,
      Subject: "Rated",
      "Message.$": "$",
      MessageAttributes: { grade: { DataType: "String", StringValue: "A & B" } },
    });
    const denied = await world.run(publishing, { rated: "AAPL" });
    expect(denied.error).to.equal("SNS.AuthorizationErrorException");
    expect(denied.cause).to.include("is not authorized to perform: SNS:Publish on resource: ");
    world.grant("sns:Publish", TopicArn);
    const { output } = await world.run(publishing, { rated: "AAPL" });
    const envelope = JSON.parse((await inbox.receive())[0]?.Body ?? "");
    expect(envelope).to.deep.include({
      Subject: "Rated",
      Message: '{"rated":"AAPL"}',
      MessageId: (output as { MessageId: string }).MessageId,
    });
    expect(envelope.MessageAttributes.grade.Value).to.equal("A & B");
    const scalar = await world.run(
      only({ Type: "Task", Resource: "arn:aws:states:::sns:publish", Parameters: { TopicArn, Message: "" } }),
    );
    expect(scalar.error).to.equal("SNS.InvalidParameterException");
  });

  it("puts events, which tell where they come from", async () => {
    const inbox = await openQueue("events", "events.amazonaws.com");
    const pattern = JSON.stringify({ source: ["signal9.test"] });
    await world.declare("aws:cloudwatch/eventRule:EventRule", "all", { name: "all", eventPattern: pattern });
    await world.declare("aws:cloudwatch/eventTarget:EventTarget", "all", { rule: "all", arn: inbox.arn });
    const entry = { Source: "signal9.test", DetailType: "tested", "Detail.$": "$", Resources: ["here"] };
    const putting = calling("events:putEvents", { Entries: [entry] });
    expect((await world.run(putting)).error).to.equal("EventBridge.AmazonEventBridgeException");
    world.grant("events:PutEvents");
    const { output, executionArn } = await world.run(putting, { n: 1 });
    expect(output).to.have.nested.property("FailedEntryCount", 0);
    const event = JSON.parse((await inbox.receive())[0]?.Body ?? "");
    expect(event.detail).to.deep.equal({ n: 1 });
    const machine = executionArn?.replace(":execution:", ":stateMachine:").split(":").slice(0, -1).join(":");
    expect(event.resources).to.deep.equal(["here", machine, executionArn]);
    const bad = await world.run(calling("events:putEvents", { Entries: [{ ...entry, Source: "" }] }), {});
    expect(bad.error).to.equal("EventBridge.FailedEntry");
    expect(JSON.parse(bad.cause ?? "")).to.have.nested.property("Entries[0].ErrorCode", "InvalidArgument");
  });

  it("writes and reads items, by both ways of naming the service", async () => {
    await world.declare("aws:dynamodb/table:Table", "things", {
      name: "things",
      attributes: [{ name: "id", type: "S" }],
      hashKey: "id",
      billingMode: "PAY_PER_REQUEST",
    });
    const Item = { id: { "S.$": "$.id" }, n: { N: "1" } };
    const put = { TableName: "things", Item, ConditionExpression: "attribute_not_exists(id)" };
    const denied = await world.run(calling("dynamodb:putItem", put), { id: "a" });
    expect(denied.error).to.equal("DynamoDB.AmazonDynamoDBException");
    world.grant("dynamodb:*");
    const first = await world.run(calling("dynamodb:putItem", put), { id: "a" });
    expect(first.output).to.have.all.keys("SdkHttpMetadata", "SdkResponseMetadata");
    const again = await world.run(calling("dynamodb:putItem", put), { id: "a" });
    expect(again.error).to.equal("DynamoDB.ConditionalCheckFailedException");
    const sdk = await world.run(calling("aws-sdk:dynamodb:putItem", put), { id: "a" });
    expect(sdk.error).to.equal("DynamoDb.ConditionalCheckFailedException");
    const read = { TableName: "things", Key: { id: { "S.$": "$.id" } } };
    const found = await world.run(calling("aws-sdk:dynamodb:getItem", read), { id: "a" });
    expect(found.output).to.deep.equal({ Item: { id: { S: "a" }, n: { N: "1" } } });
  });

  it("is refused where its parameters are too large", async () => {
    const grown = calling("lambda:invoke", { FunctionName: "known", Payload: { "a.$": "$", "b.$": "$" } });
    const { error, events } = await world.run(grown, { text: "x".repeat(140_000) });
    expect(error).to.equal("States.DataLimitExceeded");
    expect(typesOf(events)).to.deep.equal(["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"]);
  });

  it("leaves its steps in the trace, under the correlation id of the input", async () => {
    await world.run(calling("lambda:invoke", { FunctionName: "known", "Payload.$": "$" }), { correlationId: "c-42" });
    const steps = world.cloud.trace
      .of("c-42")
      .map(({ service, operation, outcome }) => `${service} ${operation} ${outcome}`);
    expect(steps).to.have.members([
      "states StartExecution done",
      "states Only done",
      "lambda Invoke done",
      "lambda invocation done",
    ]);
    await world.run(calling("lambda:invoke", { FunctionName: "known", Payload: { throws: "Failure" } }), {
      correlationId: "c-43",
    });
    const [, failed] = world.cloud.trace.of("c-43");
    expect(failed).to.include({ service: "states", operation: "Only", outcome: "Failure" });
  });
});

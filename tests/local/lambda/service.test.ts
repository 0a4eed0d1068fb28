import {
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  ListFunctionsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { roleSession, service } from "../../../local/iam/principal";
import {
  aFunction,
  arnOf,
  deadLettersArn,
  failure,
  functionType,
  invokeConfigType,
  type LambdaWorld,
  permissionType,
  roleArn,
  startLambdaWorld,
} from "./serviceWorld";

const echo = `async (event, context) => {
  if (event.fail) throw new TypeError(event.fail);
  console.log("heard", JSON.stringify(event));
  if (event.ms) await new Promise((resolve) => setTimeout(resolve, event.ms));
  return { event, color: process.env.COLOR, key: process.env.AWS_ACCESS_KEY_ID, endpoint: process.env.AWS_ENDPOINT_URL,
    trace: process.env._X_AMZN_TRACE_ID, id: context.awsRequestId };
}`;

describe("Lambda on the embedded cloud", () => {
  let world: LambdaWorld;
  let client: LambdaClient;

  before(async () => {
    world = await startLambdaWorld();
    client = new LambdaClient(world.client);
    await world.makeFunction("echo", echo, {
      environment: { variables: { COLOR: "blue" } },
      description: "says it again",
      architectures: ["arm64"],
      tracingConfig: { mode: "Active" },
      vpcConfig: { subnetIds: ["one"], securityGroupIds: ["two"] },
    });
  });
  after(() => world.close());
  afterEach(() => world.cloud.faults.clear());

  const invoke = async (event: unknown, more: Partial<InvokeCommandInput> = {}, as = client) => {
    const answer = await as.send(new InvokeCommand({ FunctionName: "echo", Payload: JSON.stringify(event), ...more }));
    const text = answer.Payload?.transformToString() ?? "";
    return { ...answer, json: (text ? JSON.parse(text) : undefined) as Record<string, unknown> };
  };

  it("runs a function as its role, with its environment and the gateway as its cloud", async () => {
    const { json, StatusCode, ExecutedVersion, FunctionError, $metadata } = await invoke({ a: 1 });
    expect({ StatusCode, ExecutedVersion, FunctionError }).to.deep.equal({
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      FunctionError: undefined,
    });
    expect(json).to.deep.include({ event: { a: 1 }, color: "blue", endpoint: world.gateway.url });
    expect(json["id"]).to.equal($metadata.requestId);
    expect(world.cloud.principalOf(String(json["key"])).name).to.equal(
      "arn:aws:sts::123456789012:assumed-role/worker/echo",
    );
  });

  it("finds a function by name, ARN and qualifier, and says which it does not find", async () => {
    expect((await invoke({ a: 2 }, { FunctionName: arnOf("echo"), Qualifier: "$LATEST" })).json["event"]).to.deep.equal(
      { a: 2 },
    );
    expect((await invoke({}, { FunctionName: "123456789012:function:echo:$LATEST" })).StatusCode).to.equal(200);
    const error = await failure(invoke({}, { FunctionName: "nobody" }));
    expect(error.name).to.equal("ResourceNotFoundException");
    expect(error.message).to.equal(`Function not found: ${arnOf("nobody")}`);
    expect((await failure(invoke({}, { Qualifier: "3" }))).message).to.equal(`Function not found: ${arnOf("echo")}:3`);
    expect(await failure(invoke({}, { FunctionName: "no body" }))).to.include({
      name: "ValidationException",
      message: String.raw`1 validation error detected: Value 'no body' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`,
    });
  });

  it("answers a function's error as an error of the function, and tails its log", async () => {
    const { json, FunctionError, LogResult, StatusCode } = await invoke({ fail: "no" }, { LogType: "Tail" });
    expect({ FunctionError, StatusCode }).to.deep.equal({ FunctionError: "Unhandled", StatusCode: 200 });
    expect(json).to.include({ errorType: "TypeError", errorMessage: "no" });
    const log = Buffer.from(LogResult ?? "", "base64").toString();
    expect(log).to.include("Invoke Error").and.to.include("platform.report");
    expect(
      world.logs.some(({ group, message }) => group === "/test/echo" && message.includes("Invoke Error")),
    ).to.equal(true);
  });

  it("refuses payloads that are no JSON or too long, odd types, and what it does not support by name", async () => {
    const noJson = await failure(client.send(new InvokeCommand({ FunctionName: "echo", Payload: "{oh" })));
    expect(noJson.name).to.equal("InvalidRequestContentException");
    expect(noJson.message).to.match(
      /^Could not parse request body into json: Could not parse payload into json: Expected property name/,
    );
    const long = await failure(invoke("x".repeat(1_048_576), { InvocationType: "Event" }));
    expect(long.message).to.equal(
      "1048578 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    );
    const odd = { InvocationType: "Later" as "Event" };
    expect(await failure(invoke({}, odd))).to.include({
      name: "ValidationException",
      message:
        "1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
    });
    expect((await failure(invoke({}, { ClientContext: "e30=" }))).message).to.equal(
      "The embedded cloud does not support x-amz-client-context of lambda:Invoke.",
    );
    expect((await failure(client.send(new PublishVersionCommand({ FunctionName: "echo" })))).message).to.equal(
      "The embedded cloud does not support lambda:PublishVersion.",
    );
    expect((await failure(client.send(new ListFunctionsCommand({ FunctionVersion: "ALL" })))).message).to.include(
      "FunctionVersion of lambda:ListFunctions",
    );
  });

  it("only says whether a dry run would be allowed, and takes an empty payload", async () => {
    expect((await invoke({}, { InvocationType: "DryRun" })).StatusCode).to.equal(204);
    const { Payload } = await client.send(new InvokeCommand({ FunctionName: "echo" }));
    expect(Payload?.transformToString()).to.include('"event":{}');
  });

  it("describes and lists what was declared", async () => {
    const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: "echo" }));
    expect(Configuration).to.deep.include({
      FunctionArn: arnOf("echo"),
      Role: roleArn,
      MemorySize: 512,
      Timeout: 10,
      Description: "says it again",
      Architectures: ["arm64"],
      State: "Active",
    });
    const configuration = await client.send(new GetFunctionConfigurationCommand({ FunctionName: "echo" }));
    expect(configuration.Environment?.Variables).to.deep.equal({ COLOR: "blue" });
    await world.makeFunction("another", "async () => 1");
    const first = await client.send(new ListFunctionsCommand({ MaxItems: 1 }));
    expect(first.Functions?.map(({ FunctionName }) => FunctionName)).to.deep.equal(["another"]);
    const second = await client.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
    expect(second.Functions?.map(({ FunctionName }) => FunctionName)).to.deep.equal(["echo"]);
    expect(second.NextMarker).to.equal(undefined);
    expect((await failure(client.send(new ListFunctionsCommand({ Marker: "x" })))).name).to.equal(
      "InvalidParameterValueException",
    );
    expect(await failure(client.send(new ListFunctionsCommand({ MaxItems: 10_001 })))).to.include({
      name: "ValidationException",
      message:
        "1 validation error detected: Value '10001' at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 10000",
    });
    expect(await failure(client.send(new ListFunctionsCommand({ MaxItems: "x" as unknown as number })))).to.include({
      name: "SerializationException",
      message: "STRING_VALUE can not be converted to an Integer",
    });
  });

  it("turns away what exceeds a reserved concurrency, declared or put", async () => {
    await world.makeFunction("narrow", echo, { reservedConcurrentExecutions: 1 });
    const concurrency = new GetFunctionConcurrencyCommand({ FunctionName: "narrow" });
    expect((await client.send(concurrency)).ReservedConcurrentExecutions).to.equal(1);
    const put = (count: number) =>
      client.send(new PutFunctionConcurrencyCommand({ FunctionName: "narrow", ReservedConcurrentExecutions: count }));
    expect((await put(0)).ReservedConcurrentExecutions).to.equal(0);
    const error = await failure(invoke({}, { FunctionName: "narrow" }));
    expect(error.name).to.equal("TooManyRequestsException");
    expect(error["$metadata"]).to.include({ httpStatusCode: 429 });
    expect(error["Reason"]).to.equal("ReservedFunctionConcurrentInvocationLimitExceeded");
    expect(world.sum("Throttles", "narrow")).to.equal(1);
    await put(2);
    expect((await invoke({}, { FunctionName: "narrow" })).StatusCode).to.equal(200);
    const odd = "failed to satisfy constraint: Member must";
    expect(await failure(put(-1))).to.include({
      name: "ValidationException",
      message: `1 validation error detected: Value '-1' at 'reservedConcurrentExecutions' ${odd} have value greater than or equal to 0`,
    });
    expect(await failure(put(undefined as unknown as number))).to.include({
      name: "ValidationException",
      message: `1 validation error detected: Value null at 'reservedConcurrentExecutions' ${odd} not be null`,
    });
    const message =
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].";
    expect((await put(900)).ReservedConcurrentExecutions).to.equal(900);
    expect(await failure(put(901))).to.include({ name: "InvalidParameterValueException", message });
    expect(await failure(world.makeFunction("wide", echo, { reservedConcurrentExecutions: 1 }))).to.include({
      message,
    });
    expect((await put(2)).ReservedConcurrentExecutions).to.equal(2);
    expect(await failure(put("many" as unknown as number))).to.include({
      name: "SerializationException",
      message: "STRING_VALUE can not be converted to an Integer",
    });
    expect(
      (await client.send(new GetFunctionConcurrencyCommand({ FunctionName: "echo" }))).ReservedConcurrentExecutions,
    ).to.equal(undefined);
  });

  it("asks the caller's policies, and the function's own for services", async () => {
    const allowed = new LambdaClient(world.asRole([{ Action: "lambda:InvokeFunction", Resource: arnOf("echo") }]));
    expect((await invoke({}, {}, allowed)).StatusCode).to.equal(200);
    const denied = new LambdaClient(world.asRole([{ Action: "lambda:GetFunction", Resource: "*" }]));
    const error = await failure(invoke({}, {}, denied));
    expect(error.name).to.equal("AccessDeniedException");
    expect(error.message).to.include(`not authorized to perform: lambda:InvokeFunction on resource: ${arnOf("echo")}`);

    const topic = "arn:aws:sns:us-east-1:123456789012:news";
    const news = service("sns.amazonaws.com", { sourceArn: topic });
    const call = () => world.lambda.invoke("echo", Buffer.from("{}"), { from: news });
    expect((await failure(call())).name).to.equal("AwsError");
    expect((await failure(client.send(new GetPolicyCommand({ FunctionName: "echo" })))).name).to.equal(
      "ResourceNotFoundException",
    );
    const { id } = await world.declare(permissionType, "news", {
      function: "echo",
      action: "lambda:InvokeFunction",
      principal: "sns.amazonaws.com",
      sourceArn: topic,
      sourceAccount: "123456789012",
    });
    expect(id).to.equal("news");
    await failure(call());
    await world.declare(permissionType, "any-news", {
      function: arnOf("echo"),
      action: "lambda:InvokeFunction",
      principal: "sns.amazonaws.com",
      sourceArn: topic,
    });
    expect((await call()).kind).to.equal("success");
    const { Policy } = await client.send(new GetPolicyCommand({ FunctionName: "echo" }));
    expect(JSON.parse(Policy ?? "").Statement[1]).to.deep.equal({
      Sid: "any-news",
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: arnOf("echo"),
      Condition: { ArnLike: { "AWS:SourceArn": topic } },
    });
  });

  it("permits accounts and roles, each statement once", async () => {
    await world.makeFunction("shared", "async () => 1");
    const permit = (name: string, principal: string, more = {}) =>
      world.declare(permissionType, name, { function: "shared", action: "lambda:InvokeFunction", principal, ...more });
    await permit("account", "210987654321");
    await permit("role", roleArn, { statementId: "by-role" });
    const { Policy } = await client.send(new GetPolicyCommand({ FunctionName: "shared" }));
    expect(JSON.parse(Policy ?? "").Statement).to.have.length(2);
    const from = roleSession(roleArn, "someone");
    expect((await world.lambda.invoke("shared", Buffer.from("{}"), { from })).kind).to.equal("success");
    expect((await failure(permit("account", roleArn))).message).to.include("(account) provided already exists");
    expect((await failure(permit("odd", roleArn, { principalOrgId: "o" }))).message).to.equal(
      "aws:lambda/permission:Permission odd: property principalOrgId is not supported by the embedded cloud",
    );
    expect((await failure(world.declare(permissionType, "none", {}))).message).to.include("function must be set");
    expect((await failure(world.declare(permissionType, "none", { function: "shared" }))).message).to.include(
      "action and principal must be set",
    );
  });

  it("counts requests, GB-seconds and metrics, and traces by correlation id", async () => {
    world.cloud.meter.reset();
    const before = world.sum("Invocations", "echo");
    const errors = world.sum("Errors", "echo");
    await invoke({ correlationId: "c-1" });
    await invoke({ fail: "again" });
    const amounts = new Map(world.cloud.meter.bill().lines.map(({ what, amount }) => [what, amount]));
    expect(amounts.get("lambda request")).to.equal(2);
    expect(amounts.get("lambda GB-second")).to.be.above(0);
    expect(world.sum("Invocations", "echo")).to.equal(before + 2);
    expect(world.sum("Errors", "echo")).to.equal(errors + 1);
    expect(world.metrics.find(({ name }) => name === "Duration")).to.include({
      namespace: "AWS/Lambda",
      unit: "Milliseconds",
    });
    expect(world.cloud.trace.of("c-1").map(({ operation, outcome }) => `${operation} ${outcome}`)).to.have.members([
      "Invoke done",
      "invocation done",
    ]);
  });

  it("loses the answer of an invocation that is told to crash, once its work is done", async () => {
    world.cloud.faults.inject({ kind: "crash", service: "lambda", operation: "Invoke", caller: "echo", times: 1 });
    const { FunctionError, json } = await invoke({ a: 1 });
    expect(FunctionError).to.equal("Unhandled");
    expect(json["errorType"]).to.equal("Runtime.ExitError");
    expect((await invoke({ a: 1 })).FunctionError).to.equal(undefined);
  });

  it("says how invocations ended, and how the last failed, whoever's request it was", async () => {
    await world.makeFunction("moody", echo, { timeout: 1 });
    const healthAfter = async (event: object) => {
      await invoke(event, { FunctionName: "moody" });
      const { succeeded, failed, failedInARow, lastError } = world.lambda.stats().functions["moody"] ?? {};
      return [succeeded, failed, failedInARow, lastError];
    };
    expect(await healthAfter({})).to.deep.equal([1, 0, 0, undefined]);
    expect(await healthAfter({ fail: "no" })).to.deep.equal([1, 1, 1, "TypeError: no"]);
    expect(await healthAfter({ ms: 60_000 })).to.deep.equal([
      1,
      2,
      2,
      "Sandbox.Timedout: Task timed out after 1.00 seconds",
    ]);
    await world.lambda.replaceCode("moody", { "__index.js": `exports.handler = ${echo};` });
    expect(world.lambda.stats().functions["moody"]).to.include({ failed: 2, failedInARow: 0 });
    expect(await healthAfter({ fail: "again" })).to.deep.equal([1, 3, 1, "TypeError: again"]);
    expect(await healthAfter({})).to.deep.equal([2, 3, 0, "TypeError: again"]);
  });

  it("runs new code once it is replaced", async () => {
    await world.makeFunction("fresh", 'async () => "old"');
    const sha = async () =>
      (await client.send(new GetFunctionConfigurationCommand({ FunctionName: "fresh" }))).CodeSha256;
    const before = await sha();
    expect((await invoke({}, { FunctionName: "fresh" })).json).to.equal("old");
    await world.lambda.replaceCode("fresh", { "__index.js": 'exports.handler = async () => "new";' });
    expect((await invoke({}, { FunctionName: "fresh" })).json).to.equal("new");
    expect(await sha()).not.to.equal(before);
    expect(world.lambda.stats().functions["fresh"]).to.include({ workers: 1, cold: 2 });
  });

  it("refuses declarations it does not understand, naming what", async () => {
    const declare = async (overrides: Record<string, unknown>) =>
      (await failure(world.declare(functionType, "odd", aFunction("odd", "async () => 1", overrides)))).message;
    const type = "aws:lambda/function:Function odd";
    expect(await declare({ layers: [] })).to.equal(`${type}: property layers is not supported by the embedded cloud`);
    expect(await declare({ environment: { secrets: 1 } })).to.include("property environment.secrets is not supported");
    expect(await declare({ runtime: "python3.14" })).to.equal(
      `${type}: runtime must be "nodejs24.x" on the embedded cloud, not "python3.14"`,
    );
    expect(await declare({ loggingConfig: undefined })).to.include('loggingConfig.logFormat must be "JSON"');
    expect(await declare({ loggingConfig: { logFormat: "JSON", applicationLogLevel: "LOUD" } })).to.include(
      "applicationLogLevel must be one of",
    );
    expect(await declare({ publish: true })).to.include("property publish");
    expect(await declare({ timeout: 901 })).to.equal(`${type}: timeout must be a whole number from 1 to 900, not 901`);
    expect(await declare({ role: undefined })).to.include("property role must be set");
    expect(await declare({ code: "none" })).to.equal(`${type}: a function's code must be an archive of assets`);
    const twice = await failure(world.declare(functionType, "echo", aFunction("echo", echo)));
    expect(twice.message).to.equal("Function already exist: echo");
  });

  it("keeps how asynchronous invocations are retried, and refuses destinations out of the role's reach", async () => {
    const get = () => client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: "echo" }));
    const declare = (more: Record<string, unknown>) =>
      world.declare(invokeConfigType, "echo", { functionName: "echo", maximumRetryAttempts: 1, ...more });
    const toDeadLetters = { destinationConfig: { onFailure: { destination: deadLettersArn } } };
    expect((await failure(get())).message).to.equal(
      `The function ${arnOf("echo")}:$LATEST doesn't have an EventInvokeConfig`,
    );
    expect((await failure(declare(toDeadLetters))).message).to.match(
      /^The provided execution role does not have permissions to call SendMessage on SQS/,
    );
    world.grant("send", "sqs:SendMessage", deadLettersArn);
    await declare(toDeadLetters);
    expect(await get()).to.deep.include({
      FunctionArn: `${arnOf("echo")}:$LATEST`,
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: deadLettersArn } },
    });
    expect((await failure(declare({ maximumRetryAttempts: 3 }))).message).to.include("from 0 to 2");
    expect(
      (await failure(declare({ destinationConfig: { onFailure: { destination: "arn:aws:s3:::bucket" } } }))).message,
    ).to.include("destination arn:aws:s3:::bucket is not supported");
    expect((await failure(declare({ functionName: undefined }))).message).to.include("functionName must be set");
    expect((await failure(declare({ qualifier: "live" }))).message).to.include(`${arnOf("echo")}:live`);
  });
});

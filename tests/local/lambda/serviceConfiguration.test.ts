import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { failure, type LambdaWorld, startLambdaWorld } from "./serviceWorld";

type Update = Omit<UpdateFunctionConfigurationCommandInput, "FunctionName">;

const FunctionName = "settled";

describe("a function's configuration on the embedded cloud", () => {
  let world: LambdaWorld;
  let client: LambdaClient;

  const update = (input: Update) => client.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...input }));
  /** What the client would not send. */
  const updateRaw = (body: object) => {
    const command = new UpdateFunctionConfigurationCommand({ FunctionName });
    command.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { body: JSON.stringify(body) });
        return next(args);
      },
      { step: "build", priority: "high" },
    );
    return client.send(command);
  };
  const ask = async () =>
    JSON.parse(
      Buffer.from((await client.send(new InvokeCommand({ FunctionName }))).Payload ?? []).toString("utf8"),
    ) as unknown;

  before(async () => {
    world = await startLambdaWorld();
    client = new LambdaClient(world.client);
    await world.makeFunction(FunctionName, "async (event, context) => [process.env.WORD, context.memoryLimitInMB]", {
      environment: { variables: { WORD: "declared", OTHER: "one" } },
    });
  });
  after(() => world.close());

  it("is that of new invocations once it was given anew", async () => {
    expect(await ask()).to.deep.equal(["declared", "512"]);
    const changed = await update({
      MemorySize: 256,
      Timeout: 20,
      Description: "anew",
      Environment: { Variables: { WORD: "given" } },
    });
    const told = { MemorySize: 256, Timeout: 20, Description: "anew" };
    expect(changed).to.deep.include({ ...told, FunctionName, Environment: { Variables: { WORD: "given" } } });
    expect(await ask()).to.deep.equal(["given", "256"]);
    await update({ MemorySize: 384 });
    expect(await ask()).to.deep.equal(["given", "384"]);
    const now = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(now).to.deep.include({ ...told, MemorySize: 384, Environment: { Variables: { WORD: "given" } } });
  });

  it("has 4 KB for its variables, as Lambda writes and measures them", async () => {
    const sized = (bytes: number) => ({ WORD: "é".repeat(100) + "x".repeat(bytes - '{"WORD":""}'.length - 200) });
    const most = sized(4_096);
    const words = (variables: object) =>
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables)}`;
    await update({ Environment: { Variables: most } });
    expect(await ask()).to.deep.include(most.WORD);
    expect(await failure(update({ Environment: { Variables: sized(4_097) } }))).to.include({
      name: "InvalidParameterValueException",
      message: words(sized(4_097)),
    });
    expect(await ask()).to.deep.include(most.WORD);
    const declared = (name: string, variables: object) =>
      world.makeFunction(name, "async () => 1", { environment: { variables } });
    await declared("full", most);
    const refused = await failure(declared("over-full", sized(4_097)));
    expect(refused.message).to.equal(
      `aws:lambda/function:Function over-full: InvalidParameterValueException: ${words(sized(4_097))}`,
    );
  });

  it("stays as it is where another is refused, by the name of what cannot be changed", async () => {
    const before = await ask();
    expect(await failure(update({ MemorySize: 127 }))).to.include({
      name: "ValidationException",
      message:
        "1 validation error detected: Value '127' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
    });
    expect(await failure(update({ Timeout: 901 }))).to.have.property("name", "ValidationException");
    const region = await failure(update({ Environment: { Variables: { AWS_REGION: "eu-west-1", TWO: "2" } } }));
    expect(region.name).to.equal("InvalidParameterValueException");
    expect(region.message).to.match(/Reserved keys used in this request: AWS_REGION$/);
    for (const odd of [
      { Description: 1 },
      { Environment: "x" },
      { Environment: { Variables: ["x"] } },
      { Environment: { Variables: { A: 1 } } },
    ]) {
      const refused = await failure(updateRaw(odd));
      expect(refused.name, JSON.stringify(odd)).to.equal("SerializationException");
    }
    for (const [more, member] of [
      [{ Handler: "x.y" }, "Handler"],
      [{ Environment: { Other: 1 } }, "Environment.Other"],
    ] as const) {
      const unknown = await failure(updateRaw(more));
      expect(unknown.message).to.include(`${member} of lambda:UpdateFunctionConfiguration`);
    }
    expect(await ask()).to.deep.equal(before);
    const reader = new LambdaClient(world.asRole([{ Action: "lambda:GetFunction*", Resource: "*" }]));
    const denied = await failure(
      reader.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 128 })),
    );
    expect(denied.name).to.equal("AccessDeniedException");
  });
});

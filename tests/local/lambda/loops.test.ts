import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetFunctionRecursionConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { buildSync } from "esbuild";
import { compilePolicy } from "../../../local/iam/policy";
import { createLambda } from "../../../local/lambda/service";
import { failure } from "../failure";
import { arnOf as queueArn, startWorld, type World } from "../sqs/world";
import { aFunction, functionType, mappingType, roleArn } from "./serviceWorld";

const recursionType = "aws:lambda/functionRecursionConfig:FunctionRecursionConfig";

/** Puts each message back into its queue until it has been called so often. */
const source = `
  import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
  const client = new SQSClient({});
  let calls = 0;
  export const handler = async ({ Records }) => {
    calls++;
    console.log("call " + calls);
    if (calls === 20) return;
    await client.send(new SendMessageCommand({ QueueUrl: process.env.OWN_QUEUE_URL, MessageBody: Records[0].body }));
  };
`;

const bundled = (): string =>
  buildSync({
    stdin: { contents: source, resolveDir: __dirname },
    bundle: true,
    platform: "node",
    write: false,
    logLevel: "error",
  }).outputFiles[0]?.text ?? "";

describe("a function that feeds its own queue", () => {
  const code = { "__index.js": bundled() };
  let world: World;
  let workDir: string;
  let said: string[];
  let dropped: number;

  beforeEach(async () => {
    [said, dropped] = [[], 0];
    workDir = await mkdtemp(join(tmpdir(), "lambda-loops-"));
    world = await startWorld((cloud, source) => [
      createLambda(cloud, {
        workDir,
        source,
        onLog: (_group, _stream, { message }) => said.push(message),
        onMetric: ({ name }) => {
          if (name === "RecursiveInvocationsDropped") dropped++;
        },
      }),
    ]);
    const Statement = [{ Effect: "Allow", Action: "sqs:*", Resource: queueArn("work") }];
    const policy = compilePolicy({ Version: "2012-10-17", Statement }, { name: "work", kind: "identity" });
    world.cloud.putRolePolicy(roleArn, "work", policy);
  });
  afterEach(async () => {
    await world.close();
    await rm(workDir, { recursive: true, force: true });
  });

  const feed = async (recursiveLoop?: string, deadLetters = true): Promise<number> => {
    if (deadLetters) await world.queue("dead");
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead"), maxReceiveCount: 3 });
    const OWN_QUEUE_URL = await world.queue("work", deadLetters ? { redrivePolicy } : {});
    const environment = { variables: { OWN_QUEUE_URL } };
    await world.declare(functionType, "work", aFunction("work", "", { code, environment }));
    if (recursiveLoop) await world.declare(recursionType, "work", { functionName: "work", recursiveLoop });
    await world.declare(mappingType, "work", { eventSourceArn: queueArn("work"), functionName: "work", batchSize: 1 });
    await world.api.send(new SendMessageCommand({ QueueUrl: OWN_QUEUE_URL, MessageBody: "round" }));
    await world.cloud.activity.settle(world.cloud.clock);
    return said.filter((line) => line.includes('"message":"call ')).length;
  };

  it("is called no more after 16 times for one message, which then lies in the dead letter queue", async () => {
    expect(await feed()).to.equal(16);
    expect((await world.receive(`${world.cloud.endpoint}/123456789012/dead`)).map(({ Body }) => Body)).to.deep.equal([
      "round",
    ]);
    expect(dropped).to.equal(1);
  });

  it("loses the message then, where its queue has no dead letter queue", async () => {
    expect(await feed("Terminate", false)).to.equal(16);
    expect(await world.receive(`${world.cloud.endpoint}/123456789012/work`)).to.deep.equal([]);
    expect(dropped).to.equal(1);
  });

  it("goes on where loops are allowed, and says so", async () => {
    expect(await feed("Allow")).to.equal(20);
    expect(dropped).to.equal(0);
    const lambda = new LambdaClient(world.client);
    const asked = await lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName: "work" }));
    expect(asked.RecursiveLoop).to.equal("Allow");
  });

  it("is one or the other", async () => {
    const odd = failure(world.declare(recursionType, "odd", { functionName: "work", recursiveLoop: "Perhaps" }));
    expect((await odd).message).to.equal(`${recursionType} odd: recursiveLoop must be Allow or Terminate`);
  });
});

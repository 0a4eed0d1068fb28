import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "../../../local/cloud/cloud";
import type { MetricDatum } from "../../../local/cloudWatch/metricData";
import type { Files } from "../../../local/engine/archive";
import { compilePolicy } from "../../../local/iam/policy";
import { createLambda, type Lambda } from "../../../local/lambda/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { type TestQueue, testQueue } from "./queue";

export const functionType = "aws:lambda/function:Function";
export const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";
export const permissionType = "aws:lambda/permission:Permission";
export const invokeConfigType = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
export const roleArn = "arn:aws:iam::123456789012:role/worker";
export const queueArn = "arn:aws:sqs:us-east-1:123456789012:work";
export const deadLettersArn = "arn:aws:sqs:us-east-1:123456789012:dead";
export const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

export interface LambdaWorld extends TestCloud {
  lambda: Lambda;
  queue: TestQueue;
  logs: { group: string; stream: string; message: string }[];
  metrics: MetricDatum[];
  /** What was delivered to queues. */
  delivered: Message[];
  /** Declares a function whose handler is this source. */
  makeFunction: (name: string, handler: string, overrides?: Record<string, unknown>) => Promise<string>;
  grant: (policy: string, Action: string | string[], Resource: string | string[]) => void;
  sum: (metric: string, functionName: string) => number;
}

export const archiveOf = (source: string): Files => ({ "__index.js": source });

export const aFunction = (name: string, handler: string, overrides: Record<string, unknown> = {}) => ({
  name,
  role: roleArn,
  runtime: "nodejs24.x",
  handler: "__index.handler",
  memorySize: 512,
  timeout: 10,
  loggingConfig: { logFormat: "JSON", logGroup: `/test/${name}`, systemLogLevel: "INFO" },
  code: archiveOf(`exports.handler = ${handler};`),
  ...overrides,
});

/** A cloud with Lambda, one queue to poll, and a place for whatever is delivered to queues. */
export const startLambdaWorld = async (journal?: string): Promise<LambdaWorld> => {
  const workDir = await mkdtemp(join(tmpdir(), "lambda-service-"));
  const made: Pick<LambdaWorld, "logs" | "metrics" | "delivered"> = { logs: [], metrics: [], delivered: [] };
  const parts: { lambda?: Lambda; queue?: TestQueue } = {};
  const world = await startTestCloud((cloud) => {
    parts.queue = testQueue(cloud);
    parts.lambda = createLambda(cloud, {
      workDir,
      source: parts.queue.source,
      onLog: (group, stream, { message }) => made.logs.push({ group, stream, message }),
      onMetric: (datum) => made.metrics.push(datum),
      ...(journal !== undefined && { journal }),
    });
    cloud.onDelivery("sqs", async (message) => {
      cloud.authorise(message.from, { action: "sqs:SendMessage", resource: message.to });
      made.delivered.push(message);
    });
    return [parts.lambda];
  });
  const { lambda, queue } = parts;
  if (!lambda || !queue) throw new Error("the cloud was not made");
  return {
    ...world,
    ...made,
    lambda,
    queue,
    makeFunction: async (name, handler, overrides) => {
      const { outputs } = await world.declare(functionType, name, aFunction(name, handler, overrides));
      return String(outputs["arn"]);
    },
    grant: (policy, Action, Resource) => {
      const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] };
      world.cloud.putRolePolicy(roleArn, policy, compilePolicy(document, { name: policy, kind: "identity" }));
    },
    sum: (metric, functionName) =>
      made.metrics
        .filter(({ name, dimensions }) => name === metric && dimensions["FunctionName"] === functionName)
        .reduce((total, { values: [value = 0] }) => total + value, 0),
    close: async () => {
      await world.close();
      await rm(workDir, { recursive: true, force: true });
    },
  };
};

export { failure } from "../failure";

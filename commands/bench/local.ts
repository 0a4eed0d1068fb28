import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { build } from "esbuild";
import { Cloud } from "../../local/cloud/cloud";
import { compilePattern } from "../../local/eventBridge/pattern";
import { startGateway } from "../../local/gateway/gateway";
import { makePipeline } from "../../local/gateway/pipeline";
import { decide } from "../../local/iam/decide";
import { compilePolicy } from "../../local/iam/policy";
import { roleSession } from "../../local/iam/principal";
import { createServices } from "../../local/services";
import { median, printTable } from "./measure";

const root = resolve(__dirname, "../..");
const site = "us-east-1:123456789012";
const arn = {
  bus: `arn:aws:events:${site}:event-bus/bench`,
  queue: `arn:aws:sqs:${site}:bench`,
  role: "arn:aws:iam::123456789012:role/bench",
  table: `arn:aws:dynamodb:${site}:table/bench`,
  function: `arn:aws:lambda:${site}:function:bench`,
};

/** Writes each event once; a second writing of one would fail the whole run. */
const handler = `
  import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
  const client = new DynamoDBClient({});
  export const handler = async ({ Records = [] }) => {
    await Promise.all(Records.map(({ body }) => {
      const { id } = JSON.parse(body).detail;
      return client.send(new PutItemCommand({
        TableName: "bench", Item: { id: { S: id } }, ConditionExpression: "attribute_not_exists(id)",
      }));
    }));
    return { batchItemFailures: [] };
  };
`;

const bundled = async (): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: handler, resolveDir: root },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node24",
    mainFields: ["module", "main"],
    minify: true,
  });
  return outputFiles[0]?.text ?? "";
};

const statement = (Action: string[], Resource: string) => ({ Effect: "Allow", Action, Resource });

const rolePolicy = {
  Version: "2012-10-17",
  Statement: [
    statement(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], arn.queue),
    statement(["dynamodb:PutItem"], arn.table),
  ],
};

const assumedByLambda = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

const queuePolicy = {
  Version: "2012-10-17",
  Statement: [{ ...statement(["sqs:SendMessage"], arn.queue), Principal: { Service: "events.amazonaws.com" } }],
};

/** Bus → rule → queue → function → table, declared as the program would. */
const bringUp = async () => {
  const workFolder = await mkdtemp(join(tmpdir(), "signal9-bench-"));
  const cloud = new Cloud();
  const services = createServices(cloud, { workFolder, dataFolder: undefined });
  const gateway = await startGateway(makePipeline(cloud, services.all), 0);
  cloud.endpoint = gateway.url;
  const makers = new Map(services.all.flatMap((service) => Object.entries(service.resources)));
  const declare = async (type: string, inputs: Record<string, unknown>) => {
    const made = await makers.get(type)?.({ type, name: "bench", inputs });
    if (!made) throw new Error(`no service makes ${type}`);
    return made.outputs;
  };
  const code = { "index.js": await bundled() };
  await declare("aws:dynamodb/table:Table", {
    name: "bench",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "id",
    attributes: [{ name: "id", type: "S" }],
  });
  await declare("aws:cloudwatch/eventBus:EventBus", { name: "bench" });
  await declare("aws:cloudwatch/logGroup:LogGroup", { name: "/aws/lambda/bench" });
  const { url } = await declare("aws:sqs/queue:Queue", { name: "bench", visibilityTimeoutSeconds: 180 });
  await declare("aws:sqs/queuePolicy:QueuePolicy", { queueUrl: url, policy: JSON.stringify(queuePolicy) });
  await declare("aws:cloudwatch/eventRule:EventRule", {
    name: "bench",
    eventBusName: "bench",
    eventPattern: JSON.stringify({ source: ["bench"], "detail-type": ["happened"] }),
  });
  await declare("aws:cloudwatch/eventTarget:EventTarget", {
    rule: "bench",
    eventBusName: "bench",
    targetId: "bench",
    arn: arn.queue,
  });
  await declare("aws:iam/role:Role", { name: "bench", assumeRolePolicy: JSON.stringify(assumedByLambda) });
  await declare("aws:iam/rolePolicy:RolePolicy", { role: "bench", policy: JSON.stringify(rolePolicy) });
  await declare("aws:lambda/function:Function", {
    name: "bench",
    code,
    handler: "index.handler",
    runtime: "nodejs24.x",
    role: arn.role,
    timeout: 30,
    memorySize: 256,
    loggingConfig: { logFormat: "JSON", logGroup: "/aws/lambda/bench" },
  });
  await declare("aws:lambda/eventSourceMapping:EventSourceMapping", {
    eventSourceArn: arn.queue,
    functionName: arn.function,
    batchSize: 10,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: 2 },
  });
  const settings = {
    endpoint: gateway.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  return {
    cloud,
    services,
    settings,
    close: async () => {
      await gateway.close();
      for (const service of services.all) await service.close();
      cloud.clock.stop();
      await rm(workFolder, { recursive: true, force: true });
    },
  };
};

type Up = Awaited<ReturnType<typeof bringUp>>;

const senders = 6;
/** V8 has compiled what is run by then: what is measured is how many events a second it goes on with. */
const warmUp = 3_000;

const flood = async ({ cloud, settings }: Up, events: EventBridgeClient, count: number, prefix: string) => {
  cloud.meter.reset();
  const startedAt = performance.now();
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < count) {
      const ids = Array.from({ length: Math.min(10, count - next) }, () => `${prefix}-${next++}`);
      await events.send(
        new PutEventsCommand({
          Entries: ids.map((id) => ({
            EventBusName: "bench",
            Source: "bench",
            DetailType: "happened",
            Detail: JSON.stringify({ id }),
          })),
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  await cloud.activity.idle();
  const ms = performance.now() - startedAt;
  const written = cloud.meter.bill().lines.find(({ what }) => what === "dynamodb write unit")?.amount ?? 0;
  if (written !== count) throw new Error(`${count} events were put, but ${written} writes were made`);
  return { ms, endpoint: settings.endpoint };
};

const throughput = async (up: Up, events: EventBridgeClient): Promise<void> => {
  await flood(up, events, warmUp, "warm");
  const rows = [[`events, after ${warmUp}`, "seconds", "events a second", "main process"]];
  for (const count of [1_000, 10_000, 50_000]) {
    const { ms } = await flood(up, events, count, `run-${count}`);
    rows.push([
      String(count),
      (ms / 1_000).toFixed(1),
      Math.round((count / ms) * 1_000).toString(),
      `${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`,
    ]);
  }
  printTable(rows);
};

/** What the platform reports at the end of each invocation. */
const workerMegabytes = async (settings: Up["settings"]): Promise<number[]> => {
  const { events = [] } = await new CloudWatchLogsClient(settings).send(
    new FilterLogEventsCommand({ logGroupName: "/aws/lambda/bench", filterPattern: '{ $.type = "platform.report" }' }),
  );
  return events.map(({ message = "" }) => {
    const report = JSON.parse(message) as { record: { metrics: { maxMemoryUsedMB: number } } };
    return report.record.metrics.maxMemoryUsedMB;
  });
};

const latencies = async ({ cloud, services, settings }: Up, events: EventBridgeClient): Promise<void> => {
  const idle: number[] = [];
  cloud.meter.reset();
  for (let at = 0; at < 30; at++) {
    const startedAt = performance.now();
    const Detail = JSON.stringify({ id: `single-${at}` });
    const Entries = [{ EventBusName: "bench", Source: "bench", DetailType: "happened", Detail }];
    await events.send(new PutEventsCommand({ Entries }));
    await cloud.activity.idle();
    idle.push(performance.now() - startedAt);
  }
  const written = cloud.meter.bill().lines.find(({ what }) => what === "dynamodb write unit")?.amount;
  if (written !== idle.length) throw new Error(`${idle.length} events were put, but ${written} writes were made`);
  const lambda = new LambdaClient(settings);
  const invoke = async (): Promise<number> => {
    const startedAt = performance.now();
    await lambda.send(new InvokeCommand({ FunctionName: "bench", Payload: "{}" }));
    return performance.now() - startedAt;
  };
  const warm: number[] = [];
  for (let at = 0; at < 50; at++) warm.push(await invoke());
  const cold: number[] = [];
  const files = { "index.js": await bundled() };
  for (let at = 0; at < 9; at++) {
    await services.lambda.replaceCode("bench", files);
    cold.push(await invoke());
  }
  printTable([
    ["", "median"],
    ["an idle event to its finished write", `${median(idle).toFixed(1)} ms`],
    ["a warm invocation", `${median(warm).toFixed(1)} ms`],
    ["a cold invocation", `${median(cold).toFixed(0)} ms`],
    ["memory of a worker", `${median(await workerMegabytes(settings))} MB`],
  ]);
};

const microseconds = (work: () => void): number => {
  const times = 20_000;
  for (let at = 0; at < times; at++) work();
  const startedAt = performance.now();
  for (let at = 0; at < times; at++) work();
  return ((performance.now() - startedAt) * 1_000) / times;
};

const decisions = (): void => {
  const matches = compilePattern(
    JSON.stringify({
      source: ["a"],
      "detail-type": ["b"],
      detail: { x: [{ prefix: "p" }], y: [{ numeric: [">", 1] }] },
    }),
  );
  const event = {
    version: "0",
    id: "1",
    "detail-type": "b",
    source: "a",
    account: "1",
    time: "",
    region: "",
    resources: [],
    detail: { x: "pq", y: 2 },
  };
  const policy = compilePolicy(rolePolicy, { name: "bench", kind: "identity" });
  const principal = roleSession(arn.role, "bench");
  const request = { principal, action: "dynamodb:PutItem", resource: arn.table, context: {} };
  const matching = microseconds(() => matches(event));
  const deciding = microseconds(() => decide(request, { identity: [policy], sameAccount: true }));
  printTable([
    ["", "mean"],
    ["matching an event against a rule", `${matching.toFixed(2)} µs`],
    ["deciding whether a role may", `${deciding.toFixed(2)} µs`],
  ]);
};

/** Events through the embedded cloud: how many, how soon, and what its parts cost. */
export const local = async (): Promise<void> => {
  decisions();
  console.log();
  const up = await bringUp();
  try {
    const events = new EventBridgeClient(up.settings);
    await throughput(up, events);
    console.log();
    await latencies(up, events);
  } finally {
    await up.close();
  }
};

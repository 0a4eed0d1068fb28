import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { Cloud } from "../../../local/cloud/cloud";
import type { MetricDatum } from "../../../local/cloudWatch/metricData";
import { compilePolicy } from "../../../local/iam/policy";
import { createKinesis, type Kinesis } from "../../../local/kinesis/service";
import { streamSource } from "../../../local/kinesis/source";
import { createLambda, type Lambda } from "../../../local/lambda/service";
import { createS3, type S3Service } from "../../../local/s3/service";
import { createSns, type Sns } from "../../../local/sns/service";
import { createSqs, type Sqs } from "../../../local/sqs/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { aFunction, arnOf as functionArn, functionType, mappingType, roleArn } from "../lambda/serviceWorld";
import { arnOf, streamType } from "./world";

export interface MappingWorld extends TestCloud {
  kinesis: Kinesis;
  lambda: Lambda;
  sqs: Sqs;
  sns: Sns;
  s3: S3Service;
  api: KinesisClient;
  metrics: MetricDatum[];
  /** The batches that functions told of, in turn. */
  heard: (functionName: string) => string[][];
  /** A stream and a function that reads it. */
  map: (
    name: string,
    handler: string,
    more?: Record<string, unknown>,
    stream?: Record<string, unknown>,
  ) => Promise<string>;
  /** A function that reads a stream which is there. */
  mapTo: (stream: string, name: string, handler: string, more?: Record<string, unknown>) => Promise<string>;
  /** A mapping between what is there. */
  join: (stream: string, functionName: string, more?: Record<string, unknown>) => Promise<string>;
  lambdaApi: LambdaClient;
  /** A function's mapping, as Lambda tells of it. */
  describe: (functionName: string) => Promise<EventSourceMappingConfiguration>;
  lastResult: (functionName: string) => Promise<string | undefined>;
  enable: (functionName: string, enabled: boolean) => Promise<void>;
  put: (stream: string, ...records: string[]) => Promise<void>;
  grant: (policy: string, Action: string | string[], Resource: string | string[], Effect?: string) => void;
  idle: () => Promise<void>;
  settle: () => Promise<void>;
  later: (seconds: number) => Promise<void>;
}

/** Tells of its batch, and then does as the rest of the handler says; `texts` are the batch's data. */
export const telling = (rest: string): string => `async ({ Records }) => {
  const texts = Records.map(({ kinesis }) => Buffer.from(kinesis.data, "base64").toString());
  console.log("batch " + texts.join("+"));
  const reporting = (...names) => ({ batchItemFailures: Records
    .filter((_, at) => names.some((name) => texts[at].startsWith(name)))
    .map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) });
  ${rest}
}`;

/** A cloud with streams, functions, queues, topics and buckets. Given folders, what is kept stays in them. */
export const startMappingWorld = async (data?: string): Promise<MappingWorld> => {
  const folder = await mkdtemp(path(tmpdir(), "signal9-streams-"));
  const cloud = new Cloud();
  const metrics: MetricDatum[] = [];
  const logs: { group: string; message: string }[] = [];
  const onMetric = (datum: MetricDatum) => metrics.push(datum);
  const kept = (file: string) => (data === undefined ? undefined : path(data, file));
  const [streamsFile, checkpoints] = [kept("streams.jsonl"), kept("checkpoints.jsonl")];
  const kinesis = createKinesis(cloud, { onMetric, ...(streamsFile !== undefined && { journal: streamsFile }) });
  const sqs = createSqs(cloud);
  const sns = createSns(cloud, { canUseKey: () => undefined });
  const s3 = createS3(cloud, { folder: path(folder, "objects") });
  const lambda = createLambda(cloud, {
    workDir: path(folder, "functions"),
    source: sqs.queues,
    streams: streamSource(kinesis.streams, () => cloud.clock.now()),
    ...(checkpoints !== undefined && { checkpoints }),
    onLog: (group, _stream, { message }) => logs.push({ group, message }),
    onMetric,
  });
  const world = await startTestCloud(() => [kinesis, lambda, sqs, sns, s3], cloud);
  const api = new KinesisClient(world.client);
  const grant: MappingWorld["grant"] = (policy, Action, Resource, Effect = "Allow") => {
    const document = { Version: "2012-10-17", Statement: [{ Effect, Action, Resource }] };
    cloud.putRolePolicy(roleArn, policy, compilePolicy(document, { name: policy, kind: "identity" }));
  };
  grant(
    "stream",
    ["GetRecords", "GetShardIterator", "DescribeStream", "DescribeStreamSummary", "ListShards"].map(
      (action) => `kinesis:${action}`,
    ),
    "arn:aws:kinesis:us-east-1:123456789012:stream/*",
  );
  const lambdaApi = new LambdaClient(world.client);
  const mapTo: MappingWorld["mapTo"] = async (stream, name, handler, more) => {
    await world.declare(functionType, name, aFunction(name, handler));
    return join(stream, name, more);
  };
  const join: MappingWorld["join"] = async (stream, name, more = {}) => {
    const inputs = { eventSourceArn: arnOf(stream), functionName: functionArn(name), startingPosition: "TRIM_HORIZON" };
    return String((await world.declare(mappingType, name, { ...inputs, ...more })).id);
  };
  const describe: MappingWorld["describe"] = async (FunctionName) => {
    const { EventSourceMappings: [found] = [] } = await lambdaApi.send(
      new ListEventSourceMappingsCommand({ FunctionName }),
    );
    return lambdaApi.send(new GetEventSourceMappingCommand({ UUID: found?.UUID }));
  };
  return {
    ...world,
    kinesis,
    lambda,
    sqs,
    sns,
    s3,
    api,
    metrics,
    grant,
    heard: (name) =>
      logs
        .filter(({ group }) => group === `/test/${name}`)
        .flatMap(({ message }) => {
          const [, said] = /"message":"batch ([^"]*)"/.exec(message) ?? [];
          return said === undefined ? [] : [said.split("+")];
        }),
    map: async (name, handler, more, stream = { shardCount: 1 }) => {
      await world.declare(streamType, name, { name, ...stream });
      return mapTo(name, name, handler, more);
    },
    mapTo,
    join,
    lambdaApi,
    describe,
    lastResult: async (name) => (await describe(name)).LastProcessingResult,
    enable: async (name, Enabled) => {
      const { UUID } = await describe(name);
      await lambdaApi.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
    },
    put: async (StreamName, ...records) => {
      await api.send(
        new PutRecordsCommand({
          StreamName,
          Records: records.map((record) => {
            const [PartitionKey = "", data = ""] = record.split(":");
            return { PartitionKey, Data: Buffer.from(data) };
          }),
        }),
      );
    },
    idle: () => cloud.activity.idle(),
    settle: () => cloud.activity.settle(cloud.clock),
    later: (seconds) => cloud.clock.turnTo(cloud.clock.now() + seconds * 1_000, () => cloud.activity.idle()),
    close: async () => {
      api.destroy();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

import { join } from "node:path";
import { type ApiGateway, createApiGateway } from "./apiGateway/service";
import { type Certificate, sharedCertificate } from "./certificate/certificate";
import type { Cloud } from "./cloud/cloud";
import { Journal } from "./cloud/journal";
import { keepTurns, turnedNotices } from "./cloud/keptTurns";
import type { Service } from "./cloud/service";
import { type CloudWatch, createCloudWatch } from "./cloudWatch/service";
import { createCognito } from "./cognito/service";
import { createDynamoDB } from "./dynamodb/service";
import { createElastiCache, type ElastiCache } from "./elastiCache/service";
import { createSchemas } from "./eventBridge/schemas";
import { createEventBridge, type EventBridge } from "./eventBridge/service";
import { createGlue } from "./glue/service";
import { createIdentity } from "./identity/service";
import { createKinesis } from "./kinesis/service";
import { streamSource } from "./kinesis/source";
import { createKms } from "./kms/service";
import { keptCode } from "./lambda/keptCode";
import { createLambda, type Lambda } from "./lambda/service";
import { makeFolder } from "./makeFolder";
import { createNetwork } from "./network/service";
import { createOpenSearch } from "./openSearch/service";
import { createRandom } from "./random/service";
import { createS3 } from "./s3/service";
import { createSecretsManager } from "./secretsManager/service";
import { createSns, type Sns } from "./sns/service";
import { reportQueues } from "./sqs/queueMetrics";
import { createSqs, type Sqs } from "./sqs/service";
import { createStepFunctions, type StepFunctions } from "./stepFunctions/service";
import { createSts } from "./sts/service";

export interface Services {
  all: readonly Service[];
  /** What is shown to whoever comes over TLS. */
  certificate: () => Promise<Certificate>;
  apiGateway: ApiGateway;
  cloudWatch: CloudWatch;
  elastiCache: ElastiCache;
  eventBridge: EventBridge;
  lambda: Lambda;
  sns: Sns;
  sqs: Sqs;
  stepFunctions: StepFunctions;
  /** What whoever starts the cloud should know. */
  notices: () => string[];
}

export interface Folders {
  /** For what is made anew at each start. */
  workFolder: string;
  /** For what is kept across restarts, if anything is. */
  dataFolder: string | undefined;
}

const folder = (...path: string[]): string => {
  const made = join(...path);
  makeFolder(made);
  return made;
};

/** Every service of the embedded cloud, wired to those it builds on. */
export const createServices = (cloud: Cloud, { workFolder, dataFolder }: Folders): Services => {
  const endpoint = process.env["SIGNAL9_DYNAMODB_ENDPOINT"];
  const keptIn = (file: string) => (dataFolder ? { journal: join(folder(dataFolder), file) } : {});
  if (dataFolder) keepTurns(cloud.clock, new Journal(join(folder(dataFolder), "clock.jsonl")));
  const turned = turnedNotices(cloud.clock);
  const cloudWatch = createCloudWatch(cloud, dataFolder ? { folder: folder(dataFolder, "cloudWatch") } : {});
  const identity = createIdentity(cloud);
  const kms = createKms(cloud);
  const sqs = createSqs(cloud, keptIn("queues.jsonl"));
  reportQueues(cloud, sqs.queues, cloudWatch.putMetric);
  const sns = createSns(cloud, { canUseKey: kms.canUseKey });
  const eventBridge = createEventBridge(cloud, {
    onMetric: cloudWatch.putMetric,
    ...keptIn("events.jsonl"),
  });
  const certificate = sharedCertificate(folder(workFolder, "certificate"));
  const elastiCache = createElastiCache(cloud, {
    certificate,
    workFolder: folder(workFolder, "redis"),
    ...(dataFolder && { dataFolder: folder(dataFolder, "redis") }),
  });
  const kinesis = createKinesis(cloud, { onMetric: cloudWatch.putMetric, ...keptIn("streams.jsonl") });
  const lambda = createLambda(cloud, {
    workDir: keptCode() ?? folder(workFolder, "functions"),
    trusted: elastiCache.certificate,
    source: sqs.queues,
    streams: streamSource(kinesis.streams, () => cloud.clock.now()),
    ...keptIn("invocations.jsonl"),
    ...(dataFolder && { checkpoints: join(folder(dataFolder), "checkpoints.jsonl") }),
    onLog: cloudWatch.appendLog,
    onMetric: cloudWatch.putMetric,
    assertAssumable: (roleArn) => identity.assertAssumableBy(roleArn, "lambda.amazonaws.com"),
  });
  const stepFunctions = createStepFunctions(cloud, {
    onLog: cloudWatch.appendLog,
    onMetric: cloudWatch.putMetric,
    emit: eventBridge.emit,
    assertAssumable: (roleArn) => identity.assertAssumableBy(roleArn, "states.amazonaws.com"),
    ...keptIn("executions.jsonl"),
  });
  const apiGateway = createApiGateway(cloud, {
    invoke: lambda.invoke,
    onLog: cloudWatch.appendLog,
    onMetric: cloudWatch.putMetric,
    trusted: certificate,
  });
  const cognito = createCognito(cloud, keptIn("users.jsonl"));
  const s3 = createS3(cloud, { folder: folder(dataFolder ?? workFolder, "objects"), emit: eventBridge.emit });
  const secretsManager = createSecretsManager(cloud, keptIn("secrets.jsonl"));
  const openSearch = createOpenSearch(cloud, {
    certificate,
    ...(dataFolder && { dataFolder: folder(dataFolder, "search") }),
  });
  // Last: its engine runs from then on, also where another finds that what was kept cannot be read.
  const dynamodb = createDynamoDB(cloud, {
    onMetric: cloudWatch.putMetric,
    ...(dataFolder && { file: join(folder(dataFolder), "dynamodb.sqlite") }),
    ...(endpoint && { endpoint }),
  });
  return {
    all: [
      apiGateway,
      cognito,
      dynamodb,
      sqs,
      sns,
      eventBridge,
      createSchemas(cloud),
      // Before those that read it: what it forgets must not be read again.
      kinesis,
      lambda,
      cloudWatch.monitoring,
      cloudWatch.logs,
      s3,
      secretsManager,
      kms,
      elastiCache,
      stepFunctions,
      openSearch,
      createGlue(),
      createRandom(cloud),
      identity,
      createSts(cloud),
      createNetwork(cloud),
    ],
    apiGateway,
    certificate,
    cloudWatch,
    elastiCache,
    eventBridge,
    lambda,
    sns,
    sqs,
    stepFunctions,
    notices: () => [...turned, ...elastiCache.notices()],
  };
};

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Cloud } from "./cloud/cloud";
import type { Service } from "./cloud/service";
import { type CloudWatch, createCloudWatch } from "./cloudWatch/service";
import { createDynamoDB } from "./dynamodb/service";
import { createSchemas } from "./eventBridge/schemas";
import { createEventBridge, type EventBridge } from "./eventBridge/service";
import { createIdentity } from "./identity/service";
import { createKms } from "./kms/service";
import { createLambda, type Lambda } from "./lambda/service";
import { createNetwork } from "./network/service";
import { createS3 } from "./s3/service";
import { createSecretsManager } from "./secretsManager/service";
import { createSns, type Sns } from "./sns/service";
import { reportQueues } from "./sqs/queueMetrics";
import { createSqs, type Sqs } from "./sqs/service";
import { createSts } from "./sts/service";

export interface Services {
  all: readonly Service[];
  cloudWatch: CloudWatch;
  eventBridge: EventBridge;
  lambda: Lambda;
  sns: Sns;
  sqs: Sqs;
}

export interface Folders {
  /** For what is made anew at each start. */
  workFolder: string;
  /** For what is kept across restarts, if anything is. */
  dataFolder: string | undefined;
}

const folder = (...path: string[]): string => {
  const made = join(...path);
  mkdirSync(made, { recursive: true });
  return made;
};

/** Every service of the embedded cloud, wired to those it builds on. */
export const createServices = (cloud: Cloud, { workFolder, dataFolder }: Folders): Services => {
  const endpoint = process.env["SIGNAL9_DYNAMODB_ENDPOINT"];
  const cloudWatch = createCloudWatch(cloud);
  const identity = createIdentity(cloud);
  const kms = createKms(cloud);
  const sqs = createSqs(cloud, dataFolder ? { journal: join(folder(dataFolder), "queues.jsonl") } : {});
  reportQueues(cloud, sqs.queues, cloudWatch.putMetric);
  const sns = createSns(cloud, { canUseKey: kms.canUseKey });
  const eventBridge = createEventBridge(cloud, {
    onMetric: cloudWatch.putMetric,
    ...(dataFolder && { journal: join(folder(dataFolder), "events.jsonl") }),
  });
  const lambda = createLambda(cloud, {
    workDir: folder(workFolder, "functions"),
    source: sqs.queues,
    onLog: cloudWatch.appendLog,
    onMetric: cloudWatch.putMetric,
    assertAssumable: (roleArn) => identity.assertAssumableBy(roleArn, "lambda.amazonaws.com"),
  });
  return {
    all: [
      createDynamoDB(cloud, {
        ...(dataFolder && { file: join(folder(dataFolder), "dynamodb.sqlite") }),
        ...(endpoint && { endpoint }),
      }),
      sqs,
      sns,
      eventBridge,
      createSchemas(cloud),
      lambda,
      cloudWatch.monitoring,
      cloudWatch.logs,
      createS3(cloud, { folder: folder(dataFolder ?? workFolder, "objects") }),
      createSecretsManager(cloud),
      kms,
      identity,
      createSts(cloud),
      createNetwork(cloud),
    ],
    cloudWatch,
    eventBridge,
    lambda,
    sns,
    sqs,
  };
};

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cloud } from "../../local/cloud/cloud";
import type { Service } from "../../local/cloud/service";
import { createServices } from "../../local/services";
import { code } from "./markdown";

/** What a reader should know beside the lists. */
const notes: Record<string, { name: string; differs: string[] }> = {
  dynamodb: {
    name: "DynamoDB",
    differs: [
      "a real engine; expired items go once an hour of the cloud's time",
      "no streams, no PartiQL, no provisioned capacity",
    ],
  },
  sqs: {
    name: "SQS",
    differs: ["standard queues; FIFO is refused", "messages survive a restart, also by kill -9, with `--data`"],
  },
  sns: {
    name: "SNS",
    differs: ["to queues, functions, and mails that stay in a mailbox here", "FIFO topics, SMS, HTTP are refused"],
  },
  events: {
    name: "EventBridge",
    differs: [
      "the whole pattern language, input transformers, schedules with AWS's cron and rate, archives and replays",
      "targets are queues, topics, functions and buses",
      "with `--data`, archives and what a target has yet to get survive a restart, also by kill -9",
      "an event put on a bus that does not exist is accepted and lost, as on AWS; the trace says so",
    ],
  },
  schemas: { name: "EventBridge schemas", differs: ["schemas are shown; discovery is refused"] },
  lambda: {
    name: "Lambda",
    differs: [
      "the archive that would be uploaded, in Node processes of its own; nodejs24.x only",
      "event sources are queues; layers, container images, response streaming and versions are refused",
      "workers are not frozen between invocations; asynchronous invocations under way do not survive a restart",
    ],
  },
  monitoring: {
    name: "CloudWatch",
    differs: [
      "alarms are judged once a minute of the cloud's time",
      "the protocols of old clients (query, CBOR) are refused",
    ],
  },
  logs: { name: "CloudWatch Logs", differs: ["Insights queries are refused; `FilterLogEvents` takes filter patterns"] },
  s3: {
    name: "S3",
    differs: ["path style only", "nothing is encrypted at rest; objects survive a restart with `--data`"],
  },
  secretsmanager: { name: "Secrets Manager", differs: ["values stay in memory, also with `--data`"] },
  kms: { name: "KMS", differs: ["key policies are enforced for encrypted topics; nothing is encrypted"] },
  iam: { name: "IAM", differs: ["roles are the program's; permissions are enforced on every call, of every service"] },
  sts: { name: "STS", differs: ["says who calls; `AssumeRole` is refused"] },
  ec2: { name: "VPC", differs: ["declared only: no packet is routed, so security groups have no effect here"] },
};

const section = ({ signingName, operations, resources }: Service): string => {
  const { name, differs } = notes[signingName] ?? { name: signingName, differs: [] };
  const names = Object.keys(operations).sort();
  return [
    `## ${name}`,
    "",
    ...differs.map((line) => `- ${line}`),
    "",
    names.length > 0 ? `**Operations:** ${names.join(", ")}` : "**Operations:** none; all are refused by name",
    "",
    ...(Object.keys(resources).length > 0
      ? [`**Resources:** ${Object.keys(resources).sort().map(code).join(", ")}`, ""]
      : []),
  ].join("\n");
};

/** What the embedded cloud supports, from the services themselves. */
export const embeddedCloud = async (): Promise<string> => {
  const workFolder = mkdtempSync(join(tmpdir(), "signal9-docs-"));
  const cloud = new Cloud();
  const { all } = createServices(cloud, { workFolder, dataFolder: undefined });
  const text = [
    "# What the embedded cloud supports",
    "",
    "Made by `npm run docs` from the services in `local/`. An operation, a parameter or a property that is not here is",
    "refused with an error that names it. The account is 123456789012, the region us-east-1.",
    "",
    "Every caller is known by its access key: `local` is an administrator, each function has keys of its own that stand for",
    "its role. Identity policies and the policies of queues, topics, buses, functions, buckets and keys are enforced;",
    "signatures are not checked, since whoever reaches the loopback interface could read the keys as well.",
    "",
    ...all.map(section),
  ].join("\n");
  for (const service of all) await service.close();
  cloud.clock.stop();
  rmSync(workFolder, { recursive: true, force: true });
  return text;
};

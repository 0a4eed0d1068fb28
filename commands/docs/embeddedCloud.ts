import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cloud } from "../../local/cloud/cloud";
import type { Service } from "../../local/cloud/service";
import { createServices } from "../../local/services";
import { code } from "./markdown";

/** What a reader should know beside the lists. */
const notes: Record<string, { name: string; differs: string[] }> = {
  apigateway: {
    name: "API Gateway",
    differs: [
      "HTTP APIs with functions behind them, payload format 2.0; REST and WebSocket APIs, HTTP integrations and authorisers that are functions are refused",
      "an API answers under `/_api/<id>` on the gateway, over HTTP or HTTPS; its id depends on its name alone",
      "tokens are checked with the keys that their issuer publishes, fetched from it, by the cloud's clock; an issuer outside this machine only with `--live`",
      "of what `www-authenticate` says about a bad token, AWS publishes one wording; the others are ours",
    ],
  },
  dynamodb: {
    name: "DynamoDB",
    differs: [
      "a real engine; expired items go once an hour of the cloud's time, also by a time to live that a call has set, until the next start",
      "a table that was kept (`--data`) gets the indexes that are declared now; one with another key, which AWS would make anew without its items, is refused",
      "tells CloudWatch the capacity that calls took; what an index took is counted with its table",
      "no streams, no PartiQL, no provisioned capacity",
      "a starting key outside what a query asks for is refused as on AWS; the checks that the engine does not have know expressions, and not the parameters before them (`KeyConditions`, `AttributeUpdates`)",
      "accepted here and refused by AWS: `REMOVE a.b` where there is no `a`, more than 2 MB of values for expressions, more than 4 MB of items in an answer of TransactGetItems",
      "`SET list[9]` of a shorter list fills what lies between with nulls here, and appends on AWS",
      "a projection by attributes that a local index does not have gets them from the table on AWS, and not here",
      "keys of indexes are as long as on AWS at most; what an update copies from another attribute of the item (`SET key = other`) is not measured",
      "backups on demand are copies in memory, ready at once, and gone with a reset or the process; there is no restoring to a point in time, for which every change would have to be kept",
    ],
  },
  sqs: {
    name: "SQS",
    differs: ["standard queues; FIFO is refused", "messages survive a restart, also by kill -9, with `--data`"],
  },
  sns: {
    name: "SNS",
    differs: [
      "to queues, functions, and mails that stay in a mailbox here; FIFO topics, SMS, HTTP are refused",
      "a subscription by mail is confirmed at once",
      "tried again as on AWS, for 23 days of the cloud's time; whoever waits until nothing is left to do waits for the first minute of it. What the target refuses for good goes to the dead letter queue at once",
      "a topic without a policy is its account's own: unlike AWS's default policy, ours admits no service",
      "topics and subscriptions that a call made are gone after a reset or a restart, deliveries that wait for another try too",
    ],
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
  "cognito-idp": {
    name: "Cognito user pools",
    differs: [
      "tokens are really signed; the issuer publishes its keys over HTTPS on the gateway's own port, with the certificate of this machine",
      "users are made and signed in by password, and stay signed in by refresh token; SRP, sign-up, groups, second factors, domains and mails are refused",
      "with `--data`, users, sessions and the keys survive a restart; of passwords and refresh tokens only hashes are kept, and the file may be read by its owner alone",
    ],
  },
  kinesis: {
    name: "Kinesis Data Streams",
    differs: [
      "streams of shards with AWS's limits on records, calls and provisioned shards; what a stream on demand takes has no limit, since its shards would grow",
      "splitting, merging and every other change take effect at once; a stream is always `ACTIVE`",
      "consumers with a throughput of their own (enhanced fan-out), channels, shard-level metrics and keys other than `alias/aws/kinesis` are refused or without effect; nothing is encrypted",
      "JSON over HTTP/1.1 and HTTP/2; CBOR is refused",
      "with `--data`, streams and their records survive a restart, also by kill -9",
    ],
  },
  glue: {
    name: "Glue Data Catalog",
    differs: ["databases and tables as declared are shown; nothing queries them, so that partitions have no effect"],
  },
  schemas: { name: "EventBridge schemas", differs: ["schemas are shown; discovery is refused"] },
  lambda: {
    name: "Lambda",
    differs: [
      "the archive that would be uploaded, in Node processes of its own; nodejs24.x only",
      "variables have 4 KB together, as Lambda measures them; more are refused in its words, declared or updated",
      "event sources are queues and Kinesis streams; layers, container images, response streaming and versions are refused",
      "a stream's batches are read as soon as there are records, in order by shard and, with parallelisation, by partition key; they wait a second, then twice as long each time up to a minute, before they are tried again; tumbling windows are refused",
      "with `--data`, functions go on in their streams where they were",
      "a function that messages of its own have called 16 times is called no more by them, unless it is allowed to: the messages go to the dead letter queue; loops are seen by way of queues only",
      "workers are not frozen between invocations",
      "an invocation waits up to 150 ms for a process that is busy, and gets one of its own then",
      "what V8 compiled of a function is kept for its next process, so that a cold start here says little of one on AWS",
      "with `--data`, an asynchronous invocation that was accepted runs after a restart, also after kill -9, with its age, its attempts and its due time",
    ],
  },
  monitoring: {
    name: "CloudWatch",
    differs: [
      "alarms are judged once a minute of the cloud's time",
      "with `--data`, metrics survive a restart for 15 days, or the newest 16 MB of them, and alarms with their state and history; the last second before a kill -9 is lost",
      "the protocols of old clients (query, CBOR) are refused",
    ],
  },
  logs: {
    name: "CloudWatch Logs",
    differs: [
      "Insights queries have `fields`, `filter`, `stats`, `sort` and `limit`, over fields of JSON lines; other commands and functions are refused. They are done by the time they were started",
      "with `--data`, events survive a restart as long as their group keeps them, the newest 32 MB at least; the last fifth of a second before a kill -9 is lost",
    ],
  },
  s3: {
    name: "S3",
    differs: [
      "path style only",
      "presigned URLs are good for what was signed, until their time by the cloud's clock is over; uploads by a browser's form (POST) are refused",
      "tells queues, topics, functions and EventBridge; answers browsers by the bucket's CORS rules",
      "nothing is encrypted at rest; objects, and uploads in parts, survive a restart with `--data`",
    ],
  },
  secretsmanager: {
    name: "Secrets Manager",
    differs: [
      "secrets that a call makes are gone after a reset; what a call deletes is there again once the program is declared anew",
      "values stay in memory; with `--data` they are kept as they are, unencrypted, in `secrets.jsonl`, which only its owner may read",
      "what was put at run time stays current after a restart, until the program declares another value than before",
    ],
  },
  elasticache: {
    name: "ElastiCache",
    differs: [
      "a real redis-server over TLS, with the declared token and parameters; one node, whatever is declared",
      "keys survive a restart with `--data`; where redis-server is not installed, the cache refuses connections",
    ],
  },
  states: {
    name: "Step Functions",
    differs: [
      "JSONPath only: JSONata and `Assign` are refused when the machine is declared, as is any field that AWS does not know",
      "Standard and Express; history, unique names, Retry, Catch, Map, Parallel, Wait and time limits by the turned clock, 256 KB a state",
      "tasks call Lambda, SQS, SNS, EventBridge and single items of DynamoDB; callbacks, activities, nested executions and distributed Maps are refused",
      "with `--data`, executions go on after a restart from the state that they were in",
    ],
  },
  es: {
    name: "OpenSearch",
    differs: [
      "HTTPS with IAM and fine-grained access: roles, role mappings and index permissions are enforced",
      "indices with mappings as strict as declared, aliases, reindex, documents, bulk, mget and search: bool, match, multi_match, term, terms, prefix, range, exists, ids, match_all and exact k-NN, with sorting, highlights and counts by term",
      "a query of more than 1,024 clauses, which are its words times the fields that an index has for them, is refused as OpenSearch 2 refuses it: with 500 and `too_many_nested_clauses`",
      "any other path, field, query or setting is refused by name; there are no other aggregations and no scripts",
      "indices and documents survive a restart with `--data`",
    ],
  },
  random: { name: "Random (Pulumi)", differs: ["passwords only, new at each start"] },
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
    "signatures are not checked, since whoever reaches the loopback interface could read the keys as well; but those of",
    "presigned URLs are, which are given to people who have no keys.",
    "",
    "Pages in a browser are kept out: the gateway answers to 127.0.0.1 and localhost alone, and takes no call that a browser",
    "makes for a page of another site, save S3's where a bucket's CORS rule admits the page. The DynamoDB engine behind it has a",
    "port of its own, a new one at each start, which it does not guard: keep nothing in its tables that a page which you look at",
    "meanwhile must not see.",
    "",
    "## What stays",
    "",
    "Without `--data` nothing does. With `npm start -- --data DIR`, whatever was acknowledged survives a restart and a kill -9:",
    "tables, objects, messages, archived and undelivered events, records of streams, accepted asynchronous invocations, secrets. It is written to a",
    "file before it is acknowledged. Logs and metrics are written a moment later, together, so as not to slow down what they",
    "watch. The clock goes on where it was turned to, and the date of every answer tells what it shows. Files are cut down at",
    "every start to what still counts. What finds no room on the disk is not acknowledged: its call fails, and what was there",
    "before stays. To begin anew, delete DIR.",
    "",
    ...all.map(section),
  ].join("\n");
  for (const service of all) await service.close();
  cloud.clock.stop();
  rmSync(workFolder, { recursive: true, force: true });
  return text;
};

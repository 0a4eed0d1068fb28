import type * as pulumi from "@pulumi/pulumi";
import type { Use } from "../functions/processing/search/admit";
import { everything } from "../functions/processing/search/indices";
import { environmentStem } from "./naming";

/** One sentence of a role: these actions on these resources. */
export interface Statement {
  actions: readonly string[];
  resources: readonly pulumi.Input<string>[];
}

/** What a function declares to need. Its environment and its role are both derived from this. */
export interface Need {
  environment: Record<string, pulumi.Input<string>>;
  statements: readonly Statement[];
}

/** Anything with a name of ours and a resource of AWS's. */
interface Named<Resource> {
  readonly label: string;
  readonly resource: Resource;
}

type TableAction =
  | "GetItem"
  | "BatchGetItem"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "ConditionCheckItem"
  | "BatchWriteItem";

/** The function finds the table's name in `<LABEL>_TABLE`. */
export const useTable = (
  table: Named<{ name: pulumi.Output<string>; arn: pulumi.Output<string> }>,
  actions: readonly TableAction[],
  queries: { table?: boolean; indexes?: readonly string[]; scan?: boolean; scannedIndexes?: readonly string[] } = {},
): Need => {
  const indexes = (names: readonly string[] = []) =>
    names.map((name) => table.resource.arn.apply((arn) => `${arn}/index/${name}`));
  const queried = [...(queries.table ? [table.resource.arn] : []), ...indexes(queries.indexes)];
  const scanned = [...(queries.scan ? [table.resource.arn] : []), ...indexes(queries.scannedIndexes)];
  return {
    environment: { [`${environmentStem(table.label)}_TABLE`]: table.resource.name },
    statements: [
      ...(actions.length > 0
        ? [{ actions: actions.map((action) => `dynamodb:${action}`), resources: [table.resource.arn] }]
        : []),
      ...(scanned.length > 0 ? [{ actions: ["dynamodb:Scan"], resources: scanned }] : []),
      ...(queried.length > 0 ? [{ actions: ["dynamodb:Query"], resources: queried }] : []),
    ],
  };
};

/** The function finds the bus in `<LABEL>_BUS_NAME`. */
export const publishTo = (bus: Named<{ name: pulumi.Output<string>; arn: pulumi.Output<string> }>): Need => ({
  environment: { [`${environmentStem(bus.label)}_BUS_NAME`]: bus.resource.name },
  statements: [{ actions: ["events:PutEvents"], resources: [bus.resource.arn] }],
});

/** The function finds the bus in `<LABEL>_BUS_NAME`, and may ask whether it is there. */
export const lookAt = (bus: Named<{ name: pulumi.Output<string>; arn: pulumi.Output<string> }>): Need => ({
  environment: { [`${environmentStem(bus.label)}_BUS_NAME`]: bus.resource.name },
  statements: [{ actions: ["events:DescribeEventBus"], resources: [bus.resource.arn] }],
});

/** The function finds the queue in `variable`; without one, it is Lambda that sends in the function's name. */
export const sendTo = (queue: { url: pulumi.Output<string>; arn: pulumi.Output<string> }, variable?: string): Need => ({
  environment: variable ? { [variable]: queue.url } : {},
  statements: [{ actions: ["sqs:SendMessage"], resources: [queue.arn] }],
});

/** What event source mappings do to queues in the function's name: one statement, since a role's policies have room for few. */
export const consumeFrom = (...queues: readonly { arn: pulumi.Output<string> }[]): Need => ({
  environment: {},
  statements: [
    {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: queues.map(({ arn }) => arn),
    },
  ],
});

/** What an event source mapping does to a Kinesis stream in the function's name. */
export const readFrom = (stream: { arn: pulumi.Output<string> }): Need => ({
  environment: {},
  statements: [
    {
      actions: [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
        "kinesis:ListStreams",
      ],
      resources: [stream.arn],
    },
  ],
});

/**
 * The function finds the bucket's name in `<LABEL>_BUCKET`. Without the right to list, S3 answers for an object that is not
 * there as for one that may not be read.
 */
export const useObjects = (bucket: Named<{ bucket: pulumi.Output<string>; arn: pulumi.Output<string> }>): Need => ({
  environment: { [`${environmentStem(bucket.label)}_BUCKET`]: bucket.resource.bucket },
  statements: [
    {
      actions: ["s3:GetObject", "s3:PutObject"],
      resources: [bucket.resource.arn.apply((arn) => `${arn}/*`)],
    },
    { actions: ["s3:ListBucket"], resources: [bucket.resource.arn] },
  ],
});

/** As useObjects, for a function that only puts objects there. */
export const keepObjects = (bucket: Named<{ bucket: pulumi.Output<string>; arn: pulumi.Output<string> }>): Need => ({
  environment: { [`${environmentStem(bucket.label)}_BUCKET`]: bucket.resource.bucket },
  statements: [{ actions: ["s3:PutObject"], resources: [bucket.resource.arn.apply((arn) => `${arn}/*`)] }],
});

/** As useObjects, for a function that reads just the version that it was told of. */
export const readVersions = (bucket: Named<{ bucket: pulumi.Output<string>; arn: pulumi.Output<string> }>): Need => ({
  environment: { [`${environmentStem(bucket.label)}_BUCKET`]: bucket.resource.bucket },
  statements: [
    {
      actions: ["s3:GetObject", "s3:GetObjectVersion"],
      resources: [bucket.resource.arn.apply((arn) => `${arn}/*`)],
    },
  ],
});

/** As useObjects, for a function that only asks which objects there are. */
export const listObjects = (bucket: Named<{ bucket: pulumi.Output<string>; arn: pulumi.Output<string> }>): Need => ({
  environment: { [`${environmentStem(bucket.label)}_BUCKET`]: bucket.resource.bucket },
  statements: [{ actions: ["s3:ListBucket"], resources: [bucket.resource.arn] }],
});

/** As keepObjects, for a function that takes objects away. Where the bucket keeps versions, they can be brought back for a while. */
export const removeObjects = (bucket: Named<{ bucket: pulumi.Output<string>; arn: pulumi.Output<string> }>): Need => ({
  environment: { [`${environmentStem(bucket.label)}_BUCKET`]: bucket.resource.bucket },
  statements: [{ actions: ["s3:DeleteObject"], resources: [bucket.resource.arn.apply((arn) => `${arn}/*`)] }],
});

/** The function finds the secret's ARN, never its value, in `<LABEL>_SECRET_ARN`. */
export const readSecret = (secret: Named<{ arn: pulumi.Output<string> }>): Need => ({
  environment: { [`${environmentStem(secret.label)}_SECRET_ARN`]: secret.resource.arn },
  statements: [{ actions: ["secretsmanager:GetSecretValue"], resources: [secret.resource.arn] }],
});

/** The function finds the cache in CACHE_HOST and CACHE_PORT, its token behind CACHE_SECRET_ARN; it has to be in the network. */
export const useCache = (cache: {
  resource: { primaryEndpointAddress: pulumi.Output<string>; port: pulumi.Output<number | undefined> };
  secret: Named<{ arn: pulumi.Output<string> }>;
}): Need => {
  const { environment, statements } = readSecret(cache.secret);
  const { primaryEndpointAddress, port } = cache.resource;
  return {
    environment: { ...environment, CACHE_HOST: primaryEndpointAddress, CACHE_PORT: port.apply(String) },
    statements,
  };
};

const finding = `${everything}/_search`;
const searchPaths: Record<Use, readonly string[]> = { search: [finding], index: [finding, "_bulk"] };

/** What a use of the search domain calls: the same in the function's role and in the domain's own policy. */
export const searchCalls = (domainArn: pulumi.Output<string>, use: Use): Statement => ({
  actions: ["es:ESHttpPost"],
  resources: searchPaths[use].map((path) => domainArn.apply((arn) => `${arn}/${path}`)),
});

/** The function finds the domain in SEARCH_ENDPOINT; it has to be in the network, and among those that the domain admits. */
export const useSearch = (
  search: { resource: { endpoint: pulumi.Output<string>; arn: pulumi.Output<string> } },
  use: Use,
): Need => ({
  environment: { SEARCH_ENDPOINT: search.resource.endpoint.apply((endpoint) => `https://${endpoint}`) },
  statements: [searchCalls(search.resource.arn, use)],
});

/** The function finds the topic's ARN in `<LABEL>_TOPIC_ARN`; what it publishes is encrypted under the topics' key. */
export const notify = (
  topics: { key: { arn: pulumi.Output<string> }; byName: Record<string, { arn: pulumi.Output<string> }> },
  label: string,
): Need => {
  const topic = topics.byName[label];
  if (!topic) throw new Error(`there is no topic ${label}`);
  return {
    environment: { [`${environmentStem(label)}_TOPIC_ARN`]: topic.arn },
    statements: [
      { actions: ["sns:Publish"], resources: [topic.arn] },
      { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [topics.key.arn] },
    ],
  };
};

/** The function finds the state machine's ARN in `<LABEL>_ARN`. */
export const startExecutionsOf = (machine: Named<{ arn: pulumi.Output<string> }>): Need => ({
  environment: { [`${environmentStem(machine.label)}_ARN`]: machine.resource.arn },
  statements: [
    { actions: ["states:StartExecution"], resources: [machine.resource.arn] },
    {
      actions: ["states:DescribeExecution"],
      resources: [machine.resource.arn.apply((arn) => `${arn.replace(":stateMachine:", ":execution:")}:*`)],
    },
  ],
});

/** A setting that the function reads from `variable`. */
export const setting = (variable: string, value: string | number): Need => ({
  environment: { [variable]: String(value) },
  statements: [],
});

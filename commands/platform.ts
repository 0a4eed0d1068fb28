import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, ListEventBusesCommand } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { UserError } from "../local/engine/stackFile";
import { usual } from "./usual";

/** How to reach it, for clients of whatever service. */
export type Reach = Pick<DynamoDBClientConfig, "endpoint" | "region" | "credentials" | "maxAttempts">;

/** A running platform, seen from outside. */
export interface Platform {
  reach: Reach;
  /** ARN of who looks. */
  caller: string;
  /** What its clock shows: the embedded cloud's can be turned forward. */
  now: () => number;
  dynamodb: DynamoDBDocumentClient;
  s3: S3Client;
  table: (label: string) => string;
  bucket: (label: string) => string;
}

const local = { region: "us-east-1", credentials: { accessKeyId: "local", secretAccessKey: "local" }, maxAttempts: 1 };

/** Reads the clock of whoever answers this client, to the second, by the date of the answer that came last. */
const clockOf = (client: STSClient): (() => number) => {
  let ahead = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { headers } = answer.response as { headers: Record<string, string> };
      ahead = Date.parse(headers["date"] ?? "") - Date.now() || 0;
      return answer;
    },
    { step: "deserialize" },
  );
  return () => Date.now() + ahead;
};

/** The stacks that are there, by their buses; nothing where that cannot be told: the command's own calls tell why. */
const stacksAt = async (reach: Reach): Promise<string[] | undefined> => {
  const client = new EventBridgeClient(reach);
  const stacks: string[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page = await client.send(new ListEventBusesCommand({ NamePrefix: "signal9-", NextToken }));
      for (const { Name = "" } of page.EventBuses ?? [])
        stacks.push(...(/^signal9-(.+)-events$/.exec(Name)?.slice(1) ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return stacks;
  } catch {
    return undefined;
  }
};

const checkThere = async (stack: string, reach: Reach, where: string): Promise<void> => {
  const stacks = await stacksAt(reach);
  if (stacks === undefined || stacks.includes(stack)) return;
  throw new UserError(
    `There is no stack ${stack} ${where}. There ${stacks.length > 0 ? `is: ${stacks.join(", ")}` : "is none"}`,
  );
};

/** Opens the embedded cloud at `endpoint`, or AWS. */
export const openPlatform = async (endpoint: string | undefined, stack: string): Promise<Platform> => {
  const reach: Reach = endpoint === undefined ? {} : { ...local, endpoint };
  const sts = new STSClient(reach);
  const now = clockOf(sts);
  const { Account, Arn = "" } = await sts
    .send(new GetCallerIdentityCommand({}))
    .catch((error: { name: string; code?: string; message: string }) => {
      throw new UserError(
        endpoint === undefined
          ? `AWS does not answer: ${error.name}: ${error.message}`
          : `Nothing answers at ${endpoint} (${error.code ?? error.name}): run npm start in another terminal, or choose --endpoint or --aws`,
      );
    });
  await checkThere(stack, reach, endpoint === undefined ? "on AWS, in this account and region" : `at ${endpoint}`);
  return {
    reach,
    caller: Arn,
    now,
    dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient(reach)),
    s3: new S3Client({ ...reach, forcePathStyle: endpoint !== undefined }),
    table: (label) => `signal9-${stack}-${label}`,
    bucket: (label) => `signal9-${stack}-${label}-${Account}`,
  };
};

/** What every command is told that looks at a running platform. */
export const platformOptions = {
  json: { type: "boolean", default: false },
  stack: { type: "string", default: usual.stack },
  endpoint: { type: "string", default: usual.endpoint },
  aws: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** The one that a command was told of. */
export const openGiven = (given: { aws: boolean; endpoint: string; stack: string }): Promise<Platform> =>
  openPlatform(given.aws ? undefined : given.endpoint, given.stack);

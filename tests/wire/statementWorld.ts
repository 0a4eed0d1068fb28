import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueAttributesCommand, PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { s3 } from "../../functions/processing/aws/s3";
import { sqs } from "../../functions/processing/aws/sqs";
import { importStatement } from "../../functions/processing/files/importStatement";
import { readUpload } from "../../functions/processing/files/upload";
import { type AccountFields, newAccount } from "../../functions/processing/ledger/account";
import { type Act, commit, record as entry } from "../../functions/processing/ledger/commit";
import { type File, type FileFields, newFile } from "../../functions/processing/ledger/file";
import { ownerOf, uploadKey } from "../../functions/processing/ledger/keys";
import { readFileRow, visibleOf } from "../../functions/processing/ledger/read";
import { accountsTable, filesTable } from "../../functions/processing/ledger/row";
import type { Transaction, TransactionRow } from "../../functions/processing/ledger/transaction";
import { type TestRun, testRun } from "./run";
import { emptyTables } from "./tables";
import { type World, world } from "./world";

export const start = Date.parse("2026-10-29T12:00:00Z");
export const ann = ownerOf("ann");
export const uploads = "signal9-test-uploads";
const act: Act = { owner: ann, changeId: "made", at: start, correlationId: "made" };

let ids = 0;

/** A run whose ids are never those of another: a transaction's token may not come again with other content. */
export const fresh = (over: Parameters<typeof testRun>[1] = {}, now = start): TestRun =>
  testRun(now, { newId: () => `id-${++ids}`, remainingMs: 300_000, ...over });

export const givenAccount = async (id: string, fields: Partial<AccountFields> = {}, owner = ann): Promise<void> => {
  const all: AccountFields = { name: "Everyday", type: "checking", currency: "EUR", ...fields };
  const made = { ...act, owner, changeId: `account-${id}` };
  const after = { ...newAccount(owner, id, all, made) };
  const told = entry("account.given", `ACCOUNT#${id}`, [], made);
  await commit([{ rows: [{ table: accountsTable, after }], tells: [told] }], fresh());
};

/** Announces a file as the API does. */
export const announced = async (id: string, fields: Partial<FileFields>, owner = ann): Promise<void> => {
  const made = { ...act, owner, changeId: `file-${id}` };
  const after = { ...newFile(owner, id, { fileName: `${id}.csv`, fileSize: 1, ...fields }, made) };
  const told = entry("file.given", `FILE#${id}`, [], made);
  await commit([{ rows: [{ table: filesTable, after }], tells: [told] }], fresh());
};

/** Puts content there, and gives the message with which S3 tells of it. */
export const put = async (key: string, content: string | Uint8Array, over: object = {}): Promise<string> => {
  const Body = typeof content === "string" ? Buffer.from(content) : content;
  const { ETag = "" } = await s3().send(new PutObjectCommand({ Bucket: uploads, Key: key, Body }));
  const object = { key, size: Body.length, etag: ETag.replaceAll('"', ""), sequencer: "1", ...over };
  return JSON.stringify({
    version: "0",
    id: `envelope-${key}`,
    "detail-type": "Object Created",
    source: "aws.s3",
    account: "123456789012",
    time: "2026-10-29T12:00:00Z",
    region: "us-east-1",
    resources: [],
    detail: { version: "0", bucket: { name: uploads }, object, reason: "PutObject" },
  });
};

/** Announces a file, and uploads what was announced. */
export const uploaded = async (
  id: string,
  content: string | Uint8Array,
  fields: Partial<FileFields> = {},
  owner = ann,
): Promise<string> => {
  await announced(id, { fileSize: Buffer.byteLength(content), ...fields }, owner);
  return put(uploadKey(owner, id), content);
};

export const process = (message: string, run: TestRun = fresh()): Promise<string> =>
  importStatement(readUpload(message), run);

export const fileNow = async (id: string, owner = ann): Promise<File> => {
  const file = await readFileRow(owner, id, fresh());
  if (!file) throw new Error(`there is no file ${id}`);
  return file;
};

/** What somebody sees of the transactions that are stored. */
export const seenBy = async (owner = ann): Promise<Transaction[]> => {
  const { Items = [] } = await dynamodb().send(new ScanCommand({ TableName: "transactions" }));
  const rows = Items.filter((row) => row["owner"] === owner) as TransactionRow[];
  const seen = await visibleOf(owner, rows, fresh());
  return seen.sort((one, other) => one.date.localeCompare(other.date) || one.amount - other.amount);
};

export interface StatementWorld extends World {
  clean: () => Promise<void>;
  /** How many messages the function has sent to itself. */
  postponed: () => Promise<number>;
  /** What was told on the bus: type and content, in order. */
  told: () => { type: string; detail: Record<string, unknown>; data: Record<string, unknown> }[];
}

const begin = async (): Promise<StatementWorld> => {
  const real = await world();
  await s3().send(new CreateBucketCommand({ Bucket: uploads }));
  const { QueueUrl = "" } = await sqs().send(new CreateQueueCommand({ QueueName: "file-processor" }));
  // The engine gives its queues addresses that no resolver knows.
  const url = QueueUrl.replace(/^https?:\/\/[^/]+/, globalThis.process.env["AWS_ENDPOINT_URL_SQS"] ?? "");
  return {
    ...real,
    clean: async () => {
      Object.assign(globalThis.process.env, { UPLOADS_BUCKET: uploads, OWN_QUEUE_URL: url });
      await emptyTables("accounts", "files", "transactions", "event-store", "effects");
      await sqs().send(new PurgeQueueCommand({ QueueUrl: url }));
      real.bus.accepted.length = 0;
    },
    postponed: async () => {
      const { Attributes = {} } = await sqs().send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"],
        }),
      );
      return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
    },
    told: () =>
      real.bus.accepted.map(({ DetailType, Detail }) => {
        const detail = JSON.parse(Detail);
        return { type: DetailType, detail, data: detail.data };
      }),
  };
};

let shared: Promise<StatementWorld> | undefined;

export const statementWorld = (): Promise<StatementWorld> => {
  shared ??= begin();
  return shared;
};

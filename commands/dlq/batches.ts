import { GetObjectCommand, ListObjectsV2Command, NoSuchKey } from "@aws-sdk/client-s3";
import type { KinesisStreamRecord } from "aws-lambda";
import * as v from "valibot";
import { putAsideUnder } from "../../functions/processing/deadLetters/putAside";
import { byText } from "../../functions/processing/order";
import { UserError } from "../../local/engine/stackFile";
import type { Desk } from "./desk";

/** Where a batch goes once it was sent again, under the name that it had. */
export const redrivenUnder = "redriven/";

/** A batch of a stream that Lambda gave up, as it lies in the bucket. */
export interface Batch {
  key: string;
  /** When it was put aside. */
  at: string;
  bytes: number;
}

/** What Lambda writes of it. `payload` is the invocation that failed, as text. */
const schema = v.object({
  requestContext: v.object({
    functionArn: v.string(),
    condition: v.string(),
    approximateInvokeCount: v.number(),
  }),
  responseContext: v.optional(v.object({ functionError: v.optional(v.string()) })),
  timestamp: v.string(),
  KinesisBatchInfo: v.object({
    shardId: v.string(),
    startSequenceNumber: v.string(),
    endSequenceNumber: v.string(),
    approximateArrivalOfFirstRecord: v.string(),
    batchSize: v.number(),
    streamArn: v.string(),
  }),
  payload: v.string(),
});

export interface Contents extends Omit<v.InferOutput<typeof schema>, "payload"> {
  records: KinesisStreamRecord[];
  /** The whole object, as it is. */
  text: string;
}

export const isBatch = (id: string): boolean => id.startsWith(putAsideUnder);

/** Those that wait, the oldest first. */
export const batchesWaiting = async ({ s3, bucket }: Desk): Promise<Batch[]> => {
  const batches: Batch[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: putAsideUnder,
        ...(ContinuationToken && { ContinuationToken }),
      }),
    );
    for (const { Key = "", LastModified, Size = 0 } of page.Contents ?? [])
      batches.push({ key: Key, at: LastModified?.toISOString() ?? "", bytes: Size });
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return batches.sort((a, b) => byText(a.at, b.at) || byText(a.key, b.key));
};

const textOf = async ({ s3, bucket }: Desk, Key: string): Promise<string | undefined> => {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
};

const read = (key: string, text: string): Contents => {
  try {
    const { payload, ...about } = v.parse(schema, JSON.parse(text));
    const { Records } = JSON.parse(payload) as { Records: KinesisStreamRecord[] };
    return { ...about, records: Records, text };
  } catch (error) {
    throw new UserError(`${key} is not a batch of a stream as Lambda puts it aside: ${(error as Error).message}`);
  }
};

/** A batch that waits, or that was redriven before. */
export const readBatch = async (desk: Desk, key: string): Promise<Contents & { redriven: boolean }> => {
  const waiting = await textOf(desk, key);
  if (waiting !== undefined) return { ...read(key, waiting), redriven: false };
  const redriven = await textOf(desk, `${redrivenUnder}${key}`);
  if (redriven !== undefined) return { ...read(key, redriven), redriven: true };
  throw new UserError(`There is no batch ${key}: npm run dlq -- list --batches shows those that wait`);
};

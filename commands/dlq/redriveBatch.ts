import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { KinesisStreamRecord } from "aws-lambda";
import { loads } from "../../functions/processing/aws/together";
import { inBatches } from "../../functions/processing/batch";
import { limits } from "../../functions/processing/limits";
import { fromKinesis } from "../../functions/processing/stream/read/kinesis";
import { letterOf } from "../../functions/processing/stream/read/letter";
import { type Contents, readBatch, redrivenUnder } from "./batches";
import type { Desk } from "./desk";
import type { RedriveOptions, Told } from "./redrive";

const atOnce = 4;

const nameOf = (arn: string): string => arn.split(":").at(-1) ?? "";

/** A record comes again as its letter would: by the queue that has its function's name, with the time at which it arrived. */
const letterAbout = ({ s3, bucket }: Desk, record: KinesisStreamRecord): Promise<string> => {
  const { data, ...about } = fromKinesis(record);
  return letterOf(about, data, async (Key, Body) => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  });
};

/** As many letters as one call takes, by their number and by their bytes. */
const callsOf = (letters: readonly string[]): string[][] =>
  loads(letters, (letter) => [1, Buffer.byteLength(letter)], [limits.sqsEntries, limits.sqsBytes]);

const sendAll = async (desk: Desk, queue: string, records: readonly KinesisStreamRecord[]): Promise<void> => {
  const { QueueUrl } = await desk.sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
  const letters: string[] = [];
  for (const record of records) letters.push(await letterAbout(desk, record));
  const { errors } = await inBatches(callsOf(letters), atOnce, async (some) => {
    const Entries = some.map((MessageBody, at) => ({ Id: String(at), MessageBody }));
    const { Failed = [] } = await desk.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed[0]) throw new Error(`${Failed.length} records were not taken: ${Failed[0].Code}: ${Failed[0].Message}`);
  });
  if (errors[0]) throw errors[0].error;
};

/** Out of the way of those that wait. Whoever is cut off before this sends all of it again, which changes nothing. */
const moveAway = async ({ s3, bucket, who, now }: Desk, key: string, { text }: Contents): Promise<void> => {
  const Metadata = { "redriven-by": who, "redriven-at": new Date(now()).toISOString() };
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${redrivenUnder}${key}`, Body: text, Metadata }));
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
};

/** Sends the records of a batch once more, each for itself. What was counted of them before is not counted again. */
export const redriveBatch = async (
  desk: Desk,
  key: string,
  { dryRun = false, again = false }: RedriveOptions = {},
): Promise<Told> => {
  const batch = await readBatch(desk, key);
  const queue = nameOf(batch.requestContext.functionArn);
  const told = { letterId: key, origin: queue };
  if (batch.redriven && !again) return { ...told, did: "left alone", why: "it was redriven before" };
  const records = `${batch.records.length} records`;
  if (dryRun) return { ...told, did: "would be redriven", why: `${records} to queue ${queue}` };
  try {
    await sendAll(desk, queue, batch.records);
    await moveAway(desk, key, batch);
  } catch (error) {
    return { ...told, did: "failed", why: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
  return { ...told, did: "redriven", why: `${records} sent to queue ${queue}` };
};

/** One after another: each is many messages. One that cannot be read keeps no other from being redriven. */
export const redriveBatches = async (
  desk: Desk,
  keys: readonly string[],
  options: RedriveOptions = {},
): Promise<Told[]> => {
  const ends: Told[] = [];
  for (const key of keys) {
    try {
      ends.push(await redriveBatch(desk, key, options));
    } catch (error) {
      ends.push({ letterId: key, origin: "", did: "failed", why: (error as Error).message });
    }
  }
  return ends;
};

import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { SQSRecord } from "aws-lambda";
import * as v from "valibot";
import { s3 } from "../../aws/s3";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { validate } from "../../events/validate";
import { refusal } from "../refusal";
import type { Arrived } from "./arrived";

/** A message of SQS may have 1 MB, and base64 takes a third more than what it says. */
const mostDataBytes = 700 * 1024;

const about = {
  shardId: v.string(),
  sequenceNumber: v.string(),
  partitionKey: v.string(),
  arrivedAt: v.number(),
};

/** What a dead letter of the stream says: enough to handle the record as if it came from the stream once more. */
const letterSchema = v.union([
  v.object({ ...about, data: v.pipe(v.string(), v.base64("must be base64")) }),
  v.object({ ...about, object: v.string() }),
]);

/**
 * The text of a dead letter about a part of a record. `keep` puts bytes aside that no letter has room for, under a name that
 * is theirs.
 */
export const letterOf = async (
  record: Omit<Arrived, "id" | "data">,
  part: Uint8Array,
  keep: (key: string, data: Uint8Array) => Promise<void>,
): Promise<string> => {
  const { shardId, sequenceNumber, partitionKey, arrivedAt } = record;
  const about = { shardId, sequenceNumber, partitionKey, arrivedAt };
  if (part.length <= mostDataBytes) return JSON.stringify({ ...about, data: Buffer.from(part).toString("base64") });
  const object = `stream/${createHash("sha256").update(part).digest("hex")}`;
  await keep(object, part);
  return JSON.stringify({ ...about, object });
};

export const writeLetter = (record: Arrived, part: Uint8Array, run: Run): Promise<string> =>
  letterOf(record, part, async (Key, Body) => {
    await run.call("PutObject", "aws", () =>
      s3().send(new PutObjectCommand({ Bucket: env("DEAD_LETTERS_BUCKET"), Key, Body })),
    );
  });

const fetchData = async (key: string, run: Run): Promise<Uint8Array> =>
  run.call("GetObject", "aws", async () => {
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: env("DEAD_LETTERS_BUCKET"), Key: key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  });

const jsonIn = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw refusal("letter", "must be JSON", error);
  }
};

/** Reads a letter that was sent once more. */
export const fromLetter = async ({ messageId, body }: SQSRecord, run: Run): Promise<Arrived> => {
  const letter = validate(letterSchema, jsonIn(body), "letter");
  const { shardId, sequenceNumber, partitionKey, arrivedAt } = letter;
  const data = "data" in letter ? Buffer.from(letter.data, "base64") : await fetchData(letter.object, run);
  return { id: messageId, data, arrivedAt, shardId, sequenceNumber, partitionKey };
};

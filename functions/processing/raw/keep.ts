import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3";
import type { Run } from "../consume/run";
import { env } from "../environment";
import type { Answer } from "../providers/answer";

const reusableMs = 6 * 3_600_000;

/**
 * Where an answer is kept: by who gave it, what it is about, and which piece of work asked for it, so that the same work
 * finds it again.
 */
export const rawKey = (provider: string, about: string, workId: string): string =>
  `${provider}/${about}/${createHash("sha256").update(workId).digest("hex").slice(0, 32)}.gz`;

/** Keeps what a provider said word for word, before anything is made of it: for audit, and to process it again. */
export const keepRaw = async (key: string, { body, receivedAt }: Answer, run: Run): Promise<void> => {
  const packed = gzipSync(body);
  await run.call("PutObject", "aws", () =>
    s3().send(
      new PutObjectCommand({
        Bucket: env("RAW_ANSWERS_BUCKET"),
        Key: key,
        Body: packed,
        ContentType: /^\s*[[{]/.test(body) ? "application/json" : "text/csv",
        ContentEncoding: "gzip",
        Metadata: { "received-at": String(receivedAt) },
      }),
    ),
  );
};

/** What a provider said once, however long ago. */
export const readRaw = async (key: string, run: Run): Promise<Answer | undefined> => {
  const found = await run.call("GetObject", "aws", async () => {
    try {
      const { Body, Metadata } = await s3().send(new GetObjectCommand({ Bucket: env("RAW_ANSWERS_BUCKET"), Key: key }));
      const packed = await Body?.transformToByteArray();
      return packed && { packed, receivedAt: Number(Metadata?.["received-at"]) };
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  });
  return found && { body: gunzipSync(found.packed).toString("utf8"), receivedAt: found.receivedAt };
};

/** The answer that was kept for a piece of work, if it is still worth something. Calls are few: none is made twice. */
export const keptRaw = async (key: string, run: Run): Promise<Answer | undefined> => {
  const answer = await readRaw(key, run);
  return answer && run.now() - answer.receivedAt < reusableMs ? answer : undefined;
};

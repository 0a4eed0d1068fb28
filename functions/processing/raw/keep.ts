import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3";
import type { Run } from "../consume/run";
import { env } from "../environment";
import type { Answer } from "../providers/answer";
import { ProviderFailure } from "../providers/problem";

const reusableMs = 6 * 3_600_000;

/**
 * Where an answer is kept: by who gave it, what it is about, and which piece of work asked for it, so that the same work
 * finds it again.
 */
export const rawKey = (provider: string, about: string, workId: string): string =>
  `${provider}/${about}/${createHash("sha256").update(workId).digest("hex").slice(0, 32)}.gz`;

/** Keeps what a provider said word for word, before anything is made of it: for audit, and to process it again. */
const keepRaw = async (key: string, { body, receivedAt }: Answer, run: Run): Promise<void> => {
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

/** Beside what was accepted, so that it is read again with it; the same work does not find it, and asks anew. */
const refusedKey = (key: string): string => key.replace(/[^/]*$/, "refused-$&");

/** Keeps an answer that had another shape than is known: once the code knows it, nobody has to be asked again. */
const keepRefused = async (key: string, error: unknown, run: Run): Promise<void> => {
  const answer = error instanceof ProviderFailure ? error.answer : undefined;
  if (!answer) return;
  try {
    await keepRaw(refusedKey(key), answer, run);
  } catch (trouble) {
    // Why it was refused is worth more than this: that goes to the dead letters.
    run.log.error("an answer that was refused was not kept", { error: trouble });
  }
};

/** Asks, and keeps what is answered, be it accepted or refused. */
export const askKeeping = async (key: string, ask: () => Promise<Answer>, run: Run): Promise<Answer> => {
  let answer: Answer;
  try {
    answer = await ask();
  } catch (error) {
    await keepRefused(key, error, run);
    throw error;
  }
  await keepRaw(key, answer, run);
  return answer;
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

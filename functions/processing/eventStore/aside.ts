import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import { limits } from "../limits";

/** Where a detail is that is too large for its row, and by what it is known to be the one that was put there. */
export interface Claim {
  key: string;
  sha256: string;
  /** Of the detail itself. */
  bytes: number;
}

export const sha256Of = (detail: string): string => createHash("sha256").update(detail).digest("hex");

/** What goes into the row. The rest is put aside first, so that no row ever points to nothing; the same again has the same key. */
export const keepDetail = async (detail: string, run: Run): Promise<{ detail: string } | { detail_claim: Claim }> => {
  const bytes = Buffer.byteLength(detail);
  if (bytes <= limits.eventBytes) return { detail };
  const sha256 = sha256Of(detail);
  const key = `${sha256}.json.gz`;
  await run.call("PutObject", "aws", () =>
    s3().send(
      new PutObjectCommand({
        Bucket: env("EVENT_DETAILS_BUCKET"),
        Key: key,
        Body: gzipSync(detail),
        ContentType: "application/json",
        ContentEncoding: "gzip",
      }),
    ),
  );
  return { detail_claim: { key, sha256, bytes } };
};

/** Reads an object that was put aside. */
export type ReadObject = (key: string) => Promise<Uint8Array>;

/** The detail that a claim stands for, or a failure: never another one. */
export const claimed = async ({ key, sha256, bytes }: Claim, read: ReadObject): Promise<string> => {
  const damaged = () => new Failure("permanent", `the detail in ${key} is not the one that was put there`);
  // What unpacks to more than was put there is not it either, and is not unpacked to its end.
  const unpack = (packed: Uint8Array): string => {
    try {
      return gunzipSync(packed, { maxOutputLength: Math.max(bytes, 1) }).toString("utf8");
    } catch {
      throw damaged();
    }
  };
  const detail = unpack(await read(key));
  if (sha256Of(detail) !== sha256) throw damaged();
  return detail;
};

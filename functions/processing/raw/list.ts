import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3";
import type { Run } from "../consume/run";
import { env } from "../environment";

/** The keys of all answers that are kept under a prefix. */
export const listRaw = async (prefix: string, run: Run): Promise<string[]> => {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await run.call("ListObjectsV2", "aws", () =>
      s3().send(
        new ListObjectsV2Command({ Bucket: env("RAW_ANSWERS_BUCKET"), Prefix: prefix, ContinuationToken: token }),
      ),
    );
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
};

import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3";
import { requireTime } from "../batch";
import type { Run } from "../consume/run";
import { env } from "../environment";

/** Where Lambda puts batches of a stream aside that it gave up, with everything that was in them: the name is Lambda's own. */
export const putAsideUnder = "aws/lambda/";

/** How many of them wait for somebody to send them once more. */
export const countPutAside = async (run: Run): Promise<number> => {
  let count = 0;
  let ContinuationToken: string | undefined;
  do {
    requireTime(run);
    const page = await run.call("ListObjectsV2", "aws", () =>
      s3().send(
        new ListObjectsV2Command({
          Bucket: env("DEAD_LETTERS_BUCKET"),
          Prefix: putAsideUnder,
          ...(ContinuationToken && { ContinuationToken }),
        }),
      ),
    );
    count += page.Contents?.length ?? 0;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return count;
};

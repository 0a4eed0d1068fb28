import { gunzipSync, gzipSync } from "node:zlib";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import * as v from "valibot";
import { type Rating, ratingSchema } from "../analysis/schema";
import { s3 } from "../aws/s3";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";

/** What is kept of an analysis in full: the rating, and where in its industry the company stands. */
const resultSchema = v.object({ rating: ratingSchema, sector: v.optional(v.string()), name: v.optional(v.string()) });
export type Result = v.InferOutput<typeof resultSchema>;

/** The same analysis has the same key: a step that is repeated writes the same bytes to the same place. */
export const resultKey = (assetId: string, analysisDate: string, analysisId: string): string =>
  `ratings/${assetId}/${analysisDate}/${analysisId}.json.gz`;

export const keepResult = async (key: string, result: { rating: Rating; sector?: string; name?: string }, run: Run) => {
  const body = gzipSync(JSON.stringify(result));
  await run.call("PutObject", "aws", () =>
    s3().send(
      new PutObjectCommand({
        Bucket: env("ANALYSIS_RESULTS_BUCKET"),
        Key: key,
        Body: body,
        ContentType: "application/json",
        ContentEncoding: "gzip",
      }),
    ),
  );
};

export const readResult = async (key: string, run: Run): Promise<Result> => {
  const packed = await run.call("GetObject", "aws", async () => {
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: env("ANALYSIS_RESULTS_BUCKET"), Key: key }));
    return Body?.transformToByteArray();
  });
  const parsed = v.safeParse(
    v.pipe(v.string(), v.parseJson(), resultSchema),
    packed && gunzipSync(packed).toString("utf8"),
  );
  if (!parsed.success) throw new Failure("permanent", `the result ${key} is damaged`, { origin: "aws" });
  return parsed.output;
};

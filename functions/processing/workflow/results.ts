import { gunzipSync, gzipSync } from "node:zlib";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import * as v from "valibot";
import { ratingSchema } from "../analysis/schema";
import { s3 } from "../aws/s3";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";

/** What is kept of an analysis in full: the rating, and where in its industry the company stands. */
const resultSchema = v.object({
  rating: ratingSchema,
  sector: v.exactOptional(v.string()),
  name: v.exactOptional(v.string()),
});
export type Result = v.InferOutput<typeof resultSchema>;

/** The same analysis has the same key, however often its steps are repeated. */
export const resultKey = (assetId: string, analysisDate: string, analysisId: string): string =>
  `ratings/${assetId}/${analysisDate}/${analysisId}.json.gz`;

const isTaken = (error: unknown): boolean =>
  error instanceof Failure && error.cause instanceof Error && error.cause.name === "PreconditionFailed";

/**
 * Lays a result down, and answers what lies there: that of an earlier try where there was one. It may be in the history
 * already, and a later try can come to another one, as by then more is known of the time that it is about.
 */
export const keepResult = async (key: string, result: Result, run: Run): Promise<Result> => {
  const body = gzipSync(JSON.stringify(result));
  try {
    await run.call("PutObject", "aws", () =>
      s3().send(
        new PutObjectCommand({
          Bucket: env("ANALYSIS_RESULTS_BUCKET"),
          Key: key,
          Body: body,
          ContentType: "application/json",
          ContentEncoding: "gzip",
          IfNoneMatch: "*",
        }),
      ),
    );
    return result;
  } catch (error) {
    if (!isTaken(error)) throw error;
    return readResult(key, run);
  }
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

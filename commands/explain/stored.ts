import { gunzipSync } from "node:zlib";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { type Rating, ratingSchema } from "../../functions/processing/analysis/schema";
import type { HistoryRow } from "../../functions/processing/workflow/history";
import { UserError } from "../../local/engine/stackFile";
import type { Platform } from "../platform";

export interface Stored {
  row: HistoryRow;
}

const readObject = async ({ s3, bucket }: Platform, key: string): Promise<Rating> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket("analysis-results"), Key: key }));
  const packed = await Body?.transformToByteArray();
  return v.parse(v.object({ rating: ratingSchema }), JSON.parse(packed ? gunzipSync(packed).toString("utf8") : "{}"))
    .rating;
};

const readHistory = async ({ dynamodb, table }: Platform, symbol: string): Promise<HistoryRow[]> => {
  const rows: HistoryRow[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamodb.send(
      new QueryCommand({
        TableName: table("asset-analysis"),
        // Rows of the history begin with their date; LATEST comes after all of them.
        KeyConditionExpression: "asset_id = :asset AND analysis_key < :latest",
        ExpressionAttributeValues: { ":asset": `ASSET#${symbol}`, ":latest": "A" },
        ScanIndexForward: false,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    rows.push(...((page.Items ?? []) as HistoryRow[]));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
};

/** A company's analyses, newest first, and the rating of one of them in full. */
export const readRatings = async (
  platform: Platform,
  symbol: string,
): Promise<{ list: Stored[]; pick: (id: string | undefined) => Promise<{ row: HistoryRow; rating: Rating }> }> => {
  const rows = await readHistory(platform, symbol);
  if (rows.length === 0) throw new UserError(`${symbol} has not been analysed yet`);
  return {
    list: rows.map((row) => ({ row })),
    pick: async (id) => {
      const row = rows.find((one) => (id === undefined ? one.status === "completed" : one.analysis_id === id));
      if (!row)
        throw new UserError(
          id ? `${symbol} has no analysis ${id}` : `${symbol} could not be rated: ${rows[0]?.reason}`,
        );
      if (row.result_key === undefined) throw new UserError(`${symbol} could not be rated then: ${row.reason}`);
      return { row, rating: await readObject(platform, row.result_key) };
    },
  };
};

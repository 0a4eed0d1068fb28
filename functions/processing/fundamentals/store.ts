import { BatchWriteCommand, GetCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { TransactItem } from "../aws/transact";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import { limits } from "../limits";
import type { Head, ReportRow } from "./changes";
import type { DataType } from "./dataTypes";

export const tableOf = (type: DataType): string => env(`${type.toUpperCase()}_TABLE`);

export const readHead = async (type: DataType, assetId: string, run: Run): Promise<Head | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: tableOf(type),
        Key: { asset_id: `ASSET#${assetId}`, report_key: "HEAD" },
        ConsistentRead: true,
      }),
    ),
  );
  return Item as Head | undefined;
};

/**
 * Writes versions of reports. None counts before a head names it, and the same version has the same content, so that
 * this may be cut off and done again.
 */
export const writeReports = async (type: DataType, rows: readonly ReportRow[], run: Run): Promise<void> => {
  const table = tableOf(type);
  for (let at = 0; at < rows.length; at += limits.batchWriteItems) {
    let left = rows.slice(at, at + limits.batchWriteItems).map((Item) => ({ PutRequest: { Item } }));
    await run.call("BatchWriteItem", "dynamodb", async () => {
      const { UnprocessedItems } = await dynamodb().send(new BatchWriteCommand({ RequestItems: { [table]: left } }));
      left = (UnprocessedItems?.[table] ?? []) as typeof left;
      if (left.length > 0)
        throw new Failure("throttled", `${left.length} reports were not written`, { origin: "dynamodb" });
    });
  }
};

/**
 * Goes into the transaction that ends the job, or makes reports anew: from now on these reports count. Only where nothing
 * else has come since `known` was read; an older answer never gets here.
 */
export const newHead = (type: DataType, head: Head, known: Head | undefined): TransactItem => ({
  Put: {
    TableName: tableOf(type),
    Item: head,
    ...(known
      ? {
          ConditionExpression: `source_time = :seen AND ${known.remade_at ? "remade_at = :remade" : "attribute_not_exists(remade_at)"}`,
          ExpressionAttributeValues: {
            ":seen": known.source_time,
            ...(known.remade_at && { ":remade": known.remade_at }),
          },
        }
      : { ConditionExpression: "attribute_not_exists(report_key)" }),
  },
});

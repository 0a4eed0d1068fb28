import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { once } from "../../functions/processing/aws/client";
import { type TableName, tableSpecs } from "../../infra/tables";

/** Not the functions' own, which gives up after three seconds: what a test left under way may keep the engine for longer. */
const patient = once(() => DynamoDBDocumentClient.from(new DynamoDBClient({})));

const empty = async (table: TableName): Promise<void> => {
  const spec: { partition: string; sort?: string } = tableSpecs[table];
  for (;;) {
    const { Items = [] } = await patient().send(new ScanCommand({ TableName: table, Limit: 25 }));
    if (Items.length === 0) return;
    const keys = Items.map((item) => ({
      [spec.partition]: item[spec.partition],
      ...(spec.sort && { [spec.sort]: item[spec.sort] }),
    }));
    await patient().send(
      new BatchWriteCommand({ RequestItems: { [table]: keys.map((Key) => ({ DeleteRequest: { Key } })) } }),
    );
  }
};

/** Removes what earlier tests left in these tables. */
export const emptyTables = async (...tables: TableName[]): Promise<void> => {
  await Promise.all(tables.map(empty));
};

/** The second at which a row may go that is kept for so many days. */
export const goesAfter = (days: number, writtenAt = Date.now()): number =>
  Math.floor(writtenAt / 1_000) + days * 86_400;

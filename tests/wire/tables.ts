import { BatchWriteCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { type TableName, tableSpecs } from "../../infra/tables";

const empty = async (table: TableName): Promise<void> => {
  const spec: { partition: string; sort?: string } = tableSpecs[table];
  for (;;) {
    const { Items = [] } = await dynamodb().send(new ScanCommand({ TableName: table, Limit: 25 }));
    if (Items.length === 0) return;
    const keys = Items.map((item) => ({
      [spec.partition]: item[spec.partition],
      ...(spec.sort && { [spec.sort]: item[spec.sort] }),
    }));
    await dynamodb().send(
      new BatchWriteCommand({ RequestItems: { [table]: keys.map((Key) => ({ DeleteRequest: { Key } })) } }),
    );
  }
};

/** Removes what earlier tests left in these tables. */
export const emptyTables = async (...tables: TableName[]): Promise<void> => {
  await Promise.all(tables.map(empty));
};

import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";

export type Row = Record<string, unknown>;

/** Everything in a table. */
export const rowsOf = async (TableName: string): Promise<Row[]> => {
  const rows: Row[] = [];
  let start: Row | undefined;
  do {
    const page = await dynamodb().send(
      new ScanCommand({ TableName, ConsistentRead: true, ...(start && { ExclusiveStartKey: start }) }),
    );
    rows.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
};

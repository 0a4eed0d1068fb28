import { DescribeTableCommand, type DynamoDBClient, RestoreTableToPointInTimeCommand } from "@aws-sdk/client-dynamodb";

/** Asks DynamoDB for a copy of a table as it was at a moment, beside the table: nothing is overwritten. */
export const restoreTable = async (
  dynamodb: DynamoDBClient,
  table: string,
  at: number,
): Promise<{ table: string; status: string }> => {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }));
  const target = `${table}-${new Date(at).toISOString().replace(/\D/g, "").slice(0, 12)}`;
  const { TableDescription } = await dynamodb.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: Table?.TableName,
      TargetTableName: target,
      RestoreDateTime: new Date(at),
    }),
  );
  return { table: target, status: TableDescription?.TableStatus ?? "" };
};

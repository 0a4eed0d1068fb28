import {
  CreateBackupCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
} from "@aws-sdk/client-dynamodb";

export interface Made {
  table: string;
  status: string;
}

const digits = (at: number): string => new Date(at).toISOString().replace(/\D/g, "").slice(0, 14);

/** Asks DynamoDB for a copy of a table as it was at a moment, beside the table: nothing is overwritten. */
export const restoreTable = async (dynamodb: DynamoDBClient, table: string, at: number): Promise<Made> => {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }));
  const target = `${table}-${digits(at).slice(0, 12)}`;
  const { TableDescription } = await dynamodb.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: Table?.TableName,
      TargetTableName: target,
      RestoreDateTime: new Date(at),
    }),
  );
  return { table: target, status: TableDescription?.TableStatus ?? "" };
};

/** Keeps a table as it is now. */
export const backUp = async (dynamodb: DynamoDBClient, table: string, now: number): Promise<{ backup: string }> => {
  const BackupName = `${table}-${digits(now)}`;
  const { BackupDetails } = await dynamodb.send(new CreateBackupCommand({ TableName: table, BackupName }));
  return { backup: BackupDetails?.BackupArn ?? "" };
};

/** The same copy of what a backup kept. */
export const restoreBackup = async (dynamodb: DynamoDBClient, table: string, backup: string): Promise<Made> => {
  const target = `${table}-${backup.split("/").at(-1)}`;
  const { TableDescription } = await dynamodb.send(
    new RestoreTableFromBackupCommand({ TargetTableName: target, BackupArn: backup }),
  );
  return { table: target, status: TableDescription?.TableStatus ?? "" };
};

import { AwsError } from "../cloud/awsError";
import type { Cloud } from "../cloud/cloud";
import type { Operation } from "../cloud/service";
import { tableArn } from "./access";
import { asking } from "./ask";
import type { Engine } from "./engine";

interface Index {
  IndexName: string;
  KeySchema: unknown;
  Projection: unknown;
}

interface Description {
  TableName: string;
  KeySchema: unknown;
  AttributeDefinitions: unknown;
  GlobalSecondaryIndexes?: Index[];
}

type Item = Record<string, unknown>;

interface Backup {
  details: {
    BackupArn: string;
    BackupName: string;
    BackupSizeBytes: number;
    BackupStatus: "AVAILABLE";
    BackupType: "USER";
    BackupCreationDateTime: number;
  };
  table: Description;
  items: Item[];
}

const writtenAtOnce = 25;

const given = (value: unknown, parameter: string): string => {
  if (typeof value === "string" && value.length > 0) return value;
  const message = `The parameter '${parameter}' is required but was not present in the request`;
  throw new AwsError("ValidationException", message);
};

/** Copies of whole tables, for as long as the process runs. Unlike on AWS, one is ready when its making is answered. */
export class Backups {
  readonly #backups = new Map<string, Backup>();

  constructor(
    private readonly cloud: Cloud,
    private readonly engine: () => Promise<Engine>,
  ) {}

  get operations(): Record<string, Operation> {
    const onBackup = (action: string) => (asked: { BackupArn: string }) => ({
      action: `dynamodb:${action}`,
      resource: given(asked.BackupArn, "BackupArn"),
    });
    return {
      CreateBackup: {
        access: ({ TableName }: { TableName: string }) => ({
          action: "dynamodb:CreateBackup",
          resource: tableArn(given(TableName, "TableName")),
        }),
        run: (asked: { TableName: string; BackupName: string }) => this.#create(asked),
      },
      DescribeBackup: {
        access: onBackup("DescribeBackup"),
        run: async (asked: { BackupArn: string }) => ({ BackupDescription: this.#described(this.#named(asked)) }),
      },
      DeleteBackup: {
        access: onBackup("DeleteBackup"),
        run: async (asked: { BackupArn: string }) => {
          const found = this.#named(asked);
          this.#backups.delete(asked.BackupArn);
          return { BackupDescription: this.#described(found) };
        },
      },
      RestoreTableFromBackup: {
        access: ({ BackupArn, TargetTableName }: { BackupArn: string; TargetTableName: string }) =>
          [given(BackupArn, "BackupArn"), tableArn(given(TargetTableName, "TargetTableName"))].map((resource) => ({
            action: "dynamodb:RestoreTableFromBackup",
            resource,
          })),
        run: (asked: { BackupArn: string; TargetTableName: string }) => this.#restore(asked),
      },
    };
  }

  clear(): void {
    this.#backups.clear();
  }

  async #ask<Answer>(operation: string, input: object): Promise<Answer> {
    return asking(await this.engine())<Answer>(operation, input);
  }

  /** Page by page: as on AWS, items that change meanwhile are not all of one moment. */
  async #create({ TableName, BackupName }: { TableName: string; BackupName: string }) {
    const { Table } = await this.#ask<{ Table: Description }>("DescribeTable", { TableName }).catch(
      (error: AwsError) => {
        if (error.code !== "ResourceNotFoundException") throw error;
        throw new AwsError("TableNotFoundException", `Table not found: ${TableName}`);
      },
    );
    const items: Item[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const page = await this.#ask<{ Items: Item[]; LastEvaluatedKey?: Item }>("Scan", {
        TableName,
        ConsistentRead: true,
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      });
      items.push(...page.Items);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    const now = this.cloud.clock.now();
    const details = {
      BackupArn: `${tableArn(TableName)}/backup/${String(now).padStart(14, "0")}-${this.cloud.newId().slice(0, 8)}`,
      BackupName: given(BackupName, "BackupName"),
      BackupSizeBytes: Buffer.byteLength(JSON.stringify(items)),
      BackupStatus: "AVAILABLE",
      BackupType: "USER",
      BackupCreationDateTime: now / 1_000,
    } as const;
    this.#backups.set(details.BackupArn, { details, table: Table, items });
    return { BackupDetails: details };
  }

  async #restore(asked: { BackupArn: string; TargetTableName: string }) {
    const { table, items } = this.#named(asked);
    const TableName = asked.TargetTableName;
    await this.#ask("CreateTable", {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: table.KeySchema,
      AttributeDefinitions: table.AttributeDefinitions,
      ...(table.GlobalSecondaryIndexes && {
        GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
          IndexName,
          KeySchema,
          Projection,
        })),
      }),
    }).catch((error: AwsError) => {
      if (error.code !== "ResourceInUseException") throw error;
      throw new AwsError("TableAlreadyExistsException", `Table already exists: ${TableName}`);
    });
    for (let at = 0; at < items.length; at += writtenAtOnce) {
      const puts = items.slice(at, at + writtenAtOnce).map((Item) => ({ PutRequest: { Item } }));
      let RequestItems: Record<string, unknown> = { [TableName]: puts };
      while (Object.keys(RequestItems).length > 0) {
        const answer = await this.#ask<{ UnprocessedItems?: Record<string, unknown> }>("BatchWriteItem", {
          RequestItems,
        });
        RequestItems = answer.UnprocessedItems ?? {};
      }
    }
    const { Table } = await this.#ask<{ Table: object }>("DescribeTable", { TableName });
    return { TableDescription: { ...Table, TableArn: tableArn(TableName) } };
  }

  #named({ BackupArn }: { BackupArn: string }): Backup {
    const found = this.#backups.get(BackupArn);
    if (!found) throw new AwsError("BackupNotFoundException", `Backup not found: ${BackupArn}`);
    return found;
  }

  #described({ details, table, items }: Backup) {
    const SourceTableDetails = {
      TableName: table.TableName,
      TableArn: tableArn(table.TableName),
      KeySchema: table.KeySchema,
      ItemCount: items.length,
      BillingMode: "PAY_PER_REQUEST",
    };
    return { BackupDetails: details, SourceTableDetails };
  }
}

import { GetObjectCommand } from "@aws-sdk/client-s3";
import { BatchGetCommand, type BatchGetCommandOutput, GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Attributes } from "../../functions/processing/deadLetters/delivery";
import { unpack } from "../../functions/processing/deadLetters/payload";
import {
  type DeadLetterRow,
  originIndex,
  type Status,
  statuses,
  statusIndex,
} from "../../functions/processing/deadLetters/row";
import { limits } from "../../functions/processing/limits";
import { byText } from "../../functions/processing/order";
import { UserError } from "../../local/engine/stackFile";
import type { Desk } from "./desk";

export interface Choice {
  /** @default of all */
  origin?: string | undefined;
  /** @default any */
  status?: Status | undefined;
}

type Key = Pick<DeadLetterRow, "letter_id">;

const keysIn = async ({ dynamodb, table }: Desk, index: string, attribute: string, value: string): Promise<Key[]> => {
  const keys: Key[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamodb.send(
      new QueryCommand({
        TableName: table,
        IndexName: index,
        KeyConditionExpression: "#attribute = :value",
        ExpressionAttributeNames: { "#attribute": attribute },
        ExpressionAttributeValues: { ":value": value },
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    keys.push(...((page.Items ?? []) as Key[]));
    start = page.LastEvaluatedKey;
  } while (start);
  return keys.map(({ letter_id }) => ({ letter_id }));
};

const rowsOf = async ({ dynamodb, table }: Desk, keys: readonly Key[]): Promise<DeadLetterRow[]> => {
  const rows: DeadLetterRow[] = [];
  for (let at = 0; at < keys.length; at += limits.batchGetItems) {
    let left: Record<string, unknown>[] | undefined = keys.slice(at, at + limits.batchGetItems);
    while (left && left.length > 0) {
      const page: BatchGetCommandOutput = await dynamodb.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
      );
      rows.push(...((page.Responses?.[table] ?? []) as DeadLetterRow[]));
      left = page.UnprocessedKeys?.[table]?.Keys;
    }
  }
  return rows;
};

/** The letters that are meant, the oldest first. */
export const chosen = async (desk: Desk, { origin, status }: Choice): Promise<DeadLetterRow[]> => {
  const keys =
    origin === undefined
      ? await Promise.all((status ? [status] : statuses).map((one) => keysIn(desk, statusIndex, "status", one)))
      : [await keysIn(desk, originIndex, "origin", origin)];
  const rows = await rowsOf(desk, keys.flat());
  return rows
    .filter((row) => (status === undefined || row.status === status) && (origin === undefined || row.origin === origin))
    .sort((a, b) => byText(a.failed_at, b.failed_at));
};

export const letter = async ({ dynamodb, table }: Desk, letter_id: string): Promise<DeadLetterRow> => {
  const { Item } = await dynamodb.send(new GetCommand({ TableName: table, Key: { letter_id }, ConsistentRead: true }));
  if (!Item) throw new UserError(`There is no dead letter ${letter_id}: npm run dlq -- list shows those that wait`);
  return Item as DeadLetterRow;
};

/** What the letter holds, wherever it is kept. */
export const contentsOf = async (
  { s3, bucket }: Desk,
  row: DeadLetterRow,
): Promise<{ body: string; attributes: Attributes }> => {
  if (!("payload_key" in row)) return { body: row.body, attributes: row.attributes };
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: row.payload_key }));
  if (!Body) throw new Error(`object ${row.payload_key} is empty`);
  return unpack(await Body.transformToByteArray());
};

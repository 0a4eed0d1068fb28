import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import type { Place } from "../http/cursor";
import type { LedgerTable } from "./row";

/** Rows of one owner, or of one partition of an index that begins with the owner. */
export interface Range {
  table: LedgerTable;
  /** @default the table itself */
  index?: string;
  partition: { attribute: string; value: string };
  /** @default all of the partition */
  between?: { attribute: string; from: string; to: string };
  newestFirst?: boolean;
}

export interface Found {
  rows: Record<string, unknown>[];
  /** None once everything was read. */
  next: Place | undefined;
}

const condition = ({ partition, between }: Range) => ({
  KeyConditionExpression: `#p = :p${between ? " AND #s BETWEEN :from AND :to" : ""}`,
  ExpressionAttributeNames: { "#p": partition.attribute, ...(between && { "#s": between.attribute }) },
  ExpressionAttributeValues: { ":p": partition.value, ...(between && { ":from": between.from, ":to": between.to }) },
});

const placeNames = ({ table, index }: Range): string[] => [
  table.sort,
  ...(index !== undefined && table.indexSort !== undefined ? [table.indexSort] : []),
];

/** The place of a row in a range: all that a page has to know to go on after it, without the owner. */
export const placeOf = (range: Range, row: Record<string, unknown>): Place =>
  Object.fromEntries(placeNames(range).map((name) => [name, String(row[name])]));

/** Whether DynamoDB could begin there: with the keys of the range, between its ends. */
export const isPlaceIn =
  (range: Range) =>
  (place: Place): boolean => {
    const names = placeNames(range);
    const { attribute, from, to } = range.between ?? { attribute: "", from: "", to: "" };
    const at = place[attribute] ?? "";
    return (
      Object.keys(place).length === names.length &&
      names.every((name) => place[name]?.isWellFormed()) &&
      at >= from &&
      at <= to
    );
  };

/** Reads at most `limit` rows after the place. */
export const query = async (
  range: Range,
  owner: string,
  limit: number,
  after: Place | undefined,
  run: Run,
): Promise<Found> => {
  const { table, index, partition, newestFirst = false } = range;
  const answer = await run.call("Query", "dynamodb", () =>
    dynamodb().send(
      new QueryCommand({
        TableName: env(table.variable),
        ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
        ...condition(range),
        ScanIndexForward: !newestFirst,
        Limit: limit,
        ...(after && { ExclusiveStartKey: { ...after, owner, [partition.attribute]: partition.value } }),
      }),
    ),
  );
  const rows = answer.Items ?? [];
  const last = rows.at(-1);
  return { rows, next: answer.LastEvaluatedKey && last ? placeOf(range, last) : undefined };
};

/** How many there are, as far as an index knows. */
export const count = async (range: Range, run: Run): Promise<number> => {
  let found = 0;
  let start: Record<string, unknown> | undefined;
  do {
    const answer = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          TableName: env(range.table.variable),
          ...(range.index !== undefined && { IndexName: range.index }),
          ...condition(range),
          Select: "COUNT",
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    found += answer.Count ?? 0;
    start = answer.LastEvaluatedKey;
  } while (start);
  return found;
};

/** The rows of one kind that somebody has. */
export const ownRows = (table: LedgerTable, owner: string, newestFirst = false): Range => ({
  table,
  partition: { attribute: "owner", value: owner },
  newestFirst,
});

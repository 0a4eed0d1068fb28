import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { dynamodb, plainDynamodb } from "../../aws/dynamodb";
import { requireTime } from "../../batch";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { Failure } from "../../failure";
import { fromItem, type NumberedEntry, sortKeyOf, toItem, totalsEvery } from "./entry";

const table = () => env("EVENT_AGGREGATIONS_TABLE");

interface Range {
  from: number;
  /** The last one, too. @default as many as there are */
  to?: number;
}

type Asked = Pick<
  QueryCommandInput,
  "KeyConditionExpression" | "ExpressionAttributeValues" | "Limit" | "ScanIndexForward"
>;

/** Rows of the table, page by page: of large ones, few fit an answer of DynamoDB's. */
export async function* pagesOf(asked: Asked, run: Run): AsyncGenerator<Record<string, unknown>[]> {
  let start: Record<string, unknown> | undefined;
  do {
    requireTime(run);
    const page = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          TableName: table(),
          ...asked,
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    yield page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start);
}

async function* entriesIn(asked: Asked, run: Run): AsyncGenerator<NumberedEntry[]> {
  for await (const rows of pagesOf(asked, run)) yield rows.map(fromItem);
}

/** The entries of a log from a number on, in their order. */
export const entriesOf = (partition: string, { from, to }: Range, run: Run): AsyncGenerator<NumberedEntry[]> => {
  const isWanted = to === undefined ? "sort_key >= :from" : "sort_key BETWEEN :from AND :to";
  return entriesIn(
    {
      KeyConditionExpression: `partition_key = :partition AND ${isWanted}`,
      ExpressionAttributeValues: {
        ":partition": partition,
        ":from": sortKeyOf(from),
        ...(to !== undefined && { ":to": sortKeyOf(to) }),
      },
    },
    run,
  );
};

/** The entries of a log from its last one on, as many as are asked for. */
export async function* entriesBackwards(partition: string, run: Run): AsyncGenerator<NumberedEntry> {
  const asked = {
    KeyConditionExpression: "partition_key = :partition",
    ExpressionAttributeValues: { ":partition": partition },
    ScanIndexForward: false,
    Limit: totalsEvery,
  };
  for await (const entries of entriesIn(asked, run)) yield* entries;
}

/** The entry that has the number already, where that is why ours was refused. */
const winner = (error: unknown): NumberedEntry | undefined => {
  if (!(error instanceof Failure && error.conditionFailed)) return undefined;
  const { Item } = error.cause as { Item?: Record<string, AttributeValue> };
  return Item && fromItem(unmarshall(Item));
};

export interface Taken {
  by: NumberedEntry;
  /** How often it was tried: only what was tried before can be there without our knowing. */
  tries: number;
  error: unknown;
}

/** Answers with who has the number already. */
export const write = async (
  partition: string,
  entry: NumberedEntry,
  expiresAt: number | undefined,
  run: Run,
): Promise<Taken | undefined> => {
  let tries = 0;
  const put = () => {
    tries++;
    return plainDynamodb().send(
      new PutItemCommand({
        TableName: table(),
        Item: toItem(partition, entry, expiresAt),
        ConditionExpression: "attribute_not_exists(partition_key)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
  };
  try {
    await run.call("PutItem", "dynamodb", put);
    return undefined;
  } catch (error) {
    const by = winner(error);
    if (!by) throw error;
    return { by, tries, error };
  }
};

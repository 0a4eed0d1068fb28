import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { Failure } from "../failure";
import { limits } from "../limits";
import { claimed, type ReadObject } from "./aside";
import type { StoredEvent } from "./storedEvent";

/** The table, and a client that may read it. */
export interface EventStore {
  client: DynamoDBDocumentClient;
  table: string;
  /** Details that are too large for their rows. Who only reads what happened needs none. */
  aside?: ReadObject;
}

/** What an index tells of an event. */
export interface IndexRow {
  event_id: string;
  occurred_at: string;
  /** Only where the index carries it. */
  event_type?: string;
}

export const readEvent = async ({ client, table }: EventStore, eventId: string): Promise<StoredEvent | undefined> => {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: { event_id: eventId } }));
  return Item as StoredEvent | undefined;
};

/** The event with its detail, wherever that is kept. */
export const withDetail = async ({ aside }: EventStore, event: StoredEvent): Promise<StoredEvent> => {
  const { detail_claim: claim, ...rest } = event;
  if (!claim) return event;
  if (!aside) throw new Failure("permanent", `the detail of ${event.event_id} is not within reach`);
  return { ...rest, detail: await claimed(claim, aside) };
};

/** Events by their ids, as far as they are still there. */
export const readEvents = async (
  { client, table }: EventStore,
  ids: readonly string[],
): Promise<Map<string, StoredEvent>> => {
  const found = new Map<string, StoredEvent>();
  for (let at = 0; at < ids.length; at += limits.batchGetItems) {
    let keys: Record<string, unknown>[] = ids.slice(at, at + limits.batchGetItems).map((id) => ({ event_id: id }));
    // An answer has 16 MB at most: each brings some of the rows, or is an error.
    while (keys.length > 0) {
      const answer = await client.send(new BatchGetCommand({ RequestItems: { [table]: { Keys: keys } } }));
      for (const row of (answer.Responses?.[table] ?? []) as StoredEvent[]) found.set(row.event_id, row);
      keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return found;
};

export interface Asked {
  index: string;
  attribute: string;
  partition: string;
  /** ISO timestamps, both included. @default all times */
  between?: readonly [string, string];
  newestFirst?: boolean;
  /** The row after which to go on. */
  after?: readonly [occurredAt: string, eventId: string] | undefined;
  /** How many rows at most. */
  most: number;
}

/** Rows of one partition of an index, in order of time. */
export const readIndex = async ({ client, table }: EventStore, asked: Asked): Promise<IndexRow[]> => {
  const { index, attribute, partition, between, newestFirst = false, after, most } = asked;
  const rows: IndexRow[] = [];
  let start: Record<string, unknown> | undefined = after && {
    [attribute]: partition,
    occurred_at: after[0],
    event_id: after[1],
  };
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: index,
        KeyConditionExpression: `#partition = :partition${between ? " AND occurred_at BETWEEN :from AND :to" : ""}`,
        ExpressionAttributeNames: { "#partition": attribute },
        ExpressionAttributeValues: {
          ":partition": partition,
          ...(between && { ":from": between[0], ":to": between[1] }),
        },
        ScanIndexForward: !newestFirst,
        Limit: most - rows.length,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    rows.push(...((answer.Items ?? []) as IndexRow[]));
    start = answer.LastEvaluatedKey;
  } while (start && rows.length < most);
  return rows;
};

import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../../aws/dynamodb";
import { requireTime } from "../../batch";
import type { Run } from "../../consume/run";
import { env } from "../../environment";

/**
 * Which logs a day has, of which experiments, and under which numbers: written before anything is in them, so that they are found
 * whatever `experimentShards` becomes. No experiment begins with this.
 */
const registerOf = (day: string): string => `#${day}`;

export interface LogOfDay {
  experimentId: string;
  shard: number;
}

/** May be said again: nothing changes by it. */
export const register = async (day: string, { experimentId, shard }: LogOfDay, run: Run): Promise<void> => {
  const Item = { partition_key: registerOf(day), sort_key: `${experimentId}#${shard}` };
  await run.call("PutItem", "dynamodb", () =>
    dynamodb().send(new PutCommand({ TableName: env("EVENT_AGGREGATIONS_TABLE"), Item })),
  );
};

const logIn = (sortKey: unknown): LogOfDay => {
  const [experimentId = "", shard] = String(sortKey).split("#");
  return { experimentId, shard: Number(shard) };
};

/** Of every experiment, or of one. */
export async function* logsOf(day: string, run: Run, experimentId?: string): AsyncGenerator<LogOfDay> {
  let start: Record<string, unknown> | undefined;
  do {
    requireTime(run);
    const page = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          TableName: env("EVENT_AGGREGATIONS_TABLE"),
          KeyConditionExpression: `partition_key = :day${experimentId === undefined ? "" : " AND begins_with(sort_key, :of)"}`,
          ExpressionAttributeValues: {
            ":day": registerOf(day),
            ...(experimentId !== undefined && { ":of": `${experimentId}#` }),
          },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    for (const item of page.Items ?? []) yield logIn(item["sort_key"]);
    start = page.LastEvaluatedKey;
  } while (start);
}

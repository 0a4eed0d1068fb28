import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../../aws/dynamodb";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { pagesOf } from "./log";

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
  const asked = {
    KeyConditionExpression: `partition_key = :day${experimentId === undefined ? "" : " AND begins_with(sort_key, :of)"}`,
    ExpressionAttributeValues: {
      ":day": registerOf(day),
      ...(experimentId !== undefined && { ":of": `${experimentId}#` }),
    },
  };
  for await (const rows of pagesOf(asked, run)) for (const row of rows) yield logIn(row["sort_key"]);
}

import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import { requireTime } from "../batch";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { statusIndex } from "./row";

/** How many letters wait for somebody to redrive or discard them. */
export const countWaiting = async (run: Run): Promise<number> => {
  let count = 0;
  let start: Record<string, unknown> | undefined;
  do {
    requireTime(run);
    const page = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          TableName: env("DEAD_LETTERS_TABLE"),
          IndexName: statusIndex,
          Select: "COUNT",
          KeyConditionExpression: "#status = :waiting",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":waiting": "waiting" },
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    count += page.Count ?? 0;
    start = page.LastEvaluatedKey;
  } while (start);
  return count;
};

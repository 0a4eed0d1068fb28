import { ScanCommand, type ScanCommandInput } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { type PendingRow, pendingIndex } from "./record";

export interface PendingPage {
  rows: PendingRow[];
  next: Record<string, unknown> | undefined;
}

/**
 * Reads what waits to be published. The index holds nothing else, and ordinarily nothing at all: one scan of it asks every
 * partition at once, and is answered in order within each.
 */
export const readPending = async (
  query: Pick<ScanCommandInput, "Limit" | "FilterExpression" | "ExpressionAttributeValues">,
  start: PendingPage["next"],
  run: Run,
): Promise<PendingPage> => {
  const answer = await run.call("Scan", "dynamodb", () =>
    dynamodb().send(
      new ScanCommand({
        TableName: env("EVENT_STORE_TABLE"),
        IndexName: pendingIndex,
        ...query,
        ...(start && { ExclusiveStartKey: start }),
      }),
    ),
  );
  return { rows: (answer.Items ?? []) as PendingRow[], next: answer.LastEvaluatedKey };
};

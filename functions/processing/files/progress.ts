import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { mostIds } from "../events/ledgerFields";
import type { Survey } from "../statements/survey";

/** How far a reading has come: what is stored of the file's entries, counted from its beginning. */
export interface Progress {
  entries: number;
  transactionCount: number;
  duplicateCount: number;
  /** Of the first that were stored: one more than an event can name, so that it is seen when they are too many. */
  transactionIds: string[];
}

export const nothingYet = (): Progress => ({ entries: 0, transactionCount: 0, duplicateCount: 0, transactionIds: [] });

export const advanced = (
  progress: Progress,
  entries: number,
  stored: readonly string[],
  duplicates: number,
): Progress => ({
  entries: progress.entries + entries,
  transactionCount: progress.transactionCount + stored.length,
  duplicateCount: progress.duplicateCount + duplicates,
  transactionIds: [
    ...progress.transactionIds,
    ...stored.slice(0, Math.max(0, mostIds + 1 - progress.transactionIds.length)),
  ],
});

/** What one invocation leaves for the next of the same reading. */
export interface Checkpoint {
  content: string;
  survey: Survey;
  progress: Progress;
}

const keptSeconds = 14 * 86_400;
const keyOf = (importId: string) => ({ effect_id: `reading#${importId}` });

export const leaveCheckpoint = (importId: string, checkpoint: Checkpoint, run: Run): Promise<unknown> =>
  run.call("PutItem", "dynamodb", () =>
    dynamodb().send(
      new PutCommand({
        TableName: env("EFFECTS_TABLE"),
        Item: {
          ...keyOf(importId),
          checkpoint: JSON.stringify(checkpoint),
          expires_at: Math.floor(run.now() / 1_000) + keptSeconds,
        },
      }),
    ),
  );

export const findCheckpoint = async (importId: string, content: string, run: Run): Promise<Checkpoint | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(new GetCommand({ TableName: env("EFFECTS_TABLE"), Key: keyOf(importId), ConsistentRead: true })),
  );
  if (!Item) return undefined;
  const found: Checkpoint = JSON.parse(String(Item["checkpoint"]));
  return found.content === content ? found : undefined;
};

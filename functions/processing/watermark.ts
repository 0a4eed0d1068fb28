import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "./aws/dynamodb";
import type { Run } from "./consume/run";
import { env } from "./environment";
import { Failure } from "./failure";

/** How far a sync has come with its provider. */
export interface Watermark {
  /** What the provider had until this moment has been taken over. */
  at: number;
  /** False where the provider had more than it gave in one answer. */
  caughtUp: boolean;
}

const keyOf = (sync: string) => ({ asset_id: `SYNC#${sync}` });

export const readWatermark = async (sync: string, run: Run): Promise<Watermark | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({ TableName: env("PROCESSING_STATE_TABLE"), Key: keyOf(sync), ConsistentRead: true }),
    ),
  );
  const at = Date.parse(String(Item?.["watermark"]));
  return Number.isNaN(at) ? undefined : { at, caughtUp: Item?.["caught_up"] !== false };
};

/** Moves forward only: where a younger sync was faster, its mark stays. */
export const moveWatermark = async (sync: string, { at, caughtUp }: Watermark, run: Run): Promise<void> => {
  const watermark = new Date(at).toISOString();
  try {
    await run.call("PutItem", "dynamodb", () =>
      dynamodb().send(
        new PutCommand({
          TableName: env("PROCESSING_STATE_TABLE"),
          Item: {
            ...keyOf(sync),
            watermark,
            caught_up: caughtUp,
            updated_at: new Date(run.now()).toISOString(),
          },
          ConditionExpression: "attribute_not_exists(asset_id) OR watermark <= :watermark",
          ExpressionAttributeValues: { ":watermark": watermark },
        }),
      ),
    );
  } catch (error) {
    if (!(error instanceof Failure && error.conditionFailed)) throw error;
    run.log.info("a younger sync was faster", { sync, watermark });
  }
};

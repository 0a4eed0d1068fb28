import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import type { EventDefinition, PlatformEvent } from "../events/definition";
import { Failure } from "../failure";
import { type PendingRow, pendingItem, pendingRow } from "./record";

/** Records an event that comes with no change of state. Undefined where it was recorded before. */
export const recordAlone = async <D extends EventDefinition>(
  definition: D,
  event: PlatformEvent<D>,
  run: Run,
): Promise<PendingRow | undefined> => {
  try {
    await run.call("PutItem", "dynamodb", () =>
      dynamodb().send(
        new PutCommand({
          TableName: env("EVENT_STORE_TABLE"),
          Item: pendingItem(definition, event),
          ConditionExpression: "attribute_not_exists(event_id)",
        }),
      ),
    );
    return pendingRow(definition, event);
  } catch (error) {
    if (error instanceof Failure && error.conditionFailed) return undefined;
    throw error;
  }
};

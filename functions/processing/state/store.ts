import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { TransactItem } from "../aws/transact";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { Failure } from "../failure";
import type { DataType } from "../fundamentals/dataTypes";
import { metricNames } from "../observe/metrics";
import { auditEntry } from "../outbox/record";
import { type AssetState, moved } from "./assetState";
import type { Status } from "./status";

export const readState = async (assetId: string, run: Run): Promise<AssetState | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: env("PROCESSING_STATE_TABLE"),
        Key: { asset_id: `ASSET#${assetId}` },
        ConsistentRead: true,
      }),
    ),
  );
  return Item as AssetState | undefined;
};

const put = (before: AssetState | undefined, after: AssetState) => ({
  TableName: env("PROCESSING_STATE_TABLE"),
  Item: after,
  ...(before
    ? { ConditionExpression: "version = :seen", ExpressionAttributeValues: { ":seen": before.version } }
    : { ConditionExpression: "attribute_not_exists(asset_id)" }),
});

/** Goes into the transaction of whatever moves the state. */
export const stateChange = (before: AssetState | undefined, after: AssetState): TransactItem => ({
  Put: put(before, after),
});

/** The step in the history of a company's data: stored beside the events. */
export const historyEntry = (
  before: AssetState | undefined,
  after: AssetState,
  by: string,
  causeId: string,
  now: number,
): TransactItem =>
  auditEntry({
    id: `STATE#${after.asset_id}#${after.version}#${causeId}`,
    entity: after.asset_id,
    type: "processingState.changed",
    fields: [
      { field: "status", oldValue: before?.status, newValue: after.status },
      { field: "progress", oldValue: before?.progress, newValue: after.progress },
    ],
    after: { ...after },
    at: now,
    by,
    cause: { eventId: causeId, correlationId: after.correlation_id },
  });

/** Writes a move of a company's state, and counts it. That another came first is no error: it is decided anew. */
export const writeMove = async <T>(run: Pick<Run, "meter">, write: () => Promise<T>): Promise<T> => {
  run.meter.add(metricNames.stateMoves);
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof Failure && error.conditionFailed)) run.meter.add(metricNames.stateErrors);
    throw error;
  }
};

/** Moves one type along, whatever else happens to the row meanwhile. Does nothing where the move is not a legal one. */
export const moveType = async (
  assetId: string,
  type: DataType,
  to: Status,
  run: Run,
): Promise<AssetState | undefined> =>
  overtaken(run, async () => {
    const before = await readState(assetId, run);
    const after = before && moved(before, type, to, run.now());
    if (!after) return undefined;
    await writeMove(run, () =>
      run.call("PutItem", "dynamodb", () => dynamodb().send(new PutCommand(put(before, after)))),
    );
    return after;
  });

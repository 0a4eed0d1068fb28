import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import type { Firing } from "../consume/scheduled";
import { env } from "../environment";
import { claim, type Lease, release } from "./lease";

const keptSeconds = 14 * 86_400;

/** A schedule's slot is an hour long: a firing that comes late, or twice, still means the same run. */
export const slotOf = (name: string, { trigger, time }: Firing): string => `${name}#${trigger}#${time.slice(0, 13)}`;

const isDone = async (slot: string, run: Run): Promise<boolean> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({ TableName: env("EFFECTS_TABLE"), Key: { effect_id: slot }, ConsistentRead: true }),
    ),
  );
  return Item?.["done_at"] !== undefined;
};

/** Replaces the lease: a row without one can never be claimed. */
const markDone = ({ effectId, owner }: Lease, run: Run): Promise<unknown> =>
  run.call("PutItem", "dynamodb", () =>
    dynamodb().send(
      new PutCommand({
        TableName: env("EFFECTS_TABLE"),
        Item: {
          effect_id: effectId,
          owner,
          done_at: new Date(run.now()).toISOString(),
          expires_at: Math.floor(run.now() / 1_000) + keptSeconds,
        },
        ConditionExpression: "#owner = :owner",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":owner": owner },
      }),
    ),
  );

export type SlotEnd<T> = { end: "done"; result: T } | { end: "done before" | "under way" };

/**
 * Runs `work` once a slot. A run that failed gives its slot back to the next try; one that was cut off is taken up by
 * Lambda's retry of it, which comes under the same request id.
 */
export const oncePerSlot = async <T>(
  slot: string,
  leaseMs: number,
  run: Run,
  work: () => Promise<T>,
): Promise<SlotEnd<T>> => {
  if (await isDone(slot, run)) return { end: "done before" };
  const lease = await claim(slot, leaseMs, run, run.requestId);
  if (!lease) return { end: "under way" };
  try {
    const result = await work();
    await markDone(lease, run);
    return { end: "done", result };
  } catch (error) {
    await release(lease, run).catch((failure) => run.log.warn("the slot was not given back", { error: failure }));
    throw error;
  }
};

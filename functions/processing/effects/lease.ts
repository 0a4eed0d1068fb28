import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";

/**
 * The right to do what takes time. It belongs to one owner until it runs out; whoever comes after that finds the row in
 * other hands, and can neither renew it nor give it back. What is done under it must bear being done twice.
 */
export interface Lease {
  effectId: string;
  owner: string;
  until: number;
}

const lost = (effectId: string) =>
  new Failure("conflict", `lease ${effectId} is held by another owner`, { origin: "dynamodb", conditionFailed: true });

const isConditionFailed = (error: unknown): boolean => error instanceof Failure && error.conditionFailed;

/** A row that its owner never gave back disappears a day after it ran out. */
const keptAfter = 86_400;

const write = async (lease: Lease, condition: string, values: Record<string, unknown>, run: Run): Promise<boolean> => {
  try {
    await run.call("PutItem", "dynamodb", () =>
      dynamodb().send(
        new PutCommand({
          TableName: env("EFFECTS_TABLE"),
          Item: {
            effect_id: lease.effectId,
            owner: lease.owner,
            lease_until: lease.until,
            expires_at: Math.ceil(lease.until / 1_000) + keptAfter,
          },
          ConditionExpression: condition,
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":owner": lease.owner, ...values },
        }),
      ),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
};

/** Takes the lease if nobody holds it, or nobody holds it any more, or its owner comes back. */
export const claim = async (
  effectId: string,
  leaseMs: number,
  run: Run,
  owner: string = run.newId(),
): Promise<Lease | undefined> => {
  const now = run.now();
  const lease: Lease = { effectId, owner, until: now + leaseMs };
  // `#owner = :owner`: a write whose answer was lost is met by its own retry.
  const free = "attribute_not_exists(effect_id) OR lease_until <= :now OR #owner = :owner";
  return (await write(lease, free, { ":now": now }, run)) ? lease : undefined;
};

/** Prolongs a lease that is still ours, or throws. */
export const renew = async (lease: Lease, leaseMs: number, run: Run): Promise<Lease> => {
  const renewed = { ...lease, until: run.now() + leaseMs };
  if (!(await write(renewed, "#owner = :owner", {}, run))) throw lost(lease.effectId);
  return renewed;
};

/** Gives the lease back. One that has passed to another owner is left alone. */
export const release = async (lease: Lease, run: Run): Promise<void> => {
  try {
    await run.call("DeleteItem", "dynamodb", () =>
      dynamodb().send(
        new DeleteCommand({
          TableName: env("EFFECTS_TABLE"),
          Key: { effect_id: lease.effectId },
          ConditionExpression: "#owner = :owner",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":owner": lease.owner },
        }),
      ),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
};

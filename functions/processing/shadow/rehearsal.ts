import { createHash } from "node:crypto";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import type { Said } from "../notices/store";

/** By rule, the transactions that it puts into its category. */
export type Categories = Record<string, readonly string[]>;

/** What would have come of an event. Its figures lie beside the actual ones. */
export interface Rehearsal {
  categories?: Categories;
  said?: Said | "unwanted";
}

/** As it is kept. */
export interface Kept {
  said?: Rehearsal["said"];
  categories?: { digest: string; transactions: number; ids?: Categories };
}

const keptSeconds = 7 * 86_400;
/** So many ids fit an item beside the rest; of more, a digest has to do. */
const mostIds = 5_000;

/** The same for the same transactions under the same rules, in whatever order they were met. */
export const digestOf = (categories: Categories): string =>
  createHash("sha256")
    .update(
      JSON.stringify(
        Object.entries(categories)
          .map(([rule, ids]): [string, string[]] => [rule, [...ids].sort()])
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    )
    .digest("hex")
    .slice(0, 32);

export const sizeOf = (categories: Categories): number =>
  Object.values(categories).reduce((sum, { length }) => sum + length, 0);

const keyOf = (eventId: string) => ({ effect_id: `SHADOW#${eventId}` });

/** The first one counts: later the books may be others. False where there is one. */
export const keepRehearsal = async (eventId: string, { said, categories }: Rehearsal, run: Run): Promise<boolean> => {
  const transactions = sizeOf(categories ?? {});
  const kept: Kept = {
    ...(said !== undefined && { said }),
    ...(categories && {
      categories: {
        digest: digestOf(categories),
        transactions,
        ...(transactions <= mostIds && { ids: categories }),
      },
    }),
  };
  try {
    await run.call("PutItem", "dynamodb", () =>
      dynamodb().send(
        new PutCommand({
          TableName: env("EFFECTS_TABLE"),
          Item: { ...keyOf(eventId), ...kept, expires_at: Math.floor(run.now() / 1_000) + keptSeconds },
          ConditionExpression: "attribute_not_exists(effect_id)",
        }),
      ),
    );
    return true;
  } catch (error) {
    if (error instanceof Failure && error.conditionFailed) return false;
    throw error;
  }
};

export const readRehearsal = async (eventId: string, run: Run): Promise<Kept | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(new GetCommand({ TableName: env("EFFECTS_TABLE"), Key: keyOf(eventId), ConsistentRead: true })),
  );
  return Item as Kept | undefined;
};

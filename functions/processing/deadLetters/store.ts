import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import type { Letter } from "./letter";
import { keepPayload } from "./payload";
import { arrived, type DeadLetterRow, hasArrived } from "./row";

const read = async (letterId: string, run: Run): Promise<DeadLetterRow | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({ TableName: env("DEAD_LETTERS_TABLE"), Key: { letter_id: letterId }, ConsistentRead: true }),
    ),
  );
  return Item as DeadLetterRow | undefined;
};

const write = (row: DeadLetterRow, before: DeadLetterRow | undefined, run: Run): Promise<unknown> =>
  run.call("PutItem", "dynamodb", () =>
    dynamodb().send(
      new PutCommand({
        TableName: env("DEAD_LETTERS_TABLE"),
        Item: row,
        ...(before
          ? {
              ConditionExpression: "#version = :before",
              ExpressionAttributeNames: { "#version": "version" },
              ExpressionAttributeValues: { ":before": before.version },
            }
          : { ConditionExpression: "attribute_not_exists(letter_id)" }),
      }),
    ),
  );

/** `known`: this very arrival had been stored before. */
export type Stored = { end: "new" | "again" | "known"; row: DeadLetterRow };

/** Puts a letter where operators find it. A letter that died before is the same row, counted, and waits again. */
export const store = async (letter: Letter, run: Run): Promise<Stored> => {
  const payload = await keepPayload(letter, run);
  return overtaken(run, async () => {
    const before = await read(letter.letterId, run);
    if (before && hasArrived(before, letter)) return { end: "known", row: before };
    const row = arrived(before, letter, payload, run.now());
    await write(row, before, run);
    return { end: before ? "again" : "new", row };
  });
};

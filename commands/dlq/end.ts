import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import type { DeadLetterRow } from "../../functions/processing/deadLetters/row";
import type { Desk } from "./desk";

type Change = Pick<
  UpdateCommandInput,
  "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

/** Days after which a letter that has ended may go. */
const keptDays = 90;

/** False where the row is not any more what the condition says. */
export const changed = async ({ dynamodb, table }: Desk, letter_id: string, change: Change): Promise<boolean> => {
  try {
    await dynamodb.send(new UpdateCommand({ TableName: table, Key: { letter_id }, ...change }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/** Of a letter that has just ended. */
export const ending = ({ now, who }: Desk) => ({
  ":at": new Date(now()).toISOString(),
  ":who": who,
  ":expiry": Math.floor(now() / 1_000) + keptDays * 86_400,
});

/** Nobody is redriving it at the moment. */
export const nobodyAtIt = "(attribute_not_exists(redrive_until) OR redrive_until < :now)";

export const isBeingRedriven = ({ redrive_until }: DeadLetterRow, now: number): boolean =>
  redrive_until !== undefined && redrive_until >= now;

/** Why a letter cannot be dealt with, as it stands. */
export const standing = (row: DeadLetterRow, now: number): string => {
  if (isBeingRedriven(row, now)) return "somebody else is redriving it just now";
  if (row.status === "waiting") return "it has changed meanwhile: try again";
  return `it was ${row.status} at ${row.ended_at} by ${row.ended_by}${row.note ? `: ${row.note}` : ""}`;
};

import { GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import { auditEntry, type Change, type TransactItem } from "../outbox/record";

/** One expected or processed report of a company. Fields that other functions keep here are passed through untouched. */
const entrySchema = v.looseObject({
  asset_id: v.string(),
  earnings_date: v.string(),
  status: v.picklist(["scheduled", "processed"]),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** When what this row says was true, in epoch milliseconds. News older than that changes nothing. */
  source_time: v.number(),
  processed_event_id: v.optional(v.string()),
});

export type CalendarEntry = v.InferOutput<typeof entrySchema>;

export const calendarKey = (assetId: string, earningsDate: string) => ({
  asset_id: `ASSET#${assetId}`,
  earnings_date: earningsDate,
});

export const readEntry = async (
  assetId: string,
  earningsDate: string,
  run: Run,
): Promise<CalendarEntry | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: env("EARNINGS_CALENDAR_TABLE"),
        Key: calendarKey(assetId, earningsDate),
        ConsistentRead: true,
      }),
    ),
  );
  if (Item === undefined) return undefined;
  const parsed = v.safeParse(entrySchema, Item);
  if (parsed.success) return parsed.output;
  const fields = parsed.issues.map((issue) => v.getDotPath(issue)).join(", ");
  throw new Failure("permanent", `the earnings calendar's entry is damaged in ${fields}`, { origin: "dynamodb" });
};

const replace = (before: CalendarEntry, after: CalendarEntry): TransactItem => ({
  Put: {
    TableName: env("EARNINGS_CALENDAR_TABLE"),
    Item: after,
    ConditionExpression: "version = :seen",
    ExpressionAttributeValues: { ":seen": before.version },
  },
});

/** Replaces an entry and records the change, or neither. Throws a conflict if the entry is no longer what was read. */
export const writeEntry = (before: CalendarEntry, after: CalendarEntry, change: Change, run: Run): Promise<unknown> => {
  // The same for every retry of this one write: a lost answer is not a second write. Another writer has another.
  const ClientRequestToken = run.newId();
  return run.call("TransactWriteItems", "dynamodb", () =>
    dynamodb().send(
      new TransactWriteCommand({ ClientRequestToken, TransactItems: [replace(before, after), auditEntry(change)] }),
    ),
  );
};

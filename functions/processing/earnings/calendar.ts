import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { dynamodb } from "../aws/dynamodb";
import type { TransactItem } from "../aws/transact";
import { writeTogether } from "../aws/writeTogether";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import { auditEntry, type Change } from "../outbox/record";

/** One expected or processed report of a company. Fields that other functions keep here are passed through untouched. */
const entrySchema = v.looseObject({
  asset_id: v.string(),
  earnings_date: v.string(),
  /** `moved`: the report is expected on another day, which has an entry of its own. */
  status: v.picklist(["scheduled", "processed", "moved"]),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** When what this row says was true, in epoch milliseconds. News older than that changes nothing. */
  source_time: v.number(),
  fiscal_date_ending: v.optional(v.string()),
  moved_to: v.optional(v.string()),
  processed_event_id: v.optional(v.string()),
});

export type CalendarEntry = v.InferOutput<typeof entrySchema>;

export const calendarKey = (assetId: string, earningsDate: string) => ({
  asset_id: `ASSET#${assetId}`,
  earnings_date: earningsDate,
});

/** An entry as it is stored, or a failure that names what is wrong with it. */
export const parseEntry = (item: unknown): CalendarEntry => {
  const parsed = v.safeParse(entrySchema, item);
  if (parsed.success) return parsed.output;
  const fields = parsed.issues.map((issue) => v.getDotPath(issue)).join(", ");
  throw new Failure("permanent", `the earnings calendar's entry is damaged in ${fields}`, { origin: "dynamodb" });
};

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
  return Item && parseEntry(Item);
};

/** One entry's change; without a `before` it is new. */
export interface EntryChange {
  before: CalendarEntry | undefined;
  after: CalendarEntry;
}

const replace = ({ before, after }: EntryChange): TransactItem => ({
  Put: {
    TableName: env("EARNINGS_CALENDAR_TABLE"),
    Item: after,
    ...(before
      ? { ConditionExpression: "version = :seen", ExpressionAttributeValues: { ":seen": before.version } }
      : { ConditionExpression: "attribute_not_exists(asset_id)" }),
  },
});

/**
 * Writes entries and records each change, or nothing of it. Throws a conflict if one of the entries is no longer what was
 * read.
 */
export const writeEntries = (changes: readonly (EntryChange & { audit: Change })[], run: Run): Promise<void> =>
  writeTogether(
    changes.flatMap((change) => [replace(change), auditEntry(change.audit)]),
    run,
  );

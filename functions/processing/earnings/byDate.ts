import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import { inBatches, throwIfFailed } from "../batch";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import type { Refused } from "../providers/rows";
import { type CalendarEntry, parseEntry } from "./calendar";

export const byDateIndex = "by-date";

const queriedAtOnce = 16;

const queryAll = async (
  input: Omit<QueryCommand["input"], "TableName">,
  run: Run,
): Promise<Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const answer = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          ...input,
          TableName: env("EARNINGS_CALENDAR_TABLE"),
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
  } while (start);
  return items;
};

export interface CalendarPart {
  entries: CalendarEntry[];
  /** Entries that cannot be read, by asset. */
  damaged: Refused[];
}

/** What the calendar has for some days. An entry that cannot be read is told, and does not hide the others. */
export const readDays = async (days: readonly string[], run: Run): Promise<CalendarPart> => {
  const part: CalendarPart = { entries: [], damaged: [] };
  const read = await inBatches(days, queriedAtOnce, async (day) => {
    const items = await queryAll(
      {
        IndexName: byDateIndex,
        KeyConditionExpression: "earnings_date = :day",
        ExpressionAttributeValues: { ":day": day },
      },
      run,
    );
    for (const item of items) {
      try {
        part.entries.push(parseEntry(item));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        part.damaged.push({ at: String(item["asset_id"]).slice("ASSET#".length), reason: error.message });
      }
    }
  });
  throwIfFailed(read, "days of the calendar");
  return part;
};

/** All that the calendar has of one asset, as it is at this moment. */
export const readEntriesOf = async (assetId: string, run: Run): Promise<CalendarEntry[]> => {
  const items = await queryAll(
    {
      KeyConditionExpression: "asset_id = :asset",
      ExpressionAttributeValues: { ":asset": `ASSET#${assetId}` },
      ConsistentRead: true,
    },
    run,
  );
  return items.map(parseEntry);
};

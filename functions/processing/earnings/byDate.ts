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

/** Entries as far as they can be read. One that cannot be is told, and does not hide the others. */
const partOf = (items: readonly Record<string, unknown>[]): CalendarPart => {
  const part: CalendarPart = { entries: [], damaged: [] };
  for (const item of items) {
    try {
      part.entries.push(parseEntry(item));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      part.damaged.push({ at: String(item["asset_id"]).slice("ASSET#".length), reason: error.message });
    }
  }
  return part;
};

/** What the calendar has for some days. */
export const readDays = async (days: readonly string[], run: Run): Promise<CalendarPart> => {
  const items: Record<string, unknown>[] = [];
  const read = await inBatches(days, queriedAtOnce, async (day) => {
    const ofDay = {
      IndexName: byDateIndex,
      KeyConditionExpression: "earnings_date = :day",
      ExpressionAttributeValues: { ":day": day },
    };
    items.push(...(await queryAll(ofDay, run)));
  });
  throwIfFailed(read, "days of the calendar");
  return partOf(items);
};

/** What the calendar has for some days of some assets: asked by asset, or by day, whichever are fewer. */
export const readDaysOf = async (
  assetIds: readonly string[],
  days: readonly string[],
  run: Run,
): Promise<CalendarPart> => {
  if (assetIds.length >= days.length) return readDays(days, run);
  const items: Record<string, unknown>[] = [];
  const read = await inBatches(assetIds, queriedAtOnce, async (assetId) => {
    const ofAsset = {
      KeyConditionExpression: "asset_id = :asset AND earnings_date BETWEEN :from AND :to",
      ExpressionAttributeValues: { ":asset": `ASSET#${assetId}`, ":from": days[0], ":to": days.at(-1) },
    };
    items.push(...(await queryAll(ofAsset, run)));
  });
  throwIfFailed(read, "assets of the calendar");
  return partOf(items);
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

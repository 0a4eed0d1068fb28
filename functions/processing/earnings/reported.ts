import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { dayMs, dayOf } from "../day";
import { env } from "../environment";
import type { Normalised } from "../fundamentals/report";

/** A report that is older than this has been told of, or never will be. */
const lookBackDays = 120;

export interface Expected {
  earnings_date: string;
  status: string;
  fiscal_date_ending?: string;
}

/** What the calendar expected of a company until today, the last few months back. */
export const expectedSoFar = async (assetId: string, run: Run): Promise<Expected[]> => {
  const { Items = [] } = await run.call("Query", "dynamodb", () =>
    dynamodb().send(
      new QueryCommand({
        TableName: env("EARNINGS_CALENDAR_TABLE"),
        KeyConditionExpression: "asset_id = :asset AND earnings_date BETWEEN :from AND :to",
        ExpressionAttributeValues: {
          ":asset": `ASSET#${assetId}`,
          ":from": dayOf(run.now() - lookBackDays * dayMs),
          ":to": dayOf(run.now()),
        },
        ProjectionExpression: "earnings_date, #status, fiscal_date_ending",
        ExpressionAttributeNames: { "#status": "status" },
      }),
    ),
  );
  return Items as Expected[];
};

/** Days in the calendar, still open, whose quarter is among the earnings that were just ingested. */
export const reportedDays = (expected: readonly Expected[], { reports }: Normalised): string[] => {
  const quarters = new Set(
    reports.flatMap(({ period, fiscalDate, figures }) =>
      period === "quarterly" && figures["reportedEPS"] !== undefined ? [fiscalDate] : [],
    ),
  );
  return expected
    .filter(({ status, fiscal_date_ending = "" }) => status === "scheduled" && quarters.has(fiscal_date_ending))
    .map(({ earnings_date }) => earnings_date);
};

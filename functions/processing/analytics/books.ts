import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { visibleOf } from "../ledger/read";
import type { Dated } from "../ledger/transaction";
import { type Month, monthsOf } from "./months";
import { monthOf } from "./sum";

/** Few enough that a page is there well within the time that a call is given, also where the books are very long. */
const pageRows = 1_000;

/**
 * Everything that somebody may see of their transactions, of one month or of all, oldest first, page by page. From the index
 * that is a part of the table and can be read consistently: one that lags behind might lack what an event tells of.
 */
async function* readVisible(owner: string, month: string | undefined, run: Run): AsyncGenerator<Dated[]> {
  let start: Record<string, unknown> | undefined;
  do {
    const answer = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          TableName: env("TRANSACTIONS_TABLE"),
          IndexName: "by-date",
          KeyConditionExpression:
            month === undefined ? "#owner = :owner" : "#owner = :owner AND begins_with(dated, :days)",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":owner": owner, ...(month !== undefined && { ":days": `${month}-` }) },
          ConsistentRead: true,
          Limit: pageRows,
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    yield await visibleOf(owner, (answer.Items ?? []) as Dated[], run);
    start = answer.LastEvaluatedKey;
  } while (start);
}

/** All of somebody's books, month by month: no more than a month of them is in memory at a time. */
export const readBooks = async (owner: string, run: Run): Promise<Month[]> => {
  const months: Month[] = [];
  let open: Dated[] = [];
  for await (const page of readVisible(owner, undefined, run)) {
    for (const one of page) {
      if (open[0] && monthOf(open[0].date) !== monthOf(one.date)) {
        months.push(...monthsOf(open));
        open = [];
      }
      open.push(one);
    }
  }
  return [...months, ...monthsOf(open)];
};

/** One month of them; undefined where there is nothing in it. */
export const readMonth = async (owner: string, month: string, run: Run): Promise<Month | undefined> => {
  const transactions: Dated[] = [];
  for await (const page of readVisible(owner, month, run)) transactions.push(...page);
  return monthsOf(transactions)[0];
};

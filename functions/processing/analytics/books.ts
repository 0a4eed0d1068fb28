import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { visibleOf } from "../ledger/read";
import type { Dated } from "../ledger/transaction";
import { type Month, monthsOf } from "./months";
import { monthOf } from "./sum";

/**
 * Everything that somebody may see of their transactions, of one month or of all. From the index that is a part of the
 * table and can be read consistently: one that lags behind might lack what an event tells of.
 */
const readVisible = async (owner: string, month: string | undefined, run: Run): Promise<Dated[]> => {
  const visible: Dated[] = [];
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
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    visible.push(...(await visibleOf(owner, (answer.Items ?? []) as Dated[], run)));
    start = answer.LastEvaluatedKey;
  } while (start);
  return visible;
};

/** All of somebody's books, month by month. */
export const readBooks = async (owner: string, run: Run): Promise<Month[]> =>
  monthsOf(await readVisible(owner, undefined, run));

/** One month of them; undefined where there is nothing in it. */
export const readMonth = async (owner: string, month: string, run: Run): Promise<Month | undefined> => {
  const transactions = await readVisible(owner, month, run);
  return monthsOf(transactions.filter(({ date }) => monthOf(date) === month))[0];
};

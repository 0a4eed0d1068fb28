import { createHash } from "node:crypto";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { visibleOf } from "../ledger/read";
import type { TransactionRow } from "../ledger/transaction";
import type { Counted } from "./sum";

/** All that a person's analytics are computed from. */
export interface Books {
  transactions: Counted[];
  /** The same for the same transactions in the same versions. */
  digest: string;
  /** The moment before they were read. */
  readAt: string;
}

/**
 * Everything that somebody may see of their transactions. From the table itself and consistently: an index lags behind,
 * and what an event tells of must be among what is read.
 */
export const readBooks = async (owner: string, run: Run): Promise<Books> => {
  const transactions: Counted[] = [];
  const hash = createHash("sha256");
  const readAt = new Date(run.now()).toISOString();
  let start: Record<string, unknown> | undefined;
  do {
    const answer = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          TableName: env("TRANSACTIONS_TABLE"),
          KeyConditionExpression: "#owner = :owner",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":owner": owner },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    for (const one of await visibleOf(owner, (answer.Items ?? []) as TransactionRow[], run)) {
      const { transactionId, version, date, amount, currency, categoryId } = one;
      hash.update(`${transactionId}#${version}\n`);
      transactions.push({ date, amount, currency, categoryId });
    }
    start = answer.LastEvaluatedKey;
  } while (start);
  return { transactions, digest: hash.digest("hex").slice(0, 32), readAt };
};

import type { TransactItem } from "../../aws/transact";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import type { Place } from "../../http/cursor";
import { limits } from "../../limits";
import { reserveMs } from "../../retry";
import { query, type Range } from "../query";
import { readTransactionRows } from "../read";
import { keyOf, type LedgerRow, type LedgerTable } from "../row";
import { isTombstone, type Transaction } from "../transaction";

/** As many as one transaction changes, beside an entry of the event store and a check. */
const pageRows = limits.transactionItems - 3;

/**
 * Does something with every transaction in a partition of an index, seen by its owner or not, as far as time allows. True
 * where it came to the end.
 */
export const withEach = async (
  range: Range,
  owner: string,
  work: (transactions: Transaction[]) => Promise<void>,
  run: Run,
): Promise<boolean> => {
  let place: Place | undefined;
  do {
    if (run.remainingMs() < 3 * reserveMs) return false;
    const { rows, next } = await query(range, owner, pageRows, place, run);
    const ids = rows.map((row) => String(row["transaction_key"]).slice("TRANSACTION#".length));
    const found = await readTransactionRows(owner, ids, run);
    const live = [...found.values()].filter((row): row is Transaction => !isTombstone(row));
    if (live.length > 0) await work(live);
    place = next;
  } while (place);
  return true;
};

/** Goes into a transaction that is right only as long as this row is what was read. */
export const stillAs = (table: LedgerTable, row: LedgerRow): TransactItem => ({
  ConditionCheck: {
    TableName: env(table.variable),
    Key: keyOf(table, row),
    ConditionExpression: "version = :seen",
    ExpressionAttributeValues: { ":seen": row.version },
  },
});

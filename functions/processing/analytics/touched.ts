import type { Run } from "../consume/run";
import { readTransactionRows } from "../ledger/read";
import { isTombstone, type TransactionRow } from "../ledger/transaction";
import type { AskingEvent } from "./plan";
import { monthOf } from "./sum";

export type Months = readonly string[] | "all";

/** Of more transactions, and of more months, reading all of the books is no more work. */
const mostTransactions = 300;
const mostMonths = 24;

export const joined = (...parts: readonly Months[]): Months => {
  const months = new Set<string>();
  for (const part of parts) {
    if (part === "all") return part;
    for (const month of part) months.add(month);
  }
  return months.size > mostMonths ? "all" : [...months].sort();
};

/** The transactions that an event names; undefined where it does not name all that it is about. */
const idsIn = ({ payload }: Pick<AskingEvent, "payload">): readonly string[] | undefined => {
  const { transactionId, transactionIds, transactionCount } = payload as Record<string, unknown>;
  if (typeof transactionId === "string") return [transactionId];
  if (!Array.isArray(transactionIds) || transactionIds.length > mostTransactions) return undefined;
  // Of a long statement nothing but the number is told.
  return transactionIds.length === 0 && transactionCount !== 0 ? undefined : (transactionIds as string[]);
};

const day = /^\d{4}-\d{2}-\d{2}$/;

/** Where a transaction was before it was moved, and where it came to. */
const movedIn = ({ payload }: Pick<AskingEvent, "payload">): string[] => {
  const { changes } = payload as { changes?: { field?: unknown; oldValue?: unknown; newValue?: unknown }[] };
  return (changes ?? [])
    .filter(({ field }) => field === "date")
    .flatMap(({ oldValue, newValue }) => [oldValue, newValue])
    .flatMap((value) => (typeof value === "string" && day.test(value) ? [monthOf(value)] : []));
};

/** Where a transaction is now: each of its earlier moves is an event of its own, which names where it was. */
const monthIn = (row: TransactionRow | undefined): Months => {
  if (!row) return "all";
  if (!isTombstone(row)) return [monthOf(row.date)];
  return row.date === undefined ? "all" : [monthOf(row.date)];
};

/** By event, the months of their owner's books that it may have changed. */
export const touchedBy = async (
  owner: string,
  events: readonly AskingEvent[],
  run: Run,
): Promise<Map<AskingEvent, Months>> => {
  const named = new Map(events.map((event) => [event, idsIn(event)]));
  const ids = [...named.values()].flatMap((own) => own ?? []);
  const rows = ids.length === 0 ? new Map<string, TransactionRow>() : await readTransactionRows(owner, ids, run);
  return new Map(
    [...named].map(([event, own]) => [
      event,
      own ? joined(movedIn(event), ...own.map((id) => monthIn(rows.get(id)))) : "all",
    ]),
  );
};

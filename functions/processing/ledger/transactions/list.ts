import * as v from "valibot";
import type { Run } from "../../consume/run";
import { serve } from "../../http/api";
import type { Place } from "../../http/cursor";
import { readCursor, writeCursor } from "../../http/cursor";
import { byAccount, byCategory, byFile } from "../keys";
import { listTransactions, type transactionQuery, transactionView } from "../operations/transactions";
import { isPlaceIn, placeOf, query, type Range } from "../query";
import { readTransactions } from "../read";
import { transactionsTable } from "../row";
import type { Transaction } from "../transaction";

export type Wanted = Pick<
  v.InferOutput<typeof transactionQuery>,
  "accountId" | "categoryId" | "fileId" | "from" | "to" | "order"
>;

/** The narrowest index for what is wanted; it begins with the owner, whichever it is. */
export const rangeOf = (owner: string, { accountId, categoryId, fileId, from, to, order }: Wanted): Range => {
  const days = {
    between: { attribute: "dated", from: from ?? "0", to: `${to ?? "9999-12-31"}#~` },
    newestFirst: order === "newest",
  };
  const by = (index: string, attribute: string, value: string): Range => ({
    table: transactionsTable,
    index,
    partition: { attribute, value },
    ...days,
  });
  if (fileId !== undefined) return by("by-file", "owner_file", byFile(owner, fileId));
  if (accountId !== undefined) return by("by-account", "owner_account", byAccount(owner, accountId));
  if (categoryId !== undefined) return by("by-category", "owner_category", byCategory(owner, categoryId));
  return by("by-date", "owner", owner);
};

/** An index may still tell of a row as it was a moment ago: the row itself decides. */
const fits = (one: Transaction, { accountId, categoryId, fileId, from, to }: Wanted): boolean =>
  (accountId === undefined || one.accountId === accountId) &&
  (categoryId === undefined || one.categoryId === categoryId) &&
  (fileId === undefined || one.fileId === fileId) &&
  (from === undefined || one.date >= from) &&
  (to === undefined || one.date <= to);

/** As many rows as are looked at for one page: where few of them fit, the page is short, and the next one goes on. */
const mostLookedAt = 2_000;

export interface TransactionPage {
  transactions: Transaction[];
  next: Place | undefined;
}

const idOf = (row: Record<string, unknown>): string => String(row["transaction_key"]).slice("TRANSACTION#".length);

/** Transactions that their owner may see, in order of their days. */
export const readTransactionPage = async (
  owner: string,
  wanted: Wanted,
  limit: number,
  after: Place | undefined,
  run: Run,
): Promise<TransactionPage> => {
  const range = rangeOf(owner, wanted);
  const transactions: Transaction[] = [];
  let place = after;
  let lookedAt = 0;
  do {
    const { rows, next } = await query(range, owner, limit, place, run);
    const byId = new Map((await readTransactions(owner, rows.map(idOf), run)).map((one) => [one.transactionId, one]));
    for (const row of rows) {
      place = placeOf(range, row);
      const one = byId.get(idOf(row));
      if (!one || !fits(one, wanted)) continue;
      transactions.push(one);
      if (transactions.length === limit) return { transactions, next: row === rows.at(-1) ? next : place };
    }
    place = next;
    lookedAt += rows.length;
  } while (place && lookedAt < mostLookedAt);
  return { transactions, next: place };
};

export const servedListTransactions = serve(listTransactions, async ({ owner, query: asked }, run) => {
  const { limit, cursor, ...wanted } = asked;
  const list = [owner, "transactions", wanted];
  const after = cursor === undefined ? undefined : readCursor(list, cursor, isPlaceIn(rangeOf(owner, wanted)));
  const { transactions, next } = await readTransactionPage(owner, wanted, limit, after, run);
  const items = transactions.map((one) => v.parse(transactionView, one));
  return { status: 200, body: { items, ...(next && { next: writeCursor(list, next) }) } };
});

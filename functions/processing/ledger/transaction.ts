import * as v from "valibot";
import { day } from "../events/fields";
import {
  accountId,
  assignmentType,
  categoryId,
  confidence,
  fileId,
  importId,
  minorUnits,
  ruleId,
  transactionId,
} from "../events/ledgerFields";
import { byAccount, byCategory, byFile, transactionKey } from "./keys";
import { currency } from "./money";
import { rowEntries } from "./row";
import { freeText } from "./text";

export const description = v.pipe(
  freeText,
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(500, "must have at most 500 characters"),
);

export const note = v.pipe(
  freeText,
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(1_000, "must have at most 1000 characters"),
);

/** What a statement tells of a transaction. */
export const newTransactionSchema = v.object({
  /** Derived from what the statement says, so that the same transaction in another statement has the same id. */
  transactionId,
  date: day,
  amount: minorUnits,
  currency,
  description,
  accountId: v.optional(accountId),
  /** The bank's own id of it, or a cheque's number. */
  reference: v.optional(v.pipe(v.string(), v.maxLength(255, "must have at most 255 characters"))),
});

export type NewTransaction = v.InferOutput<typeof newTransactionSchema>;

export const transactionSchema = v.object({
  ...rowEntries,
  ...newTransactionSchema.entries,
  transaction_key: v.string(),
  fileId,
  /** The reading of the file that brought it. It is seen by its owner once that reading is the file's own. */
  importId,
  note: v.optional(note),
  categoryId: v.optional(categoryId),
  assignment: v.optional(v.object({ type: assignmentType, confidence, ruleId: v.optional(ruleId) })),
  /** Keys of indexes, derived from the above. */
  dated: v.string(),
  owner_account: v.optional(v.string()),
  owner_category: v.optional(v.string()),
  owner_file: v.string(),
});

export type Transaction = v.InferOutput<typeof transactionSchema>;

/** What is left of a transaction that is gone: enough to know it again in another statement, and in no index. */
export interface Tombstone {
  owner: string;
  transaction_key: string;
  version: number;
  change_id: string;
  deletedAt: string;
  /** What a person deleted does not come back with the next statement; what went with its file or account may. */
  deletedBy: "person" | "removal";
  /** Of the transaction that it was, for those who count by month. */
  date?: string;
}

export type TransactionRow = Transaction | Tombstone;

/** What the index by date tells of a transaction beside its keys. */
export const datedAttributes = [
  "transactionId",
  "version",
  "date",
  "amount",
  "currency",
  "categoryId",
  "fileId",
  "importId",
  "accountId",
] as const satisfies readonly (keyof Transaction)[];

export type Dated = Pick<Transaction, (typeof datedAttributes)[number]>;

export const isTombstone = (row: object): row is Tombstone => "deletedAt" in row;

type Described = Omit<Transaction, "transaction_key" | "dated" | "owner_account" | "owner_category" | "owner_file">;

/** The row as it is stored: with the keys of the indexes in which it is to be found. */
export const transactionRow = (transaction: Described): Transaction => {
  const { owner, transactionId: id, date, accountId: account, categoryId: category } = transaction;
  const { owner_account: _, owner_category: __, ...bare } = transaction as Transaction;
  return {
    ...bare,
    ...transactionKey(owner, id),
    dated: `${date}#${id}`,
    ...(account !== undefined && { owner_account: byAccount(owner, account) }),
    ...(category !== undefined && { owner_category: byCategory(owner, category) }),
    owner_file: byFile(owner, transaction.fileId),
  };
};

export const tombstone = (
  before: Transaction,
  { changeId, at, by }: { changeId: string; at: number; by: Tombstone["deletedBy"] },
): Tombstone => ({
  owner: before.owner,
  transaction_key: before.transaction_key,
  version: before.version + 1,
  change_id: changeId,
  deletedAt: new Date(at).toISOString(),
  deletedBy: by,
  date: before.date,
});

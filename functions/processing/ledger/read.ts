import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { dynamodb } from "../aws/dynamodb";
import { readTogether } from "../aws/readTogether";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import { type Account, accountSchema } from "./account";
import { type File, fileSchema } from "./file";
import { accountKey, fileKey, ruleKey, transactionKey } from "./keys";
import { accountsTable, filesTable, type LedgerTable, rulesTable, transactionsTable } from "./row";
import { type Rule, ruleSchema } from "./rule";
import { isTombstone, type Tombstone, type Transaction, type TransactionRow } from "./transaction";

/** A row as it is stored, or a failure that names what is wrong with it. */
export const parseRow = <Schema extends v.GenericSchema>(schema: Schema, item: unknown): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, item);
  if (parsed.success) return parsed.output;
  const fields = parsed.issues.map((issue) => v.getDotPath(issue)).join(", ");
  throw new Failure("permanent", `a row of the ledger is damaged in ${fields}`, { origin: "dynamodb" });
};

export const readRow = async (
  table: LedgerTable,
  key: Record<string, string>,
  run: Run,
): Promise<Record<string, unknown> | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(new GetCommand({ TableName: env(table.variable), Key: key, ConsistentRead: true })),
  );
  return Item;
};

/** Also one that is deleted and whose transactions are still being removed. */
export const readAccountRow = async (owner: string, accountId: string, run: Run): Promise<Account | undefined> => {
  const item = await readRow(accountsTable, accountKey(owner, accountId), run);
  return item && parseRow(accountSchema, item);
};

export const readAccount = async (owner: string, accountId: string, run: Run): Promise<Account | undefined> => {
  const account = await readAccountRow(owner, accountId, run);
  return account?.deletedAt === undefined ? account : undefined;
};

export const readRule = async (owner: string, ruleId: string, run: Run): Promise<Rule | undefined> => {
  const item = await readRow(rulesTable, ruleKey(owner, ruleId), run);
  return item && parseRow(ruleSchema, item);
};

/** Also one that is deleted and whose transactions are still being removed. */
export const readFileRow = async (owner: string, fileId: string, run: Run): Promise<File | undefined> => {
  const item = await readRow(filesTable, fileKey(owner, fileId), run);
  return item && parseRow(fileSchema, item);
};

export const readFile = async (owner: string, fileId: string, run: Run): Promise<File | undefined> => {
  const file = await readFileRow(owner, fileId, run);
  return file?.status === "removing" ? undefined : file;
};

/** Rows by their ids, also what is left of those that are gone, also what nobody sees yet. */
export const readTransactionRows = async (
  owner: string,
  ids: readonly string[],
  run: Run,
): Promise<Map<string, TransactionRow>> => {
  const keys = [...new Set(ids)].map((id) => transactionKey(owner, id));
  const rows = (await readTogether(
    env(transactionsTable.variable),
    keys,
    undefined,
    run,
  )) as unknown as TransactionRow[];
  return new Map(rows.map((row) => [row.transaction_key.slice("TRANSACTION#".length), row]));
};

interface Seen {
  /** The reading that counts, by file. */
  imports: Map<string, string | undefined>;
  /** Accounts that are there. */
  accounts: Set<string>;
}

/** By which it is known whether a transaction is to be seen. */
type Placed = Pick<Transaction, "fileId" | "importId" | "accountId">;

const lookAround = async (owner: string, transactions: readonly Placed[], run: Run): Promise<Seen> => {
  const distinct = (ids: (string | undefined)[]) => [...new Set(ids.filter((id) => id !== undefined))];
  const files = distinct(transactions.map(({ fileId }) => fileId)).map((id) => fileKey(owner, id));
  const accounts = distinct(transactions.map(({ accountId }) => accountId)).map((id) => accountKey(owner, id));
  const [fileRows, accountRows] = await Promise.all([
    readTogether(env(filesTable.variable), files, ["fileId", "importId", "status"], run),
    readTogether(env(accountsTable.variable), accounts, ["accountId", "deletedAt"], run),
  ]);
  return {
    imports: new Map(
      fileRows.map((row) => [String(row["fileId"]), row["status"] === "removing" ? undefined : text(row["importId"])]),
    ),
    accounts: new Set(accountRows.flatMap((row) => (row["deletedAt"] === undefined ? [String(row["accountId"])] : []))),
  };
};

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/**
 * Of these transactions, those that their owner may see: a reading of a file becomes visible as a whole, by one write of
 * the file's row, and what a deleted file or account had vanishes in the same way.
 */
export const visibleOf = async <Row extends Placed>(
  owner: string,
  rows: readonly (Row | Tombstone)[],
  run: Run,
): Promise<Row[]> => {
  const transactions = rows.filter((row): row is Row => !isTombstone(row));
  if (transactions.length === 0) return [];
  const { imports, accounts } = await lookAround(owner, transactions, run);
  return transactions.filter(
    ({ fileId, importId, accountId }) =>
      imports.get(fileId) === importId && (accountId === undefined || accounts.has(accountId)),
  );
};

/** Transactions by their ids, as far as their owner may see them, in the order of the ids. */
export const readTransactions = async (owner: string, ids: readonly string[], run: Run): Promise<Transaction[]> => {
  const rows = await readTransactionRows(owner, ids, run);
  return visibleOf(
    owner,
    [...new Set(ids)].flatMap((id) => rows.get(id) ?? []),
    run,
  );
};

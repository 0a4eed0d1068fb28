import * as v from "valibot";

const moment = v.pipe(v.string(), v.isoTimestamp());

/** What every row of the ledger has besides what it is about. */
export const rowEntries = {
  owner: v.string(),
  /** Grows with each change: who writes says which one was read. */
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  createdAt: moment,
  updatedAt: moment,
  /** The change that wrote the row: one that is repeated finds that it was made. */
  change_id: v.string(),
};

export interface LedgerTable {
  label: string;
  /** The attribute that names a row among those of its owner. */
  sort: string;
  /** By which its indexes are sorted, where that is another. */
  indexSort?: string;
  /** The variable that has its name. Each table has an object of its own: a function reads the names of those it uses only. */
  variable: string;
}

export const accountsTable: LedgerTable = { label: "accounts", sort: "account_key", variable: "ACCOUNTS_TABLE" };
export const filesTable: LedgerTable = { label: "files", sort: "file_key", variable: "FILES_TABLE" };
export const rulesTable: LedgerTable = { label: "category-rules", sort: "rule_key", variable: "CATEGORY_RULES_TABLE" };
export const transactionsTable: LedgerTable = {
  label: "transactions",
  sort: "transaction_key",
  indexSort: "dated",
  variable: "TRANSACTIONS_TABLE",
};

export const notificationsTable: LedgerTable = {
  label: "notifications",
  sort: "notification_key",
  variable: "NOTIFICATIONS_TABLE",
};

export interface LedgerRow {
  owner: string;
  version: number;
  change_id: string;
  [more: string]: unknown;
}

/** One row's change: without `before` it is new, without `after` it goes. */
export interface RowChange {
  table: LedgerTable;
  before?: LedgerRow | undefined;
  after?: LedgerRow | undefined;
}

export const keyOf = (table: LedgerTable, row: LedgerRow): Record<string, string> => ({
  owner: row.owner,
  [table.sort]: String(row[table.sort]),
});

/** The one partition of the indexes of what is to be brought to its end. */
export const unfinished = "UNFINISHED";

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

export type LedgerTable = "accounts" | "transactions" | "files" | "category-rules";

/** The attribute that names a row among those of its owner. */
export const sortKeys = {
  accounts: "account_key",
  transactions: "transaction_key",
  files: "file_key",
  "category-rules": "rule_key",
} as const satisfies Record<LedgerTable, string>;

/** The variable that has the table's name. */
export const tableVariables = {
  accounts: "ACCOUNTS_TABLE",
  transactions: "TRANSACTIONS_TABLE",
  files: "FILES_TABLE",
  "category-rules": "CATEGORY_RULES_TABLE",
} as const satisfies Record<LedgerTable, string>;

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
  [sortKeys[table]]: String(row[sortKeys[table]]),
});

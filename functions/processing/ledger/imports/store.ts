import type { Run } from "../../consume/run";
import { overtaken } from "../../effects/overtaken";
import { derivedId } from "../../events/derivedId";
import { Failure } from "../../failure";
import { type Act, chunksOf, commit, record, roomOfOneEntry } from "../commit";
import { type File, isBeingRead } from "../file";
import { importIdOf } from "../keys";
import { readFileRow, readTransactionRows, visibleOf } from "../read";
import { type RowChange, transactionsTable } from "../row";
import { isTombstone, type NewTransaction, type TransactionRow, transactionRow } from "../transaction";

/** A reading of a file under way: what it brings is seen by nobody until it is ended. */
export interface Import {
  file: File;
  importId: string;
  act: Act;
}

/**
 * `reading` is the version of whoever reads the file: repeated by the same, it is the same import, and finds what it has
 * stored; where another begins anew, what the first one left is not seen.
 */
export const importOf = (file: File, act: Act, reading = 1): Import => ({
  file,
  importId: importIdOf(file.fileId, reading),
  act,
});

export interface Stored {
  /** Ids of what this reading brings, also where an earlier attempt of it stored them already. */
  stored: string[];
  /** Ids of what was known: from another statement, twice in this one, or deleted by its owner. */
  duplicates: string[];
}

type Standing = "new" | "mine" | "duplicate" | "abandoned";

/** Rows that another reading, still under way, has brought: it may yet fail, so nothing can be said of them now. */
const requireSettled = async (row: TransactionRow & { fileId: string }, { file, act }: Import, run: Run) => {
  if (row.fileId === file.fileId) return;
  const other = await readFileRow(act.owner, row.fileId, run);
  if (other && isBeingRead(other)) {
    throw new Failure("unavailable", "another statement that brings the same transactions is being read");
  }
};

/** What rows that are there already mean for a reading that brings the same. */
const standings = async (rows: Map<string, TransactionRow>, reading: Import, run: Run) => {
  const visible = new Set(
    (await visibleOf(reading.act.owner, [...rows.values()], run)).map((row) => row.transactionId),
  );
  return async (id: string): Promise<Standing> => {
    const row = rows.get(id);
    if (!row) return "new";
    if (isTombstone(row)) return row.deletedBy === "person" ? "duplicate" : "abandoned";
    if (visible.has(id)) return "duplicate";
    if (row.importId === reading.importId) return "mine";
    await requireSettled(row, reading, run);
    return "abandoned";
  };
};

const changeOf = (
  item: NewTransaction,
  before: TransactionRow | undefined,
  { file, importId, act }: Import,
): RowChange => {
  const at = new Date(act.at).toISOString();
  const after = transactionRow({
    ...item,
    ...(item.accountId === undefined && file.accountId !== undefined && { accountId: file.accountId }),
    owner: act.owner,
    fileId: file.fileId,
    importId,
    version: (before?.version ?? 0) + 1,
    createdAt: at,
    updatedAt: at,
    change_id: act.changeId,
  });
  return { table: transactionsTable, before: before && { ...before }, after };
};

const storeOnce = async (items: readonly NewTransaction[], reading: Import, run: Run): Promise<Stored> => {
  const rows = await readTransactionRows(
    reading.act.owner,
    items.map(({ transactionId }) => transactionId),
    run,
  );
  const standing = await standings(rows, reading, run);
  const result: Stored = { stored: [], duplicates: [] };
  const changes: RowChange[] = [];
  const met = new Set<string>();
  for (const item of items) {
    const id = item.transactionId;
    const stands = met.has(id) ? "duplicate" : await standing(id);
    met.add(id);
    result[stands === "duplicate" ? "duplicates" : "stored"].push(id);
    if (stands === "new" || stands === "abandoned") changes.push(changeOf(item, rows.get(id), reading));
  }
  const steps = changes.map((change) => ({ rows: [change], tells: [] }));
  for (const chunk of chunksOf(steps, roomOfOneEntry)) {
    const changed = chunk.flatMap(({ rows: [change] }) => change ?? []);
    const ids = changed.map(({ after }) => String(after?.["transactionId"]));
    const entry = record(
      "transactions.stored",
      `FILE#${reading.file.fileId}`,
      [],
      reading.act,
      derivedId("chunk", reading.importId, ...ids, run.newId()),
    );
    await commit([{ rows: changed, tells: [entry] }], run);
  }
  return result;
};

/**
 * Stores what a statement brings, in chunks that fit a transaction, each with an entry in the event store; nobody sees any
 * of it before the reading is ended. May be repeated, with the same items or with others of the same reading.
 */
export const storeTransactions = (items: readonly NewTransaction[], reading: Import, run: Run): Promise<Stored> =>
  overtaken(run, () => storeOnce(items, reading, run));

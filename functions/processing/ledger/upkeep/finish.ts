import type { Run } from "../../consume/run";
import { derivedId } from "../../events/derivedId";
import type { Account } from "../account";
import { type Act, commit, record } from "../commit";
import { type File, fileRow, isBeingRead, readingLeaseMs, readingPatienceMs } from "../file";
import { endImport } from "../imports/end";
import { importOf } from "../imports/store";
import { byAccount } from "../keys";
import { query } from "../query";
import { readFileRow } from "../read";
import type { LedgerRow } from "../row";
import { accountsTable, filesTable } from "../row";
import { moveTransactions } from "./move";
import { discardTransactions, removeTransactionsOfAccount, removeTransactionsOfFile } from "./remove";

/** An index knows of a row within a second or so: what it has not told of in this time is not there. */
const settledAfterMs = 60_000;

/** `done`: nothing is left to do. `waiting`: for indexes to settle, for time, or for a reading to end. */
export type Finished = "done" | "waiting";

const upkeep = (row: LedgerRow, id: string, run: Run): Act => {
  const changeId = derivedId("upkeep", id, row.version);
  return { owner: row.owner, changeId, at: run.now(), correlationId: changeId };
};

const isSettled = ({ updatedAt }: { updatedAt: string }, run: Run): boolean =>
  run.now() - Date.parse(updatedAt) > settledAfterMs;

const ended = (file: File, { at, changeId }: Act): File => {
  const { unfinished: _, movedFrom: __, ...rest } = file;
  return fileRow({ ...rest, version: file.version + 1, updatedAt: new Date(at).toISOString(), change_id: changeId });
};

/** Where the content of a deleted file is taken away. */
export type RemoveContent = (file: File) => Promise<void>;

/** Brings to its end what is under way of a file: its removal, its move to another account, what a failed reading left. */
export const finishFile = async (file: File, removeContent: RemoveContent, run: Run): Promise<Finished> => {
  if (isBeingRead(file)) return "waiting";
  const act = upkeep(file, file.fileId, run);
  const work =
    file.status === "removing"
      ? removeTransactionsOfFile
      : file.status === "failed"
        ? discardTransactions
        : moveTransactions;
  if (!(await work(file, act, run)) || !isSettled(file, run)) return "waiting";
  const entity = `FILE#${file.fileId}`;
  if (file.status === "removing") {
    await removeContent(file);
    await commit(
      [{ rows: [{ table: filesTable, before: file }], tells: [record("file.removed", entity, [], act)] }],
      run,
    );
    return "done";
  }
  const after = ended(file, act);
  const entry = record("file.settled", entity, [], act);
  await commit([{ rows: [{ table: filesTable, before: file, after }], tells: [entry] }], run);
  return "done";
};

/** Its messages are with the dead letters by then, and whoever was reading it has given up. */
const isGivenUp = ({ updatedAt }: File, run: Run): boolean =>
  run.now() - Date.parse(updatedAt) > readingPatienceMs + readingLeaseMs;

/** Ends a reading that died: for an account that is gone nobody will take it up again. */
const endDeadReading = async (file: File, run: Run): Promise<void> => {
  const errorMessage = "the account was deleted, and the file could not be read: upload it again";
  const outcome = { status: "failed", transactionIds: [], duplicateCount: 0, errorMessage } as const;
  await endImport(importOf(file, upkeep(file, file.fileId, run)), outcome, run);
};

/** Files of a deleted account belong to none: one that is being read, once that has ended. True where none is left. */
const releaseFiles = async ({ owner, accountId }: Account, act: Act, run: Run): Promise<boolean> => {
  const range = {
    table: filesTable,
    index: "by-account",
    partition: { attribute: "owner_account", value: byAccount(owner, accountId) },
  } as const;
  const { rows, next } = await query(range, owner, 100, undefined, run);
  let busy = false;
  for (const row of rows) {
    const before = await readFileRow(owner, String(row["file_key"]).slice("FILE#".length), run);
    if (before?.accountId !== accountId || before.status === "removing") continue;
    if (isBeingRead(before)) {
      if (isGivenUp(before, run)) await endDeadReading(before, run);
      busy = true;
      continue;
    }
    const { accountId: _, ...rest } = before;
    const at = new Date(act.at).toISOString();
    // What it brought is gone with the account, and comes with the next file that says it.
    const after = fileRow({
      ...rest,
      ...(before.importId !== undefined && { readFor: accountId }),
      version: before.version + 1,
      updatedAt: at,
      change_id: act.changeId,
    });
    const told = [{ field: "accountId", oldValue: accountId, newValue: null }];
    const entry = record("file.released", `FILE#${before.fileId}`, told, act, before.fileId);
    await commit([{ rows: [{ table: filesTable, before, after }], tells: [entry] }], run);
  }
  return next === undefined && !busy;
};

/** Brings the removal of an account to its end. */
export const finishAccount = async (account: Account, run: Run): Promise<Finished> => {
  const act = upkeep(account, account.accountId, run);
  const removed = await removeTransactionsOfAccount(account, act, run);
  if (!removed || !(await releaseFiles(account, act, run)) || !isSettled(account, run)) return "waiting";
  const entry = record("account.removed", `ACCOUNT#${account.accountId}`, [], act);
  await commit([{ rows: [{ table: accountsTable, before: account }], tells: [entry] }], run);
  return "done";
};

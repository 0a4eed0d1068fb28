import type { Run } from "../../consume/run";
import { type Act, chunksOf, commit, record, roomOfOneEntry } from "../commit";
import type { File } from "../file";
import { byFile } from "../keys";
import { filesTable, transactionsTable } from "../row";
import { type Transaction, transactionRow } from "../transaction";
import { stillAs, withEach } from "./live";

/**
 * Brings what a file brought to the account to which the file belongs now; what its owner has put into yet another account
 * stays there. True where all of it is there.
 */
export const moveTransactions = (file: File, act: Act, run: Run): Promise<boolean> => {
  const { owner, fileId, accountId, movedFrom = [] } = file;
  if (accountId === undefined) return Promise.resolve(true);
  const follows = (one: Transaction) =>
    one.fileId === fileId &&
    one.accountId !== accountId &&
    (one.accountId === undefined || movedFrom.includes(one.accountId));
  const moved = (before: Transaction): Transaction =>
    transactionRow({
      ...before,
      accountId,
      version: before.version + 1,
      updatedAt: new Date(act.at).toISOString(),
      change_id: act.changeId,
    });
  const range = {
    table: transactionsTable,
    index: "by-file",
    partition: { attribute: "owner_file", value: byFile(owner, fileId) },
  } as const;
  return withEach(
    range,
    owner,
    async (transactions) => {
      const steps = transactions
        .filter(follows)
        .map((before) => ({ rows: [{ table: transactionsTable, before, after: moved(before) }], tells: [] }) as const);
      for (const chunk of chunksOf(steps, roomOfOneEntry)) {
        const rows = chunk.flatMap((step) => step.rows);
        const part = rows.map(({ before, after }) => `${before.transactionId}#${after.version}`)[0];
        const entry = record("transactions.associated", `FILE#${fileId}`, [], act, part);
        await commit([{ rows, tells: [entry] }], run, [stillAs(filesTable, file)]);
      }
    },
    run,
  );
};

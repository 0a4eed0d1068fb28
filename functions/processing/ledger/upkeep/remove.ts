import type { Run } from "../../consume/run";
import type { Account } from "../account";
import { type Act, commit, record } from "../commit";
import type { File } from "../file";
import { byAccount, byFile } from "../keys";
import type { Range } from "../query";
import { accountsTable, filesTable, transactionsTable } from "../row";
import { tombstone } from "../transaction";
import { removalSteps } from "../transactions/remove";
import { stillAs, withEach } from "./live";

const transactionsBy = (index: string, attribute: string, value: string): Range => ({
  table: transactionsTable,
  index,
  partition: { attribute, value },
});

export const ofFile = ({ owner, fileId }: Pick<File, "owner" | "fileId">): Range =>
  transactionsBy("by-file", "owner_file", byFile(owner, fileId));

const ofAccount = ({ owner, accountId }: Account): Range =>
  transactionsBy("by-account", "owner_account", byAccount(owner, accountId));

/** Takes away what a deleted file brought. True where nothing of it is left. */
export const removeTransactionsOfFile = (file: File, act: Act, run: Run): Promise<boolean> =>
  withEach(
    ofFile(file),
    file.owner,
    async (transactions) => {
      const own = transactions.filter(({ fileId }) => fileId === file.fileId);
      for (const step of removalSteps(own, { by: "removal", type: "bulk" }, act)) {
        await commit([step], run, [stillAs(filesTable, file)]);
      }
    },
    run,
  );

/** Takes away what a deleted account had. True where nothing of it is left. */
export const removeTransactionsOfAccount = (account: Account, act: Act, run: Run): Promise<boolean> =>
  withEach(
    ofAccount(account),
    account.owner,
    async (transactions) => {
      const own = transactions.filter(({ accountId }) => accountId === account.accountId);
      for (const step of removalSteps(own, { by: "removal", type: "bulk" }, act)) {
        await commit([step], run, [stillAs(accountsTable, account)]);
      }
    },
    run,
  );

/** Takes away what a failed reading left: nobody has seen it, so nobody is told. True where nothing of it is left. */
export const discardTransactions = (file: File, act: Act, run: Run): Promise<boolean> =>
  withEach(
    ofFile(file),
    file.owner,
    async (transactions) => {
      const rows = transactions
        .filter(({ fileId }) => fileId === file.fileId)
        .map((before) => {
          const after = { ...tombstone(before, { changeId: act.changeId, at: act.at, by: "removal" }) };
          return { table: transactionsTable, before, after } as const;
        });
      const [first] = rows;
      if (!first) return;
      const part = `${first.before.transactionId}#${first.before.version}`;
      const entry = record("transactions.discarded", `FILE#${file.fileId}`, [], act, part);
      await commit([{ rows, tells: [entry] }], run, [stillAs(filesTable, file)]);
    },
    run,
  );
